"""Many panels on one page: rankings, agreement, and the article beside them."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pandas as pd

from smartgov.present.instrument_page import html_page
from smartgov.present.messages import say, use_language
from smartgov.present.notebooks import checked_run
from smartgov.present.panel_figures import draw_comparison
from smartgov.present.style import save_figure
from smartgov.present.summary_page import MISSING, STYLE, decimals, figures, html_table, p_words, paragraph
from smartgov.study.comparison import Comparison, compare_panels
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
    use_language(language)
    target, model = checked_run(name), read_model(language=language)
    found = compare_panels(folder, model)
    written = [_write(table, target / "data" / "derived" / f"{table_name}.csv") for table_name, table in found._asdict().items()]
    pictures = target / "figures"
    pictures.mkdir(parents=True, exist_ok=True)
    ranks = found.ranks.drop(columns="article")
    save_figure(draw_comparison(ranks, found.agreement, model.label), "comparison", ranks.reset_index(), pictures)
    written += [pictures / f"comparison.{kind}" for kind in ("svg", "png", "csv")]
    page = target / "summary.html"
    page.write_text(comparison_page(found, model), encoding="utf-8")
    return [*written, page]


def _write(table: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, lineterminator="\n", float_format="%.6g")
    return path


def comparison_page(found: Comparison, model: Model) -> str:
    """The page as HTML."""
    title = say("compare.title", n=found.ranks.shape[1] - 1)
    agreement = pd.DataFrame({
        say("column.dimension"): [_one_line(d) for d in found.agreement.index], say("compare.panels"): list(found.agreement["panels"]),
        "W": found.agreement["W"].map(decimals(3)).tolist(), "p": found.agreement["p"].map(p_words).tolist(),
    })  # fmt: skip
    w = found.concordance.drop(columns="article").map(decimals(3)).assign(**{say("column.printed_W"): found.concordance["article"].replace("", MISSING)}).reset_index()
    w["context"], w["row"] = w["context"].map(_one_line), w["row"].map(model.label)
    parts = [
        f"<h1>{escape(title)}</h1>", figures("comparison", "compare.ranks"),
        html_table(agreement), paragraph(say("compare.agreement_note")),
        f"<h2>{escape(say('compare.concordance'))}</h2>", paragraph(say("compare.concordance_note")),
        html_table(w.rename(columns={"context": say("column.context"), "row": say("column.component")})),
    ]  # fmt: skip
    return html_page(title, f"<style>{STYLE}</style>\n" + "\n".join(parts), model.language)


def _one_line(dimension: str) -> str:
    return say(f"dimension.{dimension}").replace("\n", " ")
