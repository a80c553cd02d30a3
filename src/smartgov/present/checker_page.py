"""The checker: one page that judges a printed row, a pairwise matrix and a p of W in a browser.

It opens from disk and asks nothing of the network. Its arithmetic (``templates/checker.js``)
mirrors :mod:`smartgov.audit` where no panels are listed, with constants handed over from there.
"""

from __future__ import annotations

from pathlib import Path

from smartgov.article.evidence import Evidence
from smartgov.article.published import INNER_COMPARISONS, table
from smartgov.audit import exact_p, fitting, listing, printed
from smartgov.audit.row import Reading
from smartgov.audit.table import WHOLE_NUMBERS
from smartgov.files.layout import ROOT
from smartgov.files.writing import write
from smartgov.model import comparisons_after
from smartgov.present.page import render
from smartgov.stats.ahp import SCALE
from smartgov.stats.ahp_consistency import RANDOM_INDEX
from smartgov.words import LANGUAGES, catalogue

PATH = ROOT / "docs" / "checker.html"

EXAMPLES = {4: "policy_making", 3: "accountability"}
"""Rows of the article's tables that fill the page's inputs on request."""

LISTED_HERE = {2: 60, 3: 60, 4: 20, 5: 8, 6: 4, 7: 2, 8: 2}
"""For each number of items the most raters whose every W a browser lists within a second."""

_SHOWN = ("language", "decimal_mark", "verdict.", "checker.")


def checker_page() -> str:
    """The page, in every language that it can be switched to."""
    words = {
        language: {k: v for k, v in catalogue(language).items() if k.startswith(_SHOWN)}
        for language in LANGUAGES
    }
    return render("checker.html", given=constants(), words=words, examples=_examples())


def write_checker() -> Path:
    """Write the page to its place in the repository."""
    return write(PATH, checker_page())


def constants() -> dict:
    """What the page's arithmetic takes from this package, as JSON can hold it."""
    usual = Reading()
    return {
        "longest": printed.LONGEST,
        "guard": 100 * printed.TAIL_GUARD,
        "customary": exact_p.CUSTOMARY,
        "customary_beyond": exact_p.CUSTOMARY_BEYOND,
        "listed": listing.LISTED_ALONE,
        "most_raters": usual.m_sizes[-1],
        "most_items": usual.n_sizes[-1],
        "any_large_m": fitting.ANY_LARGE_M,
        "wholes": WHOLE_NUMBERS,
        "scale": SCALE,
        "random_index": RANDOM_INDEX["saaty-1980"],
        "exact": LISTED_HERE,
    }


def _examples() -> list[dict[str, str]]:
    """Two rows of the article that no panel prints, by the inputs that they fill."""
    evidence = Evidence()
    own, ranked = (table(number).loc[name] for number, name in EXAMPLES.items())
    ranks = "; ".join(ranked[list(INNER_COMPARISONS)])
    m, n = str(evidence.panel_size), str(comparisons_after(evidence.model)[own.name])
    return [
        {"m": m, "n": n, "W": own["E2.W"], "p": own["E2.p"]},
        {"m": m, "mean_ranks": ranks, "W": ranked["W"], "p": ranked["p"]},
    ]
