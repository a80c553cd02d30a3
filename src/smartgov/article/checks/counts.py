"""Claims that count something, point at a table, or date an event."""

from __future__ import annotations

import re

from smartgov.article.checks.registry import Claim, Judgement, check, recomputed
from smartgov.article.evidence import Evidence
from smartgov.article.published import CLOSING_ROWS, DIMENSIONS, claims, experts, table

NUMERALS = {
    "бір": 1,
    "екі": 2,
    "үш": 3,
    "алты": 6,
    "тоғыз": 9,
    "one": 1,
    "two": 2,
    "three": 3,
    "двух": 2,
    "трех": 3,
    "Түркістан қаласы": 1,  # one city named where the others are counted
}

TABLE_SUBJECTS = {
    "Table 1": "definitions",
    "Table 2": "equal_judgements",
    "Table 3": "inner_ring",
    "Table 4": "kendall",
}


def read_count(printed: str) -> int:
    """A count printed in digits or as a word.

    Raises
    ------
    ValueError
        If the word is not known.

    Examples
    --------
    >>> read_count("13"), read_count("тоғыз")
    (13, 9)
    """
    if printed.isdigit():
        return int(printed)
    if printed not in NUMERALS:
        raise ValueError(
            f"{printed!r} is no count known here; known are digits and {list(NUMERALS)}."
        )
    return NUMERALS[printed]


@check("02_model_construction", "Counted in the text")
def count(claim: Claim, evidence: Evidence) -> Judgement:
    """A count against what tables and model imply, else against the same count elsewhere."""
    printed, counted = read_count(claim.printed), evidence.counted.get(claim.row)
    if counted is None:
        return _against_same_count(claim, printed)
    value, exact, how = counted
    if printed == value:
        verdict = "reproduced" if exact else "consistent"
        return Judgement(verdict, how, str(value))
    if printed < value and not exact or printed > value and claim.row == "experts":
        return recomputed(claim, str(value), how, "data/model/model.yaml; Table 2")
    if not exact:
        alike = _against_same_count(claim, printed)
        room = f"{how}; the printed {printed} needs {printed - value} more"
        open_ = Judgement("consistent", room, str(value))
        return alike if alike.verdict == "contradicted" else open_
    if claim.row == "experts":
        return Judgement(
            "consistent",
            f"{how}; the sentence says that the panel included {printed}, which leaves room for"
            " others",
            str(value),
            "table2.count_above_half.overall; table2.share_above_half.overall",
            worked=f"{evidence.why_panel_size}; {printed} of the {value} are described",
            readings=(
                f"read as the whole panel, {printed} and the {value} of Table 2 exclude each other:"
                f" no {printed} experts print the share {table(2).at[CLOSING_ROWS[1], 'overall']}"
            ),
        )
    return recomputed(claim, str(value), how, "Table 3 rows; Table 2 column Q27")


def _against_same_count(claim: Claim, printed: int) -> Judgement:
    ledger = claims()
    same = ledger[(ledger["kind"] == "count") & (ledger["row"] == claim.row)]
    same = same.drop(claim.claim_id, errors="ignore")
    differing = [cid for cid, text in same["printed"].items() if read_count(text) != printed]
    if not differing:
        how = f"counted alike in {len(same) + 1} places; no table shows it"
        return Judgement("consistent", how, str(printed), "; ".join(same.index))
    if claim.row == "cities":
        return Judgement(
            "consistent",
            "the panel is said to include specialists of one city's administration, which leaves"
            " room for experts of other cities",
            "",
            "; ".join(differing),
            worked="3 cities counted in the abstracts and the methods, 1 named among the panel",
            readings="read as the whole panel, the specialists of one city are not the experts of"
            " three",
        )
    other = read_count(ledger.at[differing[0], "printed"])
    how = f"the article counts {claim.row} as {printed} here and as {other} there"
    mend = f"{claim.claim_id} or {differing[0]}: one of the two counts"
    return Judgement("contradicted", how, str(other), "; ".join(differing), mend)


@check("02_model_construction", "Counted in the text")
def enumeration(claim: Claim, evidence: Evidence) -> Judgement:
    """An announced number of points against the points the text then goes through."""
    ledger = claims()
    points = ledger[(ledger["row"] == claim.row) & ledger["column"].str.isdigit()]
    listed = points["column"].nunique()
    announced = 3 if "Үшіншіден" in claim.printed else read_count(claim.printed)
    how, against = f"the text goes through {listed} of them", "; ".join(points.index)
    return recomputed(claim, str(listed), how, against, str(announced))


@check("02_model_construction", "Counted in the text")
def cross_reference(claim: Claim, evidence: Evidence) -> Judgement:
    """A reference to a table, by its printed number, against what that table shows."""
    (number,) = re.findall(r"\d+", claim.printed)
    named = f"Table {number}"
    shown = TABLE_SUBJECTS.get(named, "nothing, as it is not there")
    how = f"{named} shows {shown.replace('_', ' ')}"
    if shown == claim.column:
        return Judgement("reproduced", how, named)
    right = next(name for name, subject in TABLE_SUBJECTS.items() if subject == claim.column)
    how += f"; {claim.column.replace('_', ' ')} stand in {right}"
    return Judgement("contradicted", how, right, right, f"{named} → {right}")


