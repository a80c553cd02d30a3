"""Claims that count something, point at a table, or date an event."""

from __future__ import annotations

from smartgov.article.checks.registry import Claim, Judgement, check
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


@check("02_model_construction")
def count(claim: Claim, evidence: Evidence) -> Judgement:
    """A count against what the tables and the model imply, else against the same count
    elsewhere."""
    printed, counted = read_count(claim.printed), evidence.counted.get(claim.row)
    if counted is None:
        return _against_same_count(claim, printed)
    value, exact, how = counted
    if printed == value:
        verdict = "reproduced" if exact else "consistent"
        return Judgement(verdict, how, str(value))
    if not exact:
        return Judgement(
            "consistent", f"{how}; the printed {printed} needs {printed - value} more", str(value)
        )
    against = evidence.count_claims(claim.row)
    if claim.row == "experts":
        how += "; read as the whole panel, since the text mentions no other member"
    return Judgement("contradicted", how, str(value), against, f"{claim.printed} → {value}")


def _against_same_count(claim: Claim, printed: int) -> Judgement:
    ledger = claims()
    same = ledger[
        (ledger["kind"] == "count")
        & (ledger["row"] == claim.row)
        & (ledger["claim_id"] != claim.claim_id)
    ]
    differing = [cid for cid, text in same["printed"].items() if read_count(text) != printed]
    if not differing:
        how = f"counted alike in {len(same) + 1} places; no table shows it"
        return Judgement("consistent", how, str(printed), "; ".join(same.index))
    other = read_count(ledger.at[differing[0], "printed"])
    how = f"the article counts {claim.row} as {printed} here and as {other} there"
    if claim.row == "cities":
        how = (
            "experts of three cities here and specialists of one city's administration there, read"
            " as the same experts"
        )
        return Judgement(
            "contradicted",
            how,
            "",
            "; ".join(differing),
            "3 local smart cities → 3 local smart-city experts, as in the methods",
        )
    return Judgement(
        "contradicted", how, str(other), "; ".join(differing), f"{claim.printed} → {other}"
    )


@check("02_model_construction")
def enumeration(claim: Claim, evidence: Evidence) -> Judgement:
    """An announced number of points against the points the text then goes through."""
    ledger = claims()
    points = ledger[(ledger["row"] == claim.row) & ledger["column"].str.isdigit()]
    listed = points["column"].nunique()
    announced = 3 if "Үшіншіден" in claim.printed else read_count(claim.printed)
    how = f"the text goes through {listed} of them"
    if listed == announced:
        return Judgement("reproduced", how, str(listed), "; ".join(points.index))
    return Judgement(
        "contradicted", how, str(listed), "; ".join(points.index), f"{claim.printed} → {listed}"
    )


@check("02_model_construction")
def cross_reference(claim: Claim, evidence: Evidence) -> Judgement:
    """A reference to a table against what that table shows."""
    shown = TABLE_SUBJECTS[claim.row]
    how = f"{claim.row} shows {shown.replace('_', ' ')}"
    if shown == claim.column:
        return Judgement("reproduced", how, claim.row)
    right = next(name for name, subject in TABLE_SUBJECTS.items() if subject == claim.column)
    mend = f"{claim.row} → {right}"
    return Judgement(
        "contradicted",
        f"{how}; {claim.column.replace('_', ' ')} stand in {right}",
        right,
        right,
        mend,
    )


@check("02_model_construction")
def analysis_printed(claim: Claim, evidence: Evidence) -> Judgement:
    """An announced analysis against the table that prints its results."""
    number, rows = {"1": (4, "middle"), "2": (3, "inner")}[claim.column]
    printed = table(number)
    how = f"Table {number} prints {len(printed)} rows of it"
    if len(printed) < len(evidence.model.ring("middle")):
        how += " (components with fewer than two comparisons after them have none)"
        return Judgement("consistent", how, f"Table {number}")
    return Judgement("reproduced", how, f"Table {number}")


@check("03_delphi_round_one")
def complete_rows(claim: Claim, evidence: Evidence) -> Judgement:
    """Did all experts take part? Every expert row of Table 2 must be filled in every column."""
    cells = table(2).loc[experts(), [*DIMENSIONS, "Q27", "overall"]]
    full = int((cells != "").all(axis=1).sum())
    how = (
        f"{full} of {len(cells)} expert rows of Table 2 are filled in every column; how many were"
        " invited is not printed"
    )
    return Judgement(
        "consistent", how, f"{full} of {len(cells)}", f"table2.{CLOSING_ROWS[0]}.overall"
    )


@check("06_audit_of_printed_results")
def timeline(claim: Claim, evidence: Evidence) -> Judgement:
    """A date or duration against the others, under the order the text gives the events."""
    clashes = [conflict for conflict in evidence.timeline_conflicts if claim.row in conflict.events]
    if not clashes:
        return Judgement("consistent", "no printed date or duration excludes it", claim.printed)
    ledger = claims()
    others = {event for conflict in clashes for event in conflict.events} - {claim.row}
    against = ledger.index[(ledger["kind"] == "timeline") & ledger["row"].isin(others)]
    mends = "; ".join(f"{claim.printed} → {conflict.mends[claim.row]}" for conflict in clashes)
    return Judgement(
        "contradicted", "; ".join(c.why for c in clashes), "", "; ".join(against), mends
    )


EXTERNAL_NEEDS = {
    "first_evidence": "a dated bibliography of the collected papers",
    "agenda_source": "the list of references, which the article's text does not hold",
}


@check("06_audit_of_printed_results")
def external(claim: Claim, evidence: Evidence) -> Judgement:
    """A fact about the world outside the study: nothing the article prints bears on it."""
    needs = EXTERNAL_NEEDS.get(claim.row, "the cited source")
    same = claims().loc[lambda t: (t["row"] == claim.row) & (t["claim_id"] != claim.claim_id)]
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
    "next_step": "a definition of the term that can be set beside the others",
}


@check("06_audit_of_printed_results")
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


@check("02_model_construction")
def not_printed(claim: Claim, evidence: Evidence) -> Judgement:
    """A result that the article speaks of and prints nowhere."""
    return Judgement("not_checkable", f"would need {UNPRINTED_NEEDS[claim.row]}")
