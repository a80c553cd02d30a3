"""Many panels on one page: rankings, agreement, and the article beside them."""

from __future__ import annotations

from smartgov.delphi.comparison import ARTICLE, Comparison
from smartgov.files.paper_tables import PaperTable
from smartgov.model import Model
from smartgov.present.page import MISSING, decimals, p_words, render
from smartgov.words import say


def comparison_page(found: Comparison, model: Model) -> str:
    """The page as HTML, in the model's language."""

    def head(key: str) -> str:
        return say(key, model.language).replace("\n", " ")

    agreement = found.agreement.reset_index()[["context", "panels", "W", "p"]]
    agreement["context"] = agreement["context"].map(model.title)
    agreement["W"] = agreement["W"].map(decimals(3))
    agreement["p"] = agreement["p"].map(p_words)
    concordance = found.concordance.drop(columns=ARTICLE, errors="ignore").map(decimals(3))
    if ARTICLE in found.concordance:
        concordance[head("column.printed_W")] = found.concordance[ARTICLE].replace("", MISSING)
    concordance = concordance.reset_index()
    concordance["context"] = concordance["context"].map(model.title)
    concordance["row"] = concordance["row"].map(model.label)
    return render(
        "comparison.html",
        model.language,
        panels=len(found.ranks.columns.drop(ARTICLE, errors="ignore")),
        article=ARTICLE in found.ranks,
        agreement=PaperTable(
            "agreement",
            head("compare.ranks"),
            agreement.rename(
                columns={"context": head("column.context"), "panels": head("compare.panels")}
            ),
        ),
        concordance=PaperTable(
            "concordance",
            head("compare.concordance"),
            concordance.rename(
                columns={"context": head("column.context"), "row": head("column.component")}
            ),
        ),
    )
