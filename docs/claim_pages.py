"""The pages made of the ledger: claims, clashes, the table of all, the pictures, the checks."""

import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from textwrap import wrap

import nbformat
import pandas as pd
import pygments
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from matplotlib import pyplot, rc_context
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sentences import clashes, names, said, statement, translations, verdicts, without_kind

from smartgov.article.checks import CHECKS
from smartgov.article.clashes import SURE
from smartgov.article.published import INNER_COMPARISONS, claim_places, experts
from smartgov.article.verdicts import TELLING
from smartgov.files.layout import ROOT
from smartgov.present import verdict_figures
from smartgov.present.reporting import article_checklist
from smartgov.words import say, speaking

HERE = Path(__file__).resolve().parent
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def pages(language: str) -> Iterator[tuple[str, str]]:
    """Name and Markdown of every page of a language, its links relative to the page."""
    judged = verdicts()
    given = {"language": language, "say": lambda key, **values: say(key, language, **values)}
    given |= {"claims": judged, "clashes": clashes(), "counts": counts(), "hold": _hold(language)}
    given |= {"said": lambda text: said(text, language, claim_page)}
    looks = verdict_figures.cell_looks(judged)
    given |= {"strongest": TELLING, "looks": looks, "label": lambda name: label(name, language)}
    given |= {"short": lambda name: short(name, language).replace("\n", " ")}
    given |= {"statement": lambda claim: statement(claim, language), "page_of": claim_page}

    def page(template: str, **values: object) -> str:
        return TEMPLATES.get_template(f"{template}.j2").render(given | values)

    cells = {"cells": judged[judged["kind"].isin(_KINDS)]}
    yield "index.md", page("index.md", picture=picture("cells", language), **cells)
    both = {name: picture(name, language) for name in ("cells", "verdicts")}
    yield "figures.md", page("figures.md", pictures=both, **cells)
    yield "ledger.md", page("ledger.md")
    yield "reporting.md", page("reporting.md", form=article_checklist(language))
    yield "claims/index.md", page("claims.md", places=list(judged["place"].unique()))
    for place, members in judged.groupby("place", sort=False):
        entries = [entry(claim, language) for _, claim in members.iterrows()]
        yield f"claims/{place}.md", page("place.md", place=place, entries=entries)
    inside = {"said": lambda text: said(text, language, lambda to: f"../{claim_page(to)}")}
    yield "clashes/index.md", page("clashes.md", **inside)
    for name, clash in clashes().iterrows():
        yield f"clashes/{name}.md", page("clash.md", clash=clash, **inside)
    yield "api.md", page("api.md", modules=_DOCUMENTED)
    yield "source/index.md", page("sources.md", modules=sorted(set(map(_module, CHECKS))))
    for module in set(map(_module, CHECKS)):
        code = inspect.getsource(import_module(f"smartgov.article.checks.{module}"))
        look_of = HtmlFormatter(linespans="L", wrapcode=True)
        html = Markup(pygments.highlight(code, PythonLexer(), look_of))
        yield f"source/{module}.md", page("source.md", module=module, html=html)


_DOCUMENTED = [
    f"{package}.{path.stem}"
    for package in ("stats", "audit")
    for path in sorted((ROOT / "src" / "smartgov" / package).glob("[a-z]*.py"))
]


def claim_page(name: str) -> str:
    """Where a claim is shown."""
    return f"claims/{verdicts().at[name, 'place']}.html#{name}"


def entry(claim: pd.Series, language: str) -> dict:
    """What a page says of a claim: its fields, and facts with their headings."""

    def tell(finding: str) -> Markup:
        return said(finding, language, lambda name: f"../{claim_page(name)}")

    method = without_kind(claim["method"])
    facts = {
        "worked": tell(claim["worked"]),
        "against": _against(claim["against"], language),
        "because": tell(claim["because"].removeprefix("because ")),
        "readings": tell(claim["readings"]),
        "nearest": tell(claim["nearest"]),
        "clash": claim["clash"]
        and _link(f"../clashes/{claim['clash']}.html", clash_name(claim["clash"], language)),
        "method": "" if method == claim["worked"] else tell(method),
        "check": _check(claim["kind"], language),
        "shown": _section(claim["notebook"], claim["section"], language),
        "square": _link(f"../figures.html#square-{claim.name}", say("site.figures", language)),
    }
    told = {"where": _where(claim, language), "statement": statement(claim, language)}
    heads = {name: "site." + name for name, text in facts.items() if text}
    return dict(claim) | told | {"facts": [(heads[name], facts[name]) for name in heads]}


def clash_name(name: str, language: str) -> Markup:
    """A clash in a few words."""
    return said(clashes().at[name, "name"], language)


def label(name: str, language: str) -> str:
    """What a row or column of a printed table is called."""
    if name.endswith("_above_half"):
        return say(f"site.{name}", language)
    if name.startswith("expert_"):
        return name.removeprefix("expert_")
    if name == "overall":
        return say("dimension.overall", language)
    return names(language).get(name, name.replace(".", " "))


def short(name: str, language: str) -> str:
    """A label that fits beside or above numbers: on several lines where it is long."""
    if name in INNER_COMPARISONS:
        return say(f"cells.{name}", language)
    width = 9 if name == "overall" else 18
    return "\n".join(wrap(label(name, language), width, break_long_words=False))


