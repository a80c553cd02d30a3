"""Many panels on one page: rankings, agreement, and the article beside them."""

from __future__ import annotations

from smartgov.delphi.comparison import ARTICLE, Comparison
from smartgov.model import Model
from smartgov.present.page import MISSING, decimals, p_words, render
from smartgov.words import say


def comparison_page(found: Comparison, model: Model) -> str:
    """The page as HTML, in the model's language."""

    def head(key: str) -> str:
        return say(key, model.language).replace("\n", " ")

    def dimension(identifier: str) -> str:
        return head(f"dimension.{identifier}")

    agreement = found.agreement.reset_index()[["dimension", "panels", "W", "p"]]
    agreement["dimension"] = agreement["dimension"].map(dimension)
    agreement["W"] = agreement["W"].map(decimals(3))
    agreement["p"] = agreement["p"].map(p_words)
    concordance = found.concordance.drop(columns=ARTICLE).map(decimals(3))
    concordance[head("column.printed_W")] = found.concordance[ARTICLE].replace("", MISSING)
    concordance = concordance.reset_index()
    concordance["context"] = concordance["context"].map(dimension)
    concordance["row"] = concordance["row"].map(model.label)
    return render(
        "comparison.html",
        model.language,
        panels=found.ranks.shape[1] - 1,
        agreement=agreement.rename(
            columns={"dimension": head("column.dimension"), "panels": head("compare.panels")}
        ),
        concordance=concordance.rename(
            columns={"context": head("column.context"), "row": head("column.component")}
        ),
    )
