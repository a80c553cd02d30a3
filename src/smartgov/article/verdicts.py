"""Every claim judged by the check it names, and the summary a reader sees first."""

from __future__ import annotations

import pandas as pd

from smartgov.article.checks import CHECKS, VERDICTS, Claim
from smartgov.article.clashes import SURE, clash_of, gather_clashes
from smartgov.article.evidence import Evidence
from smartgov.article.published import claims
from smartgov.model import questionnaire

COLUMNS = [
    *("claim_id", "place", "printed", "statement", "verdict", "recomputed", "against", "because"),
    *("nearest", "worked", "readings", "alone", "method", "notebook", "section", "clash"),
]


def judge_claims(evidence: Evidence, ledger: pd.DataFrame | None = None) -> pd.DataFrame:
    """One verdict a claim, in the order of the ledger.

    Parameters
    ----------
    evidence : Evidence
        What the printed figures imply.
    ledger : pandas.DataFrame, optional
        Claims to judge; by default all of them.

    Returns
    -------
    pandas.DataFrame
        Columns as in `data/derived/verdicts.csv`.

    Raises
    ------
    ValueError
        If a claim names a check that does not exist.
    """
    rows = []
    for fields in (claims() if ledger is None else ledger).itertuples(index=False):
        claim = Claim(*fields)
        if claim.kind not in CHECKS:
            raise ValueError(
                f"claims.csv, {claim.claim_id}: no check is named {claim.kind!r}; there are"
                f" {sorted(CHECKS)}."
            )
        check = CHECKS[claim.kind]
        found = check.judge(claim, evidence)
        rows.append(
            {name: getattr(claim, name) for name in ("claim_id", "place", "printed", "statement")}
            | vars(found)
            | {
                "worked": found.worked or found.method,
                "method": f"{claim.kind}: {found.method}",
                "alone": "yes" if found.alone else "",
                "notebook": check.notebook,
                "section": check.section,
            }
        )
    verdicts = pd.DataFrame(rows)
    clashes = clash_of(gather_clashes(verdicts))
    return verdicts.assign(clash=verdicts["claim_id"].map(clashes).fillna(""))[COLUMNS]


def count_verdicts(verdicts: pd.DataFrame) -> pd.Series:
    """Number of claims with each verdict, in the order in which verdicts are defined."""
    return verdicts["verdict"].value_counts().reindex(VERDICTS, fill_value=0)


TELLING = (
    "table3.citizen_engagement.alone",
    "table4.policy_making.E2.together",
    "results.E2_p_exception",
    "results.E2_p_min",
    "conclusion.ref_table2",
)
"""Clashes that the summary names."""


def summary(verdicts: pd.DataFrame, evidence: Evidence) -> str:
    """What `make` prints when it is done: counts, the clashes, where to look next."""
    lengths, found = evidence.lengths, gather_clashes(verdicts)
    hard = found[found["sure"] != SURE[2]]
    touched = sum(len(names.split("; ")) for names in hard["claims"])
    lines = [f"{len(verdicts)} claims of the article, judged:"]
    lines += [
        f"  {n:4d}  {verdict.replace('_', ' ')}" for verdict, n in count_verdicts(verdicts).items()
    ]
    lines += [
        "",
        f"{len(hard)} clashes touch {touched} claims; {len(found) - len(hard)} more depend on a"
        " reading.",
        "",
        f"The tables imply {evidence.panel_size} experts and {sum(lengths.values())} questions"
        f" each ({lengths['E1']} in each dimension, {lengths['Q27']} in the inner ring); the"
        f" model as described gives {len(questionnaire(evidence.model))}.",
        "",
        "Some that a pencil can check:",
    ]
    by_id = found.set_index("clash")
    for clash in TELLING:
        lines += [f"  {by_id.at[clash, 'name']}", f"      {by_id.at[clash, 'worked']}"]
    lines += [
        "",
        "Where to look next: make why CLAIM=table4.policy_making.E2.p (any claim), README.md,",
        "data/derived/clashes.csv and verdicts.csv (all of them), figures/06_cells.svg.",
    ]
    return "\n".join(lines) + "\n"