def _where(claim: pd.Series, language: str) -> str:
    place = say(f"place.{claim['place']}", language)
    if claim.name in claim_places().index:
        phrase = claim_places().at[claim.name, "phrase"]
        return say("site.phrase", language, section=place, phrase=phrase)
    row, column = (label(claim[each], language) for each in ("row", "column"))
    return say("site.cell", language, table=place, row=row, column=column)


def _against(ids: str, language: str) -> Markup:
    """What a claim was held against, with what is printed there; the first few of many."""
    known = [name for name in ids.split("; ") if name in verdicts().index]
    shown = [
        _link(f"../{claim_page(name)}", name) + f" {verdicts().at[name, 'printed']}".rstrip()
        for name in known[:4]
    ]
    more = [say("site.more", language, n=len(known) - 4)] if len(known) > 4 else []
    return Markup("; ").join(shown + more)


def _check(kind: str, language: str) -> Markup:
    line = inspect.getsourcelines(CHECKS[kind].judge)[1]
    words = say("site.check_at", language, name=kind, line=line)
    return _link(f"../source/{_module(kind)}.html#L-{line}", words)


def _module(kind: str) -> str:
    return CHECKS[kind].judge.__module__.rpartition(".")[2]


def _section(notebook: str, section: str, language: str) -> Markup:
    own = translations(f"notebooks/{notebook}", language).get(section, section)
    words = say("site.section", language, notebook=notebook[:2], section=own)
    return _link(f"../notebooks/{notebook}.html#{anchor(notebook, section)}", words)


def anchor(notebook: str, section: str) -> str:
    """The name of a section in an address, the same in every language."""
    return f"s{notebook[:2]}-" + re.sub(r"\W+", "-", section.lower()).strip("-")


def with_anchors(path: Path) -> nbformat.NotebookNode:
    """A notebook whose sections have their anchors."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(
                r"^(#{2,3}) (.+)$",
                lambda head: f"({anchor(path.stem, head[2])})=\n{head[0]}",
                cell.source,
                flags=re.M,
            )
    return notebook


def link_pictures(notebook: nbformat.NotebookNode, language: str) -> None:
    """Put the pictures with links in the place of a notebook's own."""
    for cell in notebook.cells:
        for stem, name in {"06_cells": "cells", "06_verdicts_overview": "verdicts"}.items():
            if cell.cell_type == "code" and f'"{stem}"' in cell.source:
                drawn = re.sub(
                    r'id="(square|other)-[^"]*" href="', 'href="../', picture(name, language)
                )
                for output in cell.outputs:
                    output.data = {"text/html": f'<div class="picture">{drawn}</div>'}


def _link(address: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, words)


# What is counted ---------------------------------------------------------------------------------

_KINDS = (
    *("equal_share", "overall_share", "closing_count", "closing_share"),
    *("inner_ring_cell", "dimension_cell"),
)


def counts() -> dict[str, int]:
    """Numbers of the start page, from the ledger."""
    hard = clashes()[clashes()["sure"] != SURE[2]]
    return {
        "n": len(verdicts()),
        "hard": len(hard),
        "soft": len(clashes()) - len(hard),
        "touched": int(hard["claims"].str.split("; ").map(len).sum()),
        "m": len(experts()),
        "unsupported": int((verdicts()["verdict"] == "unsupported").sum()),
    }


def _hold(language: str) -> dict[str, str]:
    """Of each of Tables 2–4, how many cells hold of how many."""
    cells = verdicts()[verdicts()["kind"].isin(_KINDS)]
    return {
        place: say(
            "site.holds", language, n=int((here["verdict"] != "contradicted").sum()), of=len(here)
        )
        for place, here in cells.groupby("place")
    }


# Pictures ----------------------------------------------------------------------------------------


@cache
def picture(name: str, language: str) -> Markup:
    """A figure of all verdicts as SVG, every cell or square a link to its claim."""
    judged = verdicts()
    labels = {name: short(name, language) for name in (*judged["row"], *judged["column"])}
    with speaking(language), rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        if name == "cells":
            cells = judged[judged["kind"].isin(_KINDS)]
            figure = verdict_figures.draw_cells(cells, labels, len(experts()))
        else:
            figure = verdict_figures.draw_verdicts(judged).figure
        svg = _svg(figure)

    def link(found: re.Match) -> str:
        claim = judged.loc[found[1]]
        own = f"square-{found[1]}" if _drawn_in(claim) == name else f"other-{found[1]}"
        words = f"{claim['printed']} {say('verdict.' + claim['verdict'], language)}".strip()
        return Markup('<a id="{}" href="{}" aria-label="{}"><title>{}</title>{}</a>').format(
            own, claim_page(found[1]), words, statement(claim, language), Markup(found[2])
        )

    ids = "|".join(map(re.escape, judged.index))
    return Markup(re.sub(rf'<g id="({ids})">(.*?)</g>', link, svg, flags=re.S))


def _drawn_in(claim: pd.Series) -> str:
    return "cells" if claim["kind"] in _KINDS else "verdicts"


def _svg(figure) -> str:
    text = StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    svg = text.getvalue()
    svg = re.sub(r"^.*?<svg", '<svg role="group"', svg, count=1, flags=re.S)
    svg = re.sub(r"\n\s*", " ", re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S))
    return re.sub(r' (width|height)="[\d.]+pt"', "", svg, count=2)
