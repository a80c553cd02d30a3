"""What the audit engine says of the article's tables beyond the verdicts: slips and ranks."""

from __future__ import annotations

import pandas as pd

from smartgov.article.evidence import Evidence
from smartgov.audit.fitting import fits
from smartgov.audit.slips import explain
from smartgov.model import comparisons_after


def likely_slips(evidence: Evidence) -> pd.DataFrame:
    """For every pair of W and p that fits no panel, the smallest slips that would explain it.

    Returns
    -------
    pandas.DataFrame
        Columns ``table, row, dimension, W, p, explanation, would_print``; of each pair the three
        nearest explanations, or one row that says that none of the slips tried explains it.
    """
    cells = [("Table 4", *place, at) for place, at in evidence.dimension_cells.items()]
    cells += [("Table 3", row, "Q27", at) for row, at in evidence.inner_ring.items()]
    rows = []
    for table_name, row, dimension, at in cells:
        if not at.feasible(["W", "p"]):
            place = (table_name, row, dimension, at.row.W.text, at.row.p.text)
            slips = explain(at.row, at.m, at.n, at.reading)[:3]
            found = [(slip.sentence, _shown(slip.changed or slip.gives)) for slip in slips]
            rows += [(*place, *each) for each in found or [("none of the slips tried", "")]]
    columns = ["table", "row", "dimension", "W", "p", "explanation", "would_print"]
    return pd.DataFrame(rows, columns=columns)


def _shown(figures: dict[str, str]) -> str:
    return "; ".join(f"{name} {text}" for name, text in figures.items())


def extra_question_place(evidence: Evidence) -> pd.DataFrame:
    """Where the question that no pair explains can stand: cells that fit with and without it.

    Returns
    -------
    pandas.DataFrame
        Indexed by row of Table 4: ``items`` by the model, ``fit_as_modelled`` and
        ``fit_with_one_more``, numbers of the row's cells that fit so many items.
    """
    left, rows = comparisons_after(evidence.model), {}
    for (row, _), at in evidence.dimension_cells.items():
        counts = rows.setdefault(
            row, {"items": left[row], "fit_as_modelled": 0, "fit_with_one_more": 0}
        )
        for name, n in (("fit_as_modelled", left[row]), ("fit_with_one_more", left[row] + 1)):
            counts[name] += bool(fits(at.row, [at.m], n, at.reading)[0])
    return pd.DataFrame(rows).T.rename_axis("row")
