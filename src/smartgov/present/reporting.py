"""The reporting standards as one form: what a run knows of its panel, what the article tells."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from smartgov.article.published import read_printed
from smartgov.files.document import save_document
from smartgov.files.layout import ROOT, STANDARDS
from smartgov.files.paper_tables import PaperTable
from smartgov.files.writing import staged
from smartgov.present.page import MISSING, render
from smartgov.present.result_tables import Run
from smartgov.words import LANGUAGES, say

DOCS = ROOT / "docs"


def checklist(run: Run, known: Mapping[str, object]) -> PaperTable:
    """Every item of the reporting standards, with what the run knows of it.

    What it knows but for ⟨…⟩ is partly reported.
    """

    def answer(key: str) -> str:
        if key == "dates" and not known["first"]:
            key = "no_dates"
        if key == "groups" and known["groups"] == MISSING:
            key = "author"
        return run.say(f"reporting.{key or 'author'}", **known)

    def score(words: str) -> str:
        score = "partly" if "⟨" in words else "reported"
        return "⟨…⟩" if words.startswith("⟨") else run.say(f"reporting.{score}")

    answers = _items()["known"].map(answer)
    title, note = run.say("reporting.heading"), run.say("reporting.note")
    shown = {"score": answers.map(score), "known": answers}
    return PaperTable("reporting_checklist", title, _form(run.model.language, shown), note)


def article_checklist(language: str) -> PaperTable:
    """Every item of the reporting standards, with the place in the article that shows it."""
    scored = read_printed(STANDARDS / "article_reporting.csv")
    quoted = "“{}”" if language == "en" else "«{}»"

    def place(row: pd.Series) -> str:
        at = f"place.{row['place']}"
        words = [f"{say(at, language)}, {quoted.format(row['phrase'])}"] if row["place"] else []
        words += [say(f"scored.{row['note']}", language)] if row["note"] else []
        return "; ".join(words) or MISSING

    scores = scored["score"].map(lambda score: say(f"reporting.{score}", language))
    title, note = (say(f"reporting.{key}", language) for key in ("article", "article_note"))
    shown = {"score": scores, "place": scored.apply(place, axis=1)}
    return PaperTable("reporting_checklist", title, _form(language, shown), note)


def _items() -> pd.DataFrame:
    return read_printed(STANDARDS / "reporting_items.csv")


def _form(language: str, shown: Mapping[str, pd.Series]) -> pd.DataFrame:
    """One row an item: standard, item, what to report, then its score and what bears it out."""
    items = _items()
    table = items[["standard", "item"]].assign(label=items[language], **shown)
    return table.rename(columns={name: say(f"column.{name}", language) for name in table})


def article_page(language: str) -> str:
    """The article's form as a page."""
    languages = {name: say("language", name) for name in LANGUAGES}
    form = article_checklist(language)
    return render("reporting.html", language, standards=form, languages=languages)


def write_article_reporting() -> list[Path]:
    """Write the article's form as ``docs/reporting_LANGUAGE.html`` and ``.docx``."""
    with staged(DOCS) as new:
        for language in LANGUAGES:
            name, form = f"reporting_{language}", article_checklist(language)
            (new / f"{name}.html").write_text(article_page(language), encoding="utf-8")
            save_document(form.caption, [form], new / f"{name}.docx", language)
        return [(DOCS / path.name).relative_to(ROOT) for path in sorted(new.iterdir())]