@check("02_model_construction", "Counted in the text")
def analysis_printed(claim: Claim, evidence: Evidence) -> Judgement:
    """An announced analysis against the table that prints its results."""
    number, rows = {"1": (4, "middle"), "2": (3, "inner")}[claim.column]
    printed = table(number)
    how = f"Table {number} prints {len(printed)} rows of it"
    if len(printed) < len(evidence.model.ring("middle")):
        how += " (components with fewer than two comparisons after them have none)"
        return Judgement("consistent", how, f"Table {number}")
    return Judgement("reproduced", how, f"Table {number}")


@check("03_delphi_round_one", "Shares are counts")
def complete_rows(claim: Claim, evidence: Evidence) -> Judgement:
    """Did all experts take part? Every expert row of Table 2 must be filled in every column."""
    cells = table(2).loc[experts(), [*DIMENSIONS, "Q27", "overall"]]
    full = int((cells != "").all(axis=1).sum())
    found = f"{full} of {len(cells)}"
    how = (
        f"{found} expert rows of Table 2 are filled in every column; how many were invited is not"
        " printed"
    )
    return Judgement("consistent", how, found, f"table2.{CLOSING_ROWS[0]}.overall")


@check("06_audit_of_printed_results", "Dates and places")
def timeline(claim: Claim, evidence: Evidence) -> Judgement:
    """A date or duration against the others, under the order the text gives the events."""
    clashes = [conflict for conflict in evidence.timeline_conflicts if claim.row in conflict.events]
    readings = "; ".join(
        f"{reading}, {conflict.why}"
        for reading, conflict in evidence.other_dates
        if claim.row in conflict.events
    )
    if not clashes:
        how = "no printed date or duration excludes it"
        worked = evidence.duration_lines.get(claim.row, "")
        return Judgement("consistent", how, claim.printed, worked=worked, readings=readings)
    ledger = claims()
    others = {event for conflict in clashes for event in conflict.events} - {claim.row}
    against = ledger.index[(ledger["kind"] == "timeline") & ledger["row"].isin(others)]
    mends = "; ".join(f"{claim.printed} → {conflict.mends[claim.row]}" for conflict in clashes)
    why = "; ".join(c.why for c in clashes)
    return Judgement("contradicted", why, "", "; ".join(against), mends, readings=readings)


EXTERNAL_NEEDS = {
    "first_evidence": "a dated bibliography of the collected papers",
    "source": "the list of references, which the article's text does not hold",
    "agenda_source": "the list of references, which the article's text does not hold",
}


@check("06_audit_of_printed_results", "What would settle the rest")
def external(claim: Claim, evidence: Evidence) -> Judgement:
    """A fact about the world outside the study: nothing the article prints bears on it."""
    needs = EXTERNAL_NEEDS.get(claim.row, "the cited source")
    same = claims()[claims()["row"] == claim.row].drop(claim.claim_id)
    repeated = f"; printed again as {', '.join(same['printed'])}" if len(same) else ""
    return Judgement("not_checkable", f"would need {needs}{repeated}")


PROCESS_NEEDS = {
    "databases": "the names of the databases",
    "keywords": "the search strings, and the list of papers found and left out",
    "updates_changed_nothing": "the model as it stood before and after the updates",
    "invited_by_email": "the invitations, and how many experts did not answer",
    "online_questionnaire": "the questionnaire as it was sent",
    "anonymity": "the consent form or the protocol of the study",
    "scale": "the questionnaire, or any printed judgement above 1",
    "software": "the program's output or the syntax file",
    "blind_answers": "the protocol of the study",
    "assumption": "the protocol of the study",
    "model_choice": "the models compared, the criteria, and the list of references",
    "sources": "the list of references, which the article's text does not hold",
    "likert": (
        "the questionnaire: a scale of relative importance from 1 to 9 is Saaty's, and its wording"
        " is not printed"
    ),
    "yearly": "the surveys of other years",
    "new_topic": "what counts as new: the conclusion dates the first writings to the early 2000s",
    "many_papers": "the list of papers; the references cited are seven",
    "note": "the sources, or the answers, that the table was made from",
    "title": "what the authors call sociological: the Delphi study is the one survey described",
    "verifies": "a result of the literature set beside the answer that was to verify it",
    "structured_survey": "the questionnaire as it was sent",
    "mean_rank_use": "mean ranks of the middle ring: Table 3 prints those of the inner ring alone",
    "ict_vs_middle": (
        "a question that sets ICT innovation against a component of the middle ring: none does. As"
        " the next sentence puts it, within those four components, it is results.ict_first"
    ),
    "next_step": "a definition of the term that can be set beside the others",
}


@check("06_audit_of_printed_results", "What would settle the rest")
def process(claim: Claim, evidence: Evidence) -> Judgement:
    """How the study was carried out: only its records could show it."""
    need = PROCESS_NEEDS["sources" if claim.column == "sources" else claim.row]
    return Judgement("not_checkable", f"would need {need}")


UNPRINTED_NEEDS = {
    "relative_strengths": "the priorities of the components, or the judgements they come from",
    "proposed_definition": (
        "the proposed definition, which the article announces and does not print"
    ),
    "all_useful": (
        "a question on usefulness: pairwise comparisons only set components against each other"
    ),
    "free_relations": "a list of the relations, or a drawing of the model",
}


@check("06_audit_of_printed_results", "What would settle the rest")
def not_printed(claim: Claim, evidence: Evidence) -> Judgement:
    """A result that the article speaks of and prints nowhere."""
    return Judgement("not_checkable", f"would need {UNPRINTED_NEEDS[claim.row]}")
