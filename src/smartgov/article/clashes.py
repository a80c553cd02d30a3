"""Clashes: contradicted claims gathered into the disagreements they are parts of.

Claims belong to one clash when one names the other among what it stands against, when they say
the same of another reading, or, in a row of Table 3, when each is impossible by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

COLUMNS = ["clash", "name", "sure", "claims", "worked", "readings", "nearest"]
SURE = ("impossible alone", "impossible together", "depends on a reading")

NAMES = {
    "results.E2_p_exception": "p of economic growth in E2: the text and W against the table",
    "results.E2_p_min": "the smallest other p in E2: the text and W against the table",
    "results.table3_smart_city_government": "a starred p that is not below 0,05, and its W",
    "results.third_all_equal": "a third of the experts find everything equal",
    "conclusion.ref_table2": "Table 2 cited for the definitions of Table 1",
    "conclusion.top_three": "three components: more important, or not",
    "table1.definition_1.term": "definitions of government under the term smart economy",
    "results.experts": "three specialists, or 13 experts",
    "results.cities": "experts of three cities, or of one",
    "methods.search_start": "a review of six months from September to May",
    "results.delphi_end": "the hierarchy process over before the panel met",
    "results.E1_disagreement": "complete disagreement with W above 0",
    "results.E1_p_min_at": "where the smallest p of E1 stands",
    "abstract_kk.shortcomings": "definitions of smart government that Table 1 does not print",
    "conclusion.area_of_itself": "smart city inside itself",
    "conclusion.october_term": "October government",
    "results.E3_name": "digital or electronic government",
}
"""Short names of the clashes that hold a sentence, by one of their claims."""


def gather_clashes(verdicts: pd.DataFrame) -> pd.DataFrame:
    """One row a disagreement, in the order of the ledger.

    Parameters
    ----------
    verdicts : DataFrame
        With the columns of `verdicts.csv`.

    Returns
    -------
    DataFrame
        :data:`COLUMNS`; ``claims`` are ids joined by ``; ``.
    """
    judged, rows = verdicts.set_index("claim_id"), []
    for members in _groups(judged):
        part = judged.loc[members]
        sure = SURE[2]
        if (part["verdict"] == "contradicted").any():
            part = part[part["verdict"] == "contradicted"]
            sure = SURE[0] if (part["alone"] == "yes").all() else SURE[1]
        name = next((NAMES[claim] for claim in members if claim in NAMES), _name(members, part))
        joined = (_joined(part[column]) for column in ("worked", "readings", "nearest"))
        rows.append((_id(members, part), name, sure, "; ".join(members), *joined))
    return pd.DataFrame(rows, columns=COLUMNS)


def _groups(judged: pd.DataFrame) -> Iterator[list[str]]:
    """Claims that clash, each in one group, groups and members in the order of the ledger."""
    hard = judged.index[judged["verdict"] == "contradicted"]
    soft = judged.index[(judged["verdict"] == "consistent") & (judged["readings"] != "")]
    for names in (hard, soft):
        group = {name: {name} for name in names}
        for name in names:
            for other in _linked(name, judged, names):
                if group[other] is not group[name]:
                    group[name] |= group[other]
                    for member in group[other]:
                        group[member] = group[name]
        distinct = {id(members): members for members in group.values()}
        yield from (sorted(members, key=judged.index.get_loc) for members in distinct.values())


def _linked(name: str, judged: pd.DataFrame, names: pd.Index) -> list[str]:
    against = judged.at[name, "against"].split("; ")
    linked = [other for other in names if other in against]
    if judged.at[name, "alone"] == "yes":
        row = name.rsplit(".", 1)[0]
        of_row = (other for other in names if other.rsplit(".", 1)[0] == row)
        linked += [other for other in of_row if judged.at[other, "alone"] == "yes"]
    readings = judged.at[name, "readings"]
    if readings and judged.at[name, "verdict"] == "consistent":
        linked += [other for other in names if judged.at[other, "readings"] == readings]
    return linked


def _id(members: list[str], part: pd.DataFrame) -> str:
    """The table's row, with what tells two clashes of a row apart; else the first claim."""
    first = members[0]
    if not first.startswith(("table3.", "table4.")) or first.endswith(".name"):
        return first
    row = ".".join(first.split(".")[: 3 if first.startswith("table4.") else 2])
    return f"{row}.{'alone' if part['alone'].all() else 'together'}"


def _name(members: list[str], part: pd.DataFrame) -> str:
    table, row, *rest = members[0].split(".")
    dimension = f" in {rest[0]}" if table == "table4" else ""
    place = f"Table {table[-1]}, {row.replace('_', ' ')}{dimension}"
    columns = [member.split(".")[-1].replace("_vs_", " against ") for member in members]
    clash = "that no panel has" if (part["alone"] == "yes").all() else "that no panel has together"
    return f"{place}: {', '.join(dict.fromkeys(columns))} {clash}"


def _joined(texts: pd.Series) -> str:
    """Different texts, without those that another one already holds."""
    different = list(dict.fromkeys(filter(None, texts)))
    return "; ".join(text for text in different if sum(text in other for other in different) == 1)


def clash_of(gathered: pd.DataFrame) -> dict[str, str]:
    """Claim id → clash id."""
    return {claim: row.clash for row in gathered.itertuples() for claim in row.claims.split("; ")}
