"""Tables as notebooks show them: short, in the words of the message catalogue."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from smartgov.article.checks import CHECKS, VERDICTS
from smartgov.article.evidence import Evidence
from smartgov.article.published import claims
from smartgov.article.verdicts import judge_claims
from smartgov.words import say


def notebook_verdicts(notebook: str, evidence: Evidence) -> pd.DataFrame:
    """Verdicts on the claims that one notebook deals with, beside what the article prints.

    Parameters
    ----------
    notebook : str
        Number of the notebook, such as ``"03"``.
    evidence : Evidence
        What the printed figures imply.
    """
    ledger = claims()
    own = ledger[ledger["kind"].map(lambda kind: CHECKS[kind].notebook.startswith(notebook))]
    return judge_claims(evidence, own).set_index("claim_id").drop(columns="notebook")


def verdict_counts(verdicts: pd.DataFrame) -> Markdown:
    """One sentence with the number of claims of each verdict."""
    counts = verdicts["verdict"].value_counts()
    words = [f"{counts[v]} {say('verdict.' + v)}" for v in VERDICTS if v in counts]
    return Markdown(f"**{say('verdicts.counted', n=len(verdicts))}: {', '.join(words)}.**")


def show(table: pd.DataFrame, digits: int = 3) -> Markdown:
    """A table as Markdown: full sentences, rounded numbers, nothing cut off."""
    rounded = table.astype(object).map(lambda cell: _cell(cell, digits))
    numbered = table.index.name is None and pd.api.types.is_integer_dtype(table.index.dtype)
    names = [name or "" for name in table.index.names]
    flat = rounded if numbered else rounded.reset_index(names=names)
    header = "| " + " | ".join(str(c) for c in flat.columns) + " |\n|" + "---|" * len(flat.columns)
    rows = ("| " + " | ".join(map(str, row)) + " |" for row in flat.itertuples(index=False))
    return Markdown("\n".join([header, *rows]))


def _cell(cell: object, digits: int) -> str:
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return "–"
    return f"{cell:.{digits}f}" if isinstance(cell, float) else str(cell).replace("|", "\\|")
