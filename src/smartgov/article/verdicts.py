"""Every claim judged by the check it names, and the summary a reader sees first."""

from __future__ import annotations

import pandas as pd

from smartgov.article.checks import CHECKS, NOTEBOOK_OF, VERDICTS, Claim
from smartgov.article.evidence import Evidence
from smartgov.article.published import claims
from smartgov.model import questionnaire

COLUMNS = ["claim_id", "verdict", "recomputed", "against", "nearest", "method", "notebook"]


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
        found = CHECKS[claim.kind](claim, evidence)
        method = f"{claim.kind}: {found.method}"
        rows.append(
            (
                claim.claim_id,
                found.verdict,
                found.recomputed,
                found.against,
                found.nearest,
                method,
                NOTEBOOK_OF[claim.kind],
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def count_verdicts(verdicts: pd.DataFrame) -> pd.Series:
    """Number of claims with each verdict, in the order in which verdicts are defined."""
    return verdicts["verdict"].value_counts().reindex(VERDICTS, fill_value=0)


TELLING = (
    "results.experts",
    "conclusion.ref_table2",
    "results.delphi_end",
    "results.E2_p_min",
    "table4.policy_making.E2.p",
    "table3.accountability.emerging_vs_data",
    "conclusion.top_three",
    "conclusion.ict_first",
    "conclusion.part_of",
)
"""Claims whose verdicts the summary names; the verdicts themselves are looked up."""


def summary(verdicts: pd.DataFrame, evidence: Evidence) -> str:
    """What `make` prints when it is done: counts, the most telling claims, where to look next."""
    ledger, judged = claims(), verdicts.set_index("claim_id")
    lengths = evidence.lengths
    lines = [f"{len(verdicts)} claims of the article, judged:"]
    lines += [
        f"  {n:4d}  {verdict.replace('_', ' ')}" for verdict, n in count_verdicts(verdicts).items()
    ]
    lines += [
        "",
        (
            f"The tables imply {evidence.panel_size} experts and {sum(lengths.values())} questions"
            f" each ({lengths['E1']} in each dimension, {lengths['Q27']} in the inner ring); the"
            f" model as described gives {len(questionnaire(evidence.model))}."
        ),
        "",
        "The most telling ones:",
    ]
    for claim_id in TELLING:
        row = judged.loc[claim_id]
        printed = (
            f" (printed {ledger.at[claim_id, 'printed']})" if ledger.at[claim_id, "printed"] else ""
        )
        lines.append(
            f"  {row['verdict'].replace('_', ' '):12s}  {ledger.at[claim_id, 'statement']}{printed}"
        )
        if row["nearest"]:
            lines.append(f"  {'':12s}    nearest: {row['nearest']}")
    lines += [
        "",
        (
            "Where to look next: README.md, notebooks/06_audit_of_printed_results.ipynb (why each"
            " is judged so),"
        ),
        "data/derived/verdicts.csv (all of them), figures/06_verdicts_overview.svg (at a glance).",
    ]
    return "\n".join(lines) + "\n"
