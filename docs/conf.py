"""Sphinx settings of the site; `make site` stages its pages and calls Sphinx once a language."""

from pathlib import Path

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml

from smartgov.words import LANGUAGES, say

project = "Smart government and smart city, rerun and judged"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True
suppress_warnings = [
    "toc.not_included",  # of the prose alone there is no contents
    "ref.python",  # an attribute m of several classes
]
nb_execution_mode = "off"
nb_merge_streams = True
nb_render_markdown_format = "gfm"  # tables among the outputs
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

locale_dirs = [str(Path(__file__).parent / "locale")]  # else sought beside the staged pages
gettext_compact = False  # a catalogue a page
gettext_location = False  # a paragraph that moves changes no catalogue

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_copyright = False
html_show_search_summary = False  # would read pages, which browsers refuse from disk
html_math_renderer = "mathml"


def _inline_formula(translator, node):
    translator.body.append(tex2mathml(node.astext()))
    raise SkipNode


def _formula(translator, node):
    translator.body.append(f'<div class="math">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise SkipNode


def _switch(app, pagename, templatename, context, doctree):
    """Links to the same page in the other languages, above its text."""
    up, own = "../" * (pagename.count("/") + 1), app.config.language
    links = (
        f'<b lang="{code}" aria-current="page">{say("language", code)}</b>'
        if code == own
        else f'<a lang="{code}" hreflang="{code}" href="{up}{code}/{pagename}.html">'
        f"{say('language', code)}</a>"
        for code in LANGUAGES
    )
    nav = f'<nav class="languages" aria-label="{say("site.languages", own)}">{"".join(links)}</nav>'
    context["body"] = nav + context.get("body", "")


def _in_its_language(app, config):
    config.html_title = say("site.title", config.language)


def setup(app):
    """Formulas become MathML when the site is built: no script, no font, nothing to fetch."""
    app.connect("config-inited", _in_its_language)
    app.connect("html-page-context", _switch)
    app.add_html_math_renderer("mathml", (_inline_formula, None), (_formula, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
