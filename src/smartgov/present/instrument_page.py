"""The questionnaire for people: the XLSForm workbook, printable pages, the workbook in which
answers on paper are typed, and the list of questions.

A page is made for A4 and for fingers, and asks what the form asks. On paper each box bears what to
type for it; on a screen the page saves the answers as a file, with nothing but the browser.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import product
from pathlib import Path

import pandas as pd

from smartgov.files.spreadsheet_safety import csv_cell
from smartgov.instruments import write_xlsform
from smartgov.instruments.data_entry import sheet_title, write_data_entry
from smartgov.instruments.names import INTENSITIES, INTENSITY, SIDE, asked_questions
from smartgov.instruments.opening import CODE_PATTERN, consent_text
from smartgov.instruments.orders import Copy, drawn_copy, fixed_copy
from smartgov.instruments.plain import Texts
from smartgov.instruments.settled import Settled
from smartgov.instruments.xlsform import feedback_texts
from smartgov.model import Model
from smartgov.panels.data_entry import AGREES, EQUAL, REFUSES, box_codes
from smartgov.present.page import render
from smartgov.words import LANGUAGES, catalogue, say


def write_instrument(
    model: Model,
    folder: Path,
    *,
    round: int = 1,
    fixed_order: bool = True,
    copies: int = 20,
    seed: int = 2022,
    feedback: pd.DataFrame | None = None,
    settled: Settled | None = None,
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
        Sheets of the workbook for data entry, one an expert; and, unless `fixed_order`, printed
        orders, one page a language each.
    seed : int
        Seed of the printed orders. The XLSForm draws its own on the respondent's device.
    feedback : pandas.DataFrame, optional
        The group's answers in the round before
        (:func:`smartgov.instruments.feedback.group_answers`), shown with each question; needed
        from round two on.
    settled : Settled, optional
        Questions left out, which the form and the pages name with the reason; by default none.
    languages : iterable of str
        Languages of the form, its default first.
    contact : str
        Whom an expert can ask about the study.

    Returns
    -------
    list of Path
        ``questionnaire_round_1.xlsx``, ``questions_round_1.csv`` (number, fields and names of every
        question), ``data_entry_round_1.xlsx`` and the pages: ``questionnaire_round_1_en.html``, or
        with ``_copy_01`` behind the language where orders are drawn.

    Raises
    ------
    ValueError
        As :func:`smartgov.instruments.questionnaire_sheets`; or if `copies` is not from 1 to
        999, or a language has no words.
    """
    languages = tuple(languages)
    for language in languages:
        catalogue(language)
    if isinstance(copies, bool) or not isinstance(copies, int) or not 1 <= copies <= 999:
        raise ValueError(f"copies: found {copies!r}; accepted is a whole number from 1 to 999.")
    asked = asked_questions(model, languages)
    asked = settled.still_open(asked) if settled else asked
    texts = feedback_texts(asked, model, languages, round, feedback)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    form = {"round": round, "fixed_order": fixed_order, "feedback": feedback}
    form |= {"settled": settled, "contact": contact}
    stem = f"questionnaire_round_{round}"
    numbers = range(1, copies + 1)
    orders = [fixed_copy(asked)] if fixed_order else [drawn_copy(asked, n, seed) for n in numbers]
    sheets, entry = orders * copies if fixed_order else orders, folder / entry_file(round)
    written = [
        write_xlsform(model, languages, folder / f"{stem}.xlsx", **form),
        _write_question_list(asked, model, languages, folder / f"questions_round_{round}.csv"),
        write_data_entry(sheets, model, entry, round=round, language=languages[0]),
    ]
    for copy, language in product(orders, languages):
        order = f"_copy_{copy.number:02d}" if copy.number else ""
        path = folder / f"{stem}_{language}{order}.html"
        page = questionnaire_page(copy, model, language, round, texts, contact, settled)
        path.write_text(page, encoding="utf-8")
        written.append(path)
    return written


def entry_file(round: int) -> str:
    """Name of the workbook in which a round's answers on paper are typed."""
    return f"data_entry_round_{round}.xlsx"


def _write_question_list(
    asked: pd.DataFrame, model: Model, languages: Sequence[str], path: Path
) -> Path:
    """Every question with its number on paper, its two fields, and its names in each language."""
    parts = ("context", "left", "right")
    names = [f"{part}_{language}" for language in languages for part in parts]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["number", *parts, "side_field", "intensity_field", *names])
        for question in asked.itertuples(index=False):
            ids = [getattr(question, part) for part in parts]
            fields = [question.field + SIDE, question.field + INTENSITY]
            labels = [model.label(name, language) for language in languages for name in ids]
            rows.writerow([csv_cell(cell) for cell in (question.number, *ids, *fields, *labels)])
    return path


def questionnaire_page(
    copy: Copy,
    model: Model,
    language: str,
    round: int,
    texts: Texts,
    contact: str = "",
    settled: Settled | None = None,
) -> str:
    """The questionnaire of one copy in one language; each question under its number in the list."""
    label = partial(model.label, language=language)
    changes = (copy.questions["context"] != copy.questions["context"].shift()).cumsum()
    sections = [
        (label(questions["context"].iloc[0]), list(questions.itertuples()))
        for _, questions in copy.questions.groupby(changes)
    ]
    return render(
        "questionnaire.html",
        language,
        round=round,
        number=copy.number,
        consent=consent_text(language, len(copy.questions), contact),
        sections=sections,
        settled=settled.sentences(model, language) if settled else [],
        label=label,
        texts=texts,
        SIDE=SIDE,
        INTENSITY=INTENSITY,
        INTENSITIES=INTENSITIES,
        codes=box_codes(model) | {"equal": EQUAL, "yes": AGREES, "no": REFUSES},
        entry_file=entry_file(round),
        sheet=sheet_title(copy.number),
        stem=f"questionnaire_round_{round}",
        said={
            "consent": say("page.no_consent", language),
            "declined": say("consent.declined", language),
            "code": say("expert_code.error", language),
            "open": say("page.open", language, numbers="{numbers}"),
            "saved": say("page.saved", language, file="{file}"),
        },
        CODE_PATTERN=CODE_PATTERN,
    )
