"""Cells that are not what they show: dates, two numbers in one, errors of formulas."""

import datetime

import pytest
import yaml

from smartgov.files.problems import is_date
from smartgov.panels import PanelProblems, read_answers
from smartgov.panels.codings import intensity

DATES = (
    *(
        "3-May",
        "5-Mar",
        "May-03",
        "03.май",
        "5 мар.",
        "мар.05",
        "3 мая 2026 г.",
        "5-мам.",
        "05.қаз",
        *("5-nау", "5-mам.", "3-Маy", "3-нояб.".replace("о", "o")),  # letters of two alphabets
    ),
    *("2026-05-03", "2026-05-03 00:00:00", "03.05.2026", "03.05", "3/5", "5/3/2026", "3-5-26"),
    *("3. Mai", "03:05:00"),
)
NO_ONE_NUMBER = (
    *("3 (or 7)", "3 or 5", "3 или 5", "3 немесе 5", "3 (или семь)", "3-5", "3 – 5", "3 to 5"),
    *("5?", "5 (?)", "5 strongly?", "3 and 5", "5 из 9", "5 – of 9", "3, 7", "3;7", "5 / 9"),
)


def table_in(form, asked, by_hand, first, tmp_path):
    """Answers of an expert to every question, `first` as the first intensity; and its place."""
    answers = [first, *["3"] * (len(asked) - 1)]
    sides = ["left" if n % 2 else "right" for n in range(len(asked))]
    names = ["__".join(question) for question in asked]
    if form == "tidy":
        header = ["expert", "round", "context", "left", "right", "favours", "intensity"]
        rows = [["e1", 1, *q, s, i] for q, s, i in zip(asked, sides, answers, strict=True)]
        return header, rows, "intensity"
    headings = {
        "wide": lambda n: (f"{names[n]}__side", f"{names[n]}__intensity"),
        "kobo": lambda n: (f"g/{names[n]}__side", f"g/{names[n]}__intensity"),
        "limesurvey": lambda n: (f"q{n + 1:03d}side", f"q{n + 1:03d}intensity"),
        "mapping": lambda n: (f"{n} which", f"{n} how much"),
    }[form]
    pairs = [headings(n) for n in range(len(asked))]
    tool = {
        "kobo": {"_uuid": "u", "_id": 1},
        "limesurvey": {"submitdate": "2026-03-01", "lastpage": 5},
    }
    cells = tool.get(form, {}) | {"expertcode": "e1"}
    for pair, *both in zip(pairs, sides, answers, strict=True):
        cells |= dict(zip(pair, both, strict=True))
    return list(cells), [list(cells.values())], pairs[0][1]


@pytest.fixture
def read_first(asked, by_hand, tmp_path, model):
    """Read a panel in a form, this text the intensity of its first question."""

    def read(form, text, kind="csv"):
        header, rows, at = table_in(form, asked, by_hand, text, tmp_path)
        path, mapping = by_hand[kind](tmp_path / f"a.{kind}", header, rows), None
        if form == "mapping":
            questions = [
                {"side": f"{n} which", "intensity": f"{n} how much"}
                | dict(zip(("context", "left", "right"), question, strict=True))
                for n, question in enumerate(asked)
            ]
            mapping = tmp_path / "m.yaml"
            mapping.write_text(yaml.safe_dump({"expert": "expertcode", "questions": questions}))
        return lambda: read_answers(path, model, mapping=mapping), at

    return read


@pytest.mark.parametrize("form", ["tidy", "wide", "kobo", "limesurvey", "mapping"])
@pytest.mark.parametrize("text", ["3-May", "5 мар.", "03.май", "5-мам.", "2026-05-03"])
def test_an_intensity_that_became_a_date_in_every_form(text, form, read_first):
    answers, heading = read_first(form, text)
    with pytest.raises(PanelProblems) as refused:
        answers()
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (2, heading)
    assert problem.found.startswith(f"{text!r} (a date: a spreadsheet makes one")


@pytest.mark.parametrize("form", ["tidy", "wide", "mapping"])
def test_a_cell_of_a_workbook_that_became_a_date(form, read_first):
    answers, heading = read_first(form, datetime.date(2026, 5, 3), "xlsx")
    with pytest.raises(PanelProblems, match=r"row 2, column .*: found '2026-05-03.*\(a date:"):
        answers()


@pytest.mark.parametrize("text", DATES)
def test_dates_in_three_languages_are_no_intensities(text):
    assert is_date(text) and intensity(text) == text


@pytest.mark.parametrize("text", NO_ONE_NUMBER)
def test_two_numbers_or_a_doubt_are_no_intensity(text):
    assert intensity(text) == text


LABELS = ("3 - moderately", "3 (слегка)", "3. орташа", "3 – between 2 and 4", "3 – scale 3", "3,0")


@pytest.mark.parametrize("text", LABELS)
def test_a_label_leaves_its_number(text, read_first):
    assert not is_date(text) and intensity(text) == "3"


@pytest.mark.parametrize("text", ["Moderate (3)", "Біршама маңызды (3)", "3 – умеренно сильнее"])
def test_a_label_before_or_beside_its_number(text):
    assert intensity(text) == "3"


@pytest.mark.parametrize(
    "text",
    [
        *("3 – strongly more", "4 – very strongly", "5 – extremely more", "Strong (3)"),
        *("3 – существенно важнее", "5 – чрезвычайно", "4 – очень сильно", "9 – moderately"),
        *("3 – едәуір", "5 – барынша"),
    ],
)
def test_a_label_that_names_another_step(text, read_first):
    """A form with five strengths from 1 to 5 is no part of Saaty's scale."""
    answers, heading = read_first("kobo", text)
    with pytest.raises(PanelProblems, match="scale calls 3 moderate, 5 strong") as refused:
        answers()
    (problem,) = refused.value.problems
    assert (problem.row, problem.column, problem.found) == (2, heading, repr(text))


STEPS = """
    2 – slightly; 3 – moderately; 4 – between moderately and strongly; 5 – strongly; 5 – essential
    6 – strong plus; 7 – very strongly; 8 – very, very strongly; 9 – extremely; 9 – absolute
    3 – умеренно; 5 – существенно; 5 – сильно; 7 – значительно; 7 – очень сильно; 9 – чрезвычайно
    9 – очень сильно; 2 – чуть сильнее; 3 – біршама; 5 – едәуір; 7 – әлдеқайда; 9 – барынша
"""


@pytest.mark.parametrize("text", [each.strip() for each in STEPS.replace("\n", ";").split(";")])
def test_labels_of_saaty_s_steps_are_read(text):
    assert intensity(text) == text[:1]


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#DIV/0!", "#ССЫЛКА!", "#Н/Д", "#ИМЯ?"])
def test_an_error_of_a_formula_is_named(text, read_first):
    answers, heading = read_first("wide", text)
    with pytest.raises(PanelProblems, match="a formula that went wrong: mend it") as refused:
        answers()
    assert refused.value.problems[0].column == heading
