"""Many panels on one page: rankings, agreement, and the article beside them."""

from __future__ import annotations

from html import escape

import pandas as pd

from smartgov.delphi.comparison import ARTICLE, Comparison
from smartgov.model import Model
from smartgov.present.messages import say
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
