"""The questionnaire for people: the XLSForm workbook, printable pages, and the list of questions.

A page stands alone (no script, nothing loaded from elsewhere), is made for A4 and for fingers, and
asks what the form asks. On paper an order cannot be drawn when the form is opened, so it is drawn
when the page is written: each copy has a number, and the same number always gives the same order.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from smartgov.files.spreadsheet_safety import neutral
from smartgov.instruments import write_xlsform
from smartgov.instruments.names import INTENSITIES, INTENSITY, SIDE, asked_questions
from smartgov.instruments.opening import consent_text
from smartgov.instruments.plain import Texts
from smartgov.instruments.wording import Wording, read_wording
from smartgov.instruments.xlsform import feedback_texts
from smartgov.model import Model
from smartgov.present.page import html_page

LANGUAGES = ("en", "kk", "ru")


@dataclass(frozen=True)
class Copy:
    """One order of the questions on paper.

    Attributes
    ----------
    questions : pandas.DataFrame
        As :func:`asked_questions`, in the order of the page, with ``exchanged``: whether the
        right alternative is printed on the left.
    number : int
        Number of the copy; 0 for the model's order.
    """

    questions: pd.DataFrame
    number: int


def write_instrument(
    model: Model,
    folder: Path,
    *,
    round: int = 1,
    fixed_order: bool = False,
    copies: int = 1,
    seed: int = 2022,
    feedback: pd.DataFrame | None = None,
    languages: Iterable[str] = LANGUAGES,
    contact: str = "",
) -> list[Path]:
    """Write the questionnaire of one round.

    Parameters
    ----------
    model : Model
    folder : Path
        Made if it does not exist; files of the same names are replaced.
    round : int
        1, 2, …
    fixed_order : bool
        Questions and sides in the model's order. Otherwise the XLSForm draws an order for each
        respondent, and each printed copy has one of its own.
    copies : int
        Number of printed orders; one page a language each. Not used with `fixed_order`.
    seed : int
        Seed of the printed orders. The XLSForm draws its own on the respondent's device.
    feedback : pandas.DataFrame, optional
        The group's answers in the round before
        (:func:`smartgov.instruments.feedback.group_answers`),
        shown with each question; needed from round two on.
    languages : iterable of str
        Languages of the form, its default first.
    contact : str
        Whom an expert can ask about the study.

    Returns
    -------
    list of Path
        ``questionnaire_round_1.xlsx``, ``questions_round_1.csv`` (number, fields and names of every
        question) and the pages: ``questionnaire_round_1_en.html``, or with ``_copy_01`` behind the
        language where orders are drawn.

    Raises
    ------
    ValueError
        As :func:`smartgov.instruments.questionnaire_sheets`; or if `copies` is not from 1 to
        999, or a language has no words.
    """
    wording = instrument_wording(languages)
    if isinstance(copies, bool) or not isinstance(copies, int) or not 1 <= copies <= 999:
        raise ValueError(f"copies: found {copies!r}; accepted is a whole number from 1 to 999.")
    asked = asked_questions(model, wording.languages)
    texts = feedback_texts(asked, model, wording, round, feedback)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"questionnaire_round_{round}"
    form = write_xlsform(
        model,
        wording,
        folder / f"{stem}.xlsx",
        round=round,
        fixed_order=fixed_order,
        feedback=feedback,
        contact=contact,
    )
    written = [
        form,
        write_question_list(asked, model, wording, folder / f"questions_round_{round}.csv"),
    ]
    for copy in (
        [fixed_copy(asked)]
        if fixed_order
        else [drawn_copy(asked, n, seed) for n in range(1, copies + 1)]
    ):
        for language in wording.languages:
            path = folder / (
                f"{stem}_{language}" + (f"_copy_{copy.number:02d}" if copy.number else "") + ".html"
            )
            path.write_text(
                questionnaire_page(copy, model, wording, language, round, texts, contact),
                encoding="utf-8",
            )
            written.append(path)
    return written


def instrument_wording(languages: Iterable[str] = LANGUAGES) -> Wording:
    """The words of questionnaire and feedback sheet in some of the languages there are."""
    found = {
        language: Path(str(files("smartgov.present").joinpath(f"instrument_{language}.yaml")))
        for language in languages
    }
    unknown = sorted(set(found) - set(LANGUAGES))
    if unknown or not found:
        raise ValueError(
            f"languages: found {unknown or 'none'}; accepted are {', '.join(LANGUAGES)}."
        )
    return read_wording(found)


def fixed_copy(asked: pd.DataFrame) -> Copy:
    """The questions in the model's order."""
    return Copy(asked.assign(exchanged=False), 0)


