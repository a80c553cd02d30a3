"""Sphinx settings of the site; `make site` stages its pages and calls Sphinx once a language."""

from pathlib import Path

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml

project = "Smart government and smart city, rerun and judged"
extensions = ["myst_nb"]
nb_execution_mode = "off"
nb_merge_streams = True
nb_render_markdown_format = "gfm"  # tables among the outputs
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

locale_dirs = [str(Path(__file__).parent / "locale")]  # else sought beside the staged pages
gettext_compact = False  # a catalogue a page
gettext_location = False  # a paragraph that moves changes no catalogue

html_theme = "furo"
html_title = project
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


def setup(app):
    """Formulas become MathML when the site is built: no script, no font, nothing to fetch."""
    app.add_html_math_renderer("mathml", (_inline_formula, None), (_formula, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
