"""Many panels side by side: each panel's ranking, and how far the panels agree."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from smartgov import stats
from smartgov.study.model import Model
from smartgov.study.panels import read_answers
from smartgov.study.panel_results import component_scores
from smartgov.study.published import CONCLUSION_NAMES


def compare_panels(folder: Path, model: Model) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rank the middle ring in every panel of a folder.

    Parameters
    ----------
    folder : Path
        CSV or XLSX files of answers, one a panel, in any form :func:`read_answers` knows.
    model : Model

    Returns
    -------
    ranks : pandas.DataFrame
        Indexed by dimension and component: one column of ranks a panel (1 = most important by the
        mean signed judgement), and ``article``, marking the components its conclusion names.
    agreement : pandas.DataFrame
        Indexed by dimension: ``panels`` (as raters), ``W``, the permutation ``p`` of their
        rankings, and Schmidt's word for W.

    Raises
    ------
    ValueError
        If the folder holds fewer than two panels, or a panel is refused.
    """
    files = sorted(p for p in folder.glob("*") if p.suffix.lower() in (".csv", ".xlsx"))
    if len(files) < 2:
        raise ValueError(f"{folder}: found {len(files)} CSV or XLSX files; a comparison needs two panels or more.")
    scores = {path.stem: component_scores(read_answers(path, model).panel, model) for path in files}
    ranks = {name: table.rank(ascending=False, method="min").astype(int).T.stack() for name, table in scores.items()}
    side_by_side = pd.DataFrame(ranks).rename_axis(["dimension", "component"])
    named = side_by_side.index.get_level_values("component").isin(CONCLUSION_NAMES)
    agreement = {d: _agreement(side_by_side.loc[d]) for d in model.dimensions.index}
    side_by_side["article"] = pd.Series(named, side_by_side.index).map({True: "named", False: ""})
    return side_by_side, pd.DataFrame(agreement).T.rename_axis("dimension")


def _agreement(ranks: pd.DataFrame) -> dict[str, object]:
    found = stats.concordance_pvalue(ranks.to_numpy().T, "auto", permutations=10_000)
    return {"panels": ranks.shape[1], "W": round(found.w, 3), "p": round(found.p, 4), "Schmidt": stats.schmidt_band(found.w)}
