"""Build the site, or renew what is to be translated: `make site`, `make site-messages`.

Pages and executed notebooks are staged in `.make/site/pages`; Sphinx makes of them one tree a
language with the same file names, so that a page in another language is one folder away. Of a
notebook's prose each paragraph is a message in `docs/locale/LANGUAGE/LC_MESSAGES/notebooks/`.
"""

import re
import shutil
import sys
from multiprocessing import Process, get_context
from pathlib import Path
from typing import NoReturn

import claim_pages
import myst_nb.sphinx_ext  # noqa: F401 - imported once for every language
import nbformat
import sentences
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from sentences import catalogue, read, translations
from sphinx.cmd.build import main as sphinx_build

from smartgov.words import LANGUAGES

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
WORK = ROOT / ".make" / "site"
SITE = ROOT / "_site"
TRANSLATED = LANGUAGES[1:]
HEADER = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: {}\\n"

"""


def stage(language: str, prose_only: bool = False) -> Path:
    """Everything that Sphinx reads for a language, in one folder; code's outputs are no prose."""
    pages = WORK / ("prose" if prose_only else f"pages.{language}")
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(DOCS / "pages", pages)
    shutil.copytree(ROOT / "notebooks", pages / "notebooks")
    for path in (pages / "notebooks").rglob("*.ipynb"):
        notebook = claim_pages.with_anchors(path)
        claim_pages.link_pictures(notebook, language)
        for cell in notebook.cells if prose_only else ():
            if cell.cell_type == "code":
                cell.outputs = []
        if language in TRANSLATED and not prose_only:
            _made_again(notebook, ROOT / ".make" / language / path.relative_to(pages))
            sentences.speak(notebook, language)
        nbformat.write(notebook, path)
    made = [("index.md", "")] if prose_only else claim_pages.pages(language)
    for name, text in (*documents(), *made):
        path = pages / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return pages


def _made_again(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Figures and tables of the notebook as run once more for a language, where it was."""
    if path.exists():
        again = nbformat.read(path, as_version=4)
        for new, old in zip(*map(_displayed, (again, notebook)), strict=True):
            if "image/png" in old.data or "|---" in old.data.get("text/markdown", ""):
                old.data = new.data


def _displayed(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Outputs that are more than printed lines, in their order."""
    return [each for cell in notebook.cells for each in cell.get("outputs", ()) if "data" in each]


def documents() -> list[tuple[str, str]]:
    """Pages that are parts of the repository's own documents."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    panel = re.search(r"^## (Your own panel\n.*?)(?=^## )", readme, re.M | re.S)[1]
    codebook = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    return [
        ("panel.md", "# " + panel.replace("](data/README.md", "](codebook.md")),
        ("codebook.md", codebook),
    ]


def sphinx(builder: str, language: str, pages: Path, out: Path) -> Process:
    """Sphinx at work in a process of its own; a warning is a failure."""
    options = ["-qWb", builder, "--keep-going", "-D", f"language={language}"]
    places = ["-c", DOCS, "-d", WORK / f"read.{builder}.{language}", pages, out]
    process = get_context("fork").Process(target=_sphinx, args=([*options, *map(str, places)],))
    process.start()
    return process


def _sphinx(arguments: list[str]) -> NoReturn:
    sys.exit(sphinx_build(arguments))


def _failed(processes: list[Process]) -> bool:
    for each in processes:
        each.join()
    return any(each.exitcode for each in processes)


def build() -> None:
    """The site, in every language at once."""
    built = WORK / "html"
    shutil.rmtree(built, ignore_errors=True)
    started = [
        sphinx("html", language, stage(language), built / language) for language in LANGUAGES
    ]
    if _failed(started):
        sys.exit("the site was not built")
    shutil.rmtree(SITE, ignore_errors=True)
    for language in LANGUAGES:
        shutil.copytree(built / language, SITE / language)
        _finish(SITE / language, language)
    for page in ("index.html", "checker.html"):
        shutil.copy(DOCS / page, SITE)
    print(f"wrote {(SITE / 'index.html').relative_to(ROOT)}: open it in a browser")


def _finish(tree: Path, language: str) -> None:
    """Say the theme's English labels in the language of a tree, and give its headings a level."""
    new = {'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"'}
    for english, own in translations("sphinx", language).items():
        if english.startswith("Toggle "):
            new[f'aria-label="{english}'] = f'aria-label="{own}'
    for path in tree.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for english, own in new.items():
            text = text.replace(english, own)
        path.write_text(text, encoding="utf-8")


def templates() -> dict[str, Catalog]:
    """The messages of every page, by the page's name: what there is to translate now."""
    out = WORK / "messages"
    shutil.rmtree(out, ignore_errors=True)
    if _failed([sphinx("gettext", "en", stage("en", prose_only=True), out)]):
        sys.exit("the messages were not read")
    found = {
        path.relative_to(out).with_suffix("").as_posix(): read(path)
        for path in sorted(out.rglob("*.pot"))
    }
    found |= sentences.templates()
    return {name: template for name, template in found.items() if len(template)}


def renewed(template: Catalog, path: Path) -> Catalog:
    """A catalogue with the messages that there are now, and the translations that it has.

    A message that changed keeps the translation of the one most like it, marked fuzzy.
    """
    catalog = read(path) if path.exists() else Catalog()
    catalog.update(template)
    for message in catalog:
        if message.id and re.fullmatch(r"(`[^`]+`[, ]*)+", message.id):  # code is code
            message.string = message.id
            message.flags.discard("fuzzy")
    return catalog


def renew() -> None:
    """Write every catalogue anew from the pages as they are now."""
    for name, template in templates().items():
        for language in TRANSLATED:
            path = catalogue(name, language)
            catalog = renewed(template, path)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(HEADER.format(language).encode())
                write_po(file, catalog, 100, omit_header=True, ignore_obsolete=True)
            left = sum(bool(message.id and not message.string) for message in catalog)
            print(f"{path.relative_to(ROOT)}: {left} of {len(catalog)} to translate")


if __name__ == "__main__":
    {"site": build, "messages": renew}[sys.argv[1]]()
