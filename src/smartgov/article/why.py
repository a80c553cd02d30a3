"""Why a claim is judged as it is: what a reviewer needs, in about ten lines."""

from __future__ import annotations

from difflib import get_close_matches

import pandas as pd

from smartgov.article.published import claim_places, claims, read_printed
from smartgov.files.layout import DERIVED


def why(claim_id: str) -> str:
    """Printed string, place, statement, verdict, worked line, and where the reasoning is shown.

    An unknown claim is refused with the nearest ids.
    """
    verdicts = read_printed(DERIVED / "verdicts.csv").set_index("claim_id")
    if claim_id not in verdicts.index:
        near = get_close_matches(claim_id, verdicts.index, n=5, cutoff=0.3)
        raise ValueError(f"found no claim {claim_id!r}; the nearest ids are {', '.join(near)}.")
    row = verdicts.loc[claim_id]
    lines = {
        "printed": row["printed"] or "(a sentence)",
        "where": _where(claim_id),
        "statement": row["statement"],
        "verdict": row["verdict"].replace("_", " "),
        "worked": row["worked"],
        "against": _against(row["against"], verdicts),
        "because": row["because"].removeprefix("because "),
        "other readings": row["readings"],
        "smallest change": row["nearest"],
        "clash": _clash(row["clash"]),
        "shown in": f"notebooks/{row['notebook']}.ipynb, section “{row['section']}”",
    }
    return "\n".join(f"{name:>15}  {text}" for name, text in lines.items() if text)


def _where(claim_id: str) -> str:
    ledger, places = claims(), claim_places()
    if claim_id in places.index:
        place = places.loc[claim_id]
        return f"{place['section']}, at «{place['phrase']}»"
    claim = ledger.loc[claim_id]
    table, column = claim["place"].replace("table", "Table "), claim["column"].replace(".", ", ")
    return f"{table}, row {claim['row'].replace('_', ' ')}, column {column.replace('_', ' ')}"


def _against(ids: str, verdicts: pd.DataFrame) -> str:
    """What a claim was held against, with what is printed there; the first few of many."""
    known = [name for name in ids.split("; ") if name in verdicts.index]
    shown = [f"{name} {verdicts.at[name, 'printed']}".strip() for name in known[:4]]
    more = [f"and {len(known) - 4} more"] if len(known) > 4 else []
    return "; ".join(shown + more)


def _clash(name: str) -> str:
    if not name:
        return ""
    clash = read_printed(DERIVED / "clashes.csv").set_index("clash").loc[name]
    members = clash["claims"].split("; ")
    return f"{name} ({clash['name']}; {clash['sure']}; {len(members)} claims)"
