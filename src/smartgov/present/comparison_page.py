"""Many panels on one page: rankings, agreement, and the article beside them."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pandas as pd

from smartgov.present.messages import say, speaking
from smartgov.present.notebooks import checked_run
from smartgov.present.page import (
    MISSING,
    SUMMARY_STYLE,
    decimals,
    figure,
    heading,
    html_page,
    html_table,
    p_words,
    paragraph,
    side_by_side,
)
from smartgov.present.panel_figures import draw_comparison
from smartgov.present.style import save_figure
from smartgov.study.comparison import ARTICLE, Comparison, compare_panels
from smartgov.study.model import Model, read_model


def write_comparison(folder: Path, name: str, language: str = "en") -> list[Path]:
    """Compare the panels of a folder; tables, figure and page go to ``runs/NAME/``.

    Parameters
    ----------
    folder : Path
        As :func:`smartgov.study.comparison.panel_files` reads it.
    name : str
        Name of the run.
    language : str
        Language of figure and page.

    Returns
    -------
    list of Path
        The files written, the page last.

    Raises
    ------
    ValueError
        If a panel is refused, there are too few, or name or language is unusable; nothing is
        written then.
    """
    with speaking(language):
        target, model = checked_run(name), read_model(language=language)
        found = compare_panels(folder, model)
        ranks = found.ranks.drop(columns=ARTICLE)
        drawn, page = (
            draw_comparison(ranks, found.agreement, model.label),
            comparison_page(found, model),
        )
    pictures = target / "figures"
    pictures.mkdir(parents=True, exist_ok=True)
    save_figure(drawn, "comparison", ranks.reset_index(), pictures)
    written = [
        _write(table, target / "data" / "derived" / f"{table_name}.csv")
        for table_name, table in found._asdict().items()
    ]
    written += [pictures / f"comparison.{kind}" for kind in ("svg", "png", "csv")]
    (target / "summary.html").write_text(page, encoding="utf-8")
    return [*written, target / "summary.html"]


def _write(table: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, lineterminator="\n", float_format="%.6g")
    return path


def comparison_page(found: Comparison, model: Model) -> str:
    """The page as HTML."""
    title = say("compare.title", n=found.ranks.shape[1] - 1)
    agreement = pd.DataFrame(
        {
            say("column.dimension"): [_one_line(d) for d in found.agreement.index],
            say("compare.panels"): list(found.agreement["panels"]),
            "W": found.agreement["W"].map(decimals(3)).tolist(),
            "p": found.agreement["p"].map(p_words).tolist(),
        }
    )
    w = (
        found.concordance.drop(columns=ARTICLE)
        .map(decimals(3))
        .assign(**{say("column.printed_W"): found.concordance[ARTICLE].replace("", MISSING)})
        .reset_index()
    )
    w["context"], w["row"] = w["context"].map(_one_line), w["row"].map(model.label)
    parts = [
        f"<h1>{escape(title)}</h1>",
        side_by_side(figure("comparison", "compare.ranks", "compare.panels")),
        html_table(agreement, say("compare.ranks")),
        paragraph(say("compare.agreement_note")),
        heading("compare.concordance"),
        paragraph(say("compare.concordance_note")),
        html_table(
            w.rename(columns={"context": say("column.context"), "row": say("column.component")}),
            say("compare.concordance"),
        ),
    ]
    return html_page(title, "\n".join(parts), model.language, SUMMARY_STYLE)


def _one_line(dimension: str) -> str:
    return say(f"dimension.{dimension}").replace("\n", " ")