def drawn_copy(asked: pd.DataFrame, number: int, seed: int) -> Copy:
    """Contexts of a ring, pairs of a context and sides in an order drawn from seed and number."""
    rng = np.random.default_rng([seed, number])
    parts = []
    for _, ring in asked.groupby("ring", sort=False):
        contexts = ring["context"].unique()
        for context in contexts[rng.permutation(len(contexts))]:
            part = ring[ring["context"] == context]
            parts.append(part.iloc[rng.permutation(len(part))])
    drawn = pd.concat(parts, ignore_index=True)
    return Copy(drawn.assign(exchanged=rng.random(len(drawn)) < 0.5), number)


def write_question_list(asked: pd.DataFrame, model: Model, wording: Wording, path: Path) -> Path:
    """Every question with its number on paper, its two fields, and its names in each language."""
    headings = ["number", "context", "left", "right", "side_field", "intensity_field"]
    parts = ("context", "left", "right")
    headings += [f"{part}_{language}" for language in wording.languages for part in parts]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(headings)
        for question in asked.itertuples(index=False):
            ids = [getattr(question, part) for part in parts]
            names = [model.label(name, language) for language in wording.languages for name in ids]
            fields = [question.field + SIDE, question.field + INTENSITY]
            rows.writerow([neutral(cell) for cell in (question.number, *ids, *fields, *names)])
    return path


# The page ----------------------------------------------------------------------------------------


def questionnaire_page(
    copy: Copy,
    model: Model,
    wording: Wording,
    language: str,
    round: int,
    texts: Texts,
    contact: str = "",
) -> str:
    """The questionnaire of one copy in one language."""

    def say(key: str, **values: object) -> str:
        return escape(wording.say(key, language, **values))

    order = say("page.drawn", order=copy.number) if copy.number else say("page.fixed")
    parts = [
        f"<h1>{say('form.title', round=round)}</h1>",
        _opening(wording, language, len(copy.questions), contact),
    ]
    parts.append(
        f"<p>{say('page.how')}</p>\n<p class=scale>{say('question.scale')}</p>\n<p"
        f" class=soft>{order}</p>"
    )
    changes = (copy.questions["context"] != copy.questions["context"].shift()).cumsum()
    for _, questions in copy.questions.groupby(changes):
        context = model.label(questions["context"].iloc[0], language)
        parts.append(
            f"<section>\n<h2>{escape(context)}</h2>\n<p"
            f" class=intro>{say('context.intro', context=context)}</p>"
        )
        parts += [
            _question(row, model, wording, language, texts.get(row.field))
            for row in questions.itertuples()
        ]
        parts.append("</section>")
    parts.append(f"<p>{say('page.end')}</p>")
    return html_page(wording.say("form.title", language, round=round), "\n".join(parts), language)


def _opening(wording: Wording, language: str, questions: int, contact: str) -> str:
    def say(key: str) -> str:
        return escape(wording.say(key, language))

    answers = "".join(
        _tick("consent", answer, wording.say(f"consent.{answer}", language))
        for answer in ("yes", "no")
    )
    return (
        f"<section class=box>\n<h2>{say('consent.heading')}</h2>\n"
        f"<p>{escape(consent_text(wording, language, questions, contact))}</p>\n"
        f"<fieldset><legend><b>{say('consent.question')}</b></legend>"
        f"<div class=consent>{answers}</div></fieldset>\n</section>\n"
        f"<p><label for=expert_code><b>{say('code.label')}</b></label><br>"
        "<input type=text id=expert_code name=expert_code autocomplete=off>"
        f"<br><span class=soft>{say('code.hint')}</span></p>"
    )


def _tick(name: str, value: object, text: str) -> str:
    return (
        f'<label class=tick><input type=radio name="{name}"'
        f' value="{value}"><span>{escape(text)}</span></label>'
    )


def _question(row, model: Model, wording: Wording, language: str, text: dict | None) -> str:
    """One question; numbered as in the list of questions, wherever it stands on the page."""
    names = {
        "left": model.label(row.left, language),
        "equal": wording.say("question.equal", language),
        "right": model.label(row.right, language),
    }
    shown = ("right", "equal", "left") if row.exchanged else ("left", "equal", "right")
    sides = "".join(_tick(row.field + SIDE, side, names[side]) for side in shown)
    steps = "".join(_tick(row.field + INTENSITY, step, str(step)) for step in INTENSITIES)
    group = f"<p class=group>{escape(text[language])}</p>" if text else ""
    return (
        f"<fieldset class=question><legend>{row.number}</legend>{group}<div"
        f" class=sides>{sides}</div><div"
        f" class=much><span>{escape(wording.say('question.how_much', language))}</span><div"
        f" class=steps>{steps}</div></div></fieldset>"
    )
