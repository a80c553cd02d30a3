"""Many panels on one page: rankings, agreement, and the article beside them."""

from __future__ import annotations

import pandas as pd

from smartgov.delphi.comparison import ARTICLE, Comparison
from smartgov.files.paper_tables import PaperTable
from smartgov.model import Model
from smartgov.present.page import MISSING, decimals, p_words, render
from smartgov.words import say


def comparison_page(found: Comparison, model: Model) -> str:
    """The page as HTML, in the model's language."""

    def head(key: str) -> str:
        return say(key, model.language).replace("\n", " ")

    def table(name: str, key: str, frame: pd.DataFrame, **heads: str) -> PaperTable:
        frame = frame.reset_index()
        frame["context"] = frame["context"].map(model.title)
        heads = {column: head(message) for column, message in heads.items()}
        return PaperTable(name, head(f"compare.{key}"), frame.rename(columns=heads))

    agreement = found.agreement.droplevel("ring")[["panels", "W", "p"]]
    agreement = agreement.assign(W=agreement["W"].map(decimals(3)), p=agreement["p"].map(p_words))
    concordance = found.concordance.drop(columns=ARTICLE, errors="ignore").map(decimals(3))
    if ARTICLE in found.concordance:
        concordance[head("column.printed_W")] = found.concordance[ARTICLE].replace("", MISSING)
    concordance = concordance.rename(index=model.label, level="row")
    context, component = "column.context", "column.component"
    return render(
        "comparison.html",
        model.language,
        panels=len(found.ranks.columns.drop(ARTICLE, errors="ignore")),
        article=ARTICLE in found.ranks,
        agreement=table("agreement", "ranks", agreement, context=context, panels="compare.panels"),
        concordance=table(
            "concordance", "concordance", concordance, context=context, row=component
        ),
    )
