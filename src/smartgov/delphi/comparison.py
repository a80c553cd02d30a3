"""Many panels side by side: each panel's ranking and agreement, and how far the panels agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from smartgov import stats
from smartgov.article.published import CONCLUSION_NAMES, asks_as_the_article
from smartgov.delphi.panel_results import panel_w
from smartgov.delphi.ranking import base_ranking
from smartgov.files.problems import Problem, stop_at
from smartgov.files.runs import PANEL
from smartgov.model import Model
from smartgov.panels import PanelProblems, last_round, read_answers

KINDS = (".csv", ".xlsx", ".parquet")
ARTICLE = "article"
"""Column that holds what the article prints."""


class Comparison(NamedTuple):
    """Many panels side by side.

    Attributes
    ----------
    ranks : pandas.DataFrame
        Indexed by context and component of the rings compared in dimensions: one column of ranks
        a panel (1 = most important by the group's AHP priorities; missing where fewer than two
        experts can be ranked), and ``article``, marking the components that its conclusion names;
        it prints no ranking.
    agreement : pandas.DataFrame
        Indexed by ring and context: ``panels`` (as raters), ``W``, the exact or permutation ``p``
        of their rankings, and Schmidt's word for W; NaN for fewer than two panels.
    concordance : pandas.DataFrame
        Indexed by context and row: one column of W a panel, and ``article``, W as printed.

    The columns ``article`` are there if the article's own questions were asked.
    """

    ranks: pd.DataFrame
    agreement: pd.DataFrame
    concordance: pd.DataFrame


def panel_files(folder: Path) -> dict[str, Path]:
    """Panels in a folder by name: its CSV, XLSX and Parquet files, and runs (folders with a panel).

    What is hidden, as a run that is being built, and what a spreadsheet that is open puts beside
    its file are none.

    Raises
    ------
    ValueError
        If there are fewer than two, two have one name, or one has the name of the article's column.
    """
    shown = sorted(path for path in folder.glob("*") if not path.name.startswith((".", "~$")))
    found = [(path.stem, path) for path in shown if path.suffix.lower() in KINDS]
    found += [(path.name, path / PANEL) for path in shown if (path / PANEL).is_file()]
    names = [name for name, _ in found]
    for name, path in found:
        if names.count(name) > 1 or name == ARTICLE:
            raise ValueError(
                f"{path}: found the panel name {name!r}; accepted is a name that no other panel of"
                f" the folder has, nor {ARTICLE!r}."
            )
    files = dict(found)
    if len(files) < 2:
        raise ValueError(
            f"{folder}: found {len(files)} panels; accepted is a folder with two or more files"
            f" ending in {', '.join(KINDS)}, or with two or more runs of make rerun."
        )
    return files


class _Summary(NamedTuple):
    """Of one panel: its ranks by context and component, and W by context and row."""

    ranks: pd.Series
    w: pd.DataFrame


def compare_panels(
    folder: Path,
    model: Model,
    each: Callable[[Callable, Mapping[str, object]], Mapping[str, object]] | None = None,
) -> Comparison:
    """Rank the rings compared in dimensions in every panel of a folder, and compare.

    Parameters
    ----------
    folder : Path
        As :func:`panel_files` reads it; answers in any form :func:`read_answers` knows, of which
        the last round counts.
    model : Model
    each : callable, optional
        Calls a function with every argument of a mapping and returns the results by key, for who
        has several processors.

    Raises
    ------
    ValueError
        If the folder holds fewer than two panels.
    PanelProblems
        Listing everything that is wrong in any panel.
    """
    files = {name: (path, model) for name, path in panel_files(folder).items()}
    found = each(_summary, files) if each else {k: _summary(file) for k, file in files.items()}
    stop_at([one for refused in found.values() if isinstance(refused, list) for one in refused])
    ranks = {name: summary.ranks for name, summary in found.items()}
    side_by_side = pd.DataFrame(ranks).rename_axis(["context", "component"])
    agreement = {
        (group.ring, group.context): _agreement(
            side_by_side.loc[[(group.context, name) for name in group.components]]
        )
        for group in model.groups()
        if group.in_dimension
    }
    if asks_as_the_article(model):
        named = side_by_side.index.get_level_values("component").isin(CONCLUSION_NAMES)
        side_by_side[ARTICLE] = pd.Series(named, side_by_side.index).map({True: "named", False: ""})
    return Comparison(
        side_by_side,
        pd.DataFrame(agreement).T.rename_axis(["ring", "context"]),
        _concordance({name: summary.w for name, summary in found.items()}),
    )


def _summary(file: tuple[Path, Model]) -> _Summary | list[Problem]:
    """Of a panel's last round, or why its file is refused."""
    path, model = file
    try:
        panel = last_round(read_answers(path, model, attrition="accept").panel)
    except PanelProblems as refused:
        return refused.problems
    ranks = [
        base_ranking(panel, model, ring).astype("Int64").T.stack(future_stack=True)
        for ring in model.main_rings
    ]
    return _Summary(pd.concat(ranks), panel_w(panel, model).set_index(["context", "row"]))


def _agreement(ranks: pd.DataFrame) -> dict[str, object]:
    """The panels are the raters; one without a full ranking is left out."""
    complete = ranks.dropna(axis=1).to_numpy(float).T
    if len(complete) < 2:
        return {"panels": len(complete), "W": float("nan"), "p": float("nan"), "Schmidt": ""}
    found = stats.concordance_pvalue(complete, draws=10_000)
    word = stats.schmidt_band(found.w)
    return {"panels": len(complete), "W": found.w, "p": found.p, "Schmidt": word}


def _concordance(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    columns = {name: table["W"] for name, table in tables.items()}
    printed = next(iter(tables.values())).filter(["printed_W"])
    return pd.DataFrame(columns).join(printed.rename(columns={"printed_W": ARTICLE}))
