"""Rows that should not count: left out and said, or refused; whichever tool saved them."""

import pytest

from smartgov.panels import PanelProblems, read_answers
from smartgov.panels.names import sums_up


@pytest.fixture
def read_with(values, asked, by_hand, tmp_path, model):
    """Read five experts' answers in a tool's shape; `columns` come before, a cell for each row."""

    def read(form="kobo", **columns):
        header, rows = by_hand[form](values[:5], asked)
        for heading, cells in columns.items():
            if heading in header:
                place = header.index(heading)
                rows = [[*row[:place], *row[place + 1 :]] for row in rows]
                header = [*header[:place], *header[place + 1 :]]
            rows = [[cell, *row] for cell, row in zip(cells, rows, strict=True)]
            header = [heading, *header]
        return read_answers(by_hand["csv"](tmp_path / "a.csv", header, rows), model)

    return read


def left_out(answers, why: str) -> None:
    """The third row, and no other."""
    assert answers.understood[0].experts == 4 and "KZ-11" not in answers.key
    assert f"a.csv: left out, as {why}: row 4." in answers.warnings


# Consent.

YES = (
    "yes",
    "Yes, I agree",
    "Иә, келісемін",
    "Да, согласен (согласна)",
    "TRUE",
    "1",
    " Yes ",
    "да",
)
NO = (
    "no",
    "No, I do not agree",
    "Жоқ, келіспеймін",
    "Нет, не согласен (не согласна)",
    "False",
    "0",
)
NEITHER = (
    *("I do not agree", "не согласен", "келіспеймін", "N", "", "disagree", "maybe", "yes and no"),
    *("Yes, I agree, but not to publication", "2", "согласна ли?", "-", "#N/A"),
)


@pytest.mark.parametrize("text", YES)
def test_a_yes_in_the_forms_words_is_consent(text, read_with):
    assert read_with(consent=["yes", "yes", text, "yes", "yes"]).understood[0].experts == 5


@pytest.mark.parametrize("text", NO)
def test_a_no_in_the_forms_words_leaves_the_expert_out(text, read_with):
    left_out(read_with(consent=["yes", "yes", text, "yes", "yes"]), "consent was refused")


@pytest.mark.parametrize("text", NEITHER)
@pytest.mark.parametrize("heading", ["consent", "intro/Согласны ли Вы участвовать в исследовании?"])
def test_anything_else_is_no_consent(heading, text, read_with):
    yes = ["yes", "yes", text, "yes", "yes"]
    with pytest.raises(PanelProblems) as refused:
        read_with(**{heading: yes, "consent": yes} if heading == "consent" else {heading: yes})
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (4, heading)
    assert "the form's own yes, which counts" in problem.accepted


# Set aside in the tool, never sent, tried out.

KOBO, ODK, SENT = (
    "not approved in KoboToolbox",
    "rejected or with issues in ODK Central",
    "never sent off",
)
TRIED = "a preview, a test or spam in Qualtrics"
MARKS = {"ResponseId": list("abcde"), "RecordedDate": ["2026-03-01 10:00:00"] * 5}
ASIDE = [
    ("_validation_status", "", "Not Approved", KOBO),
    ("_validation_status", "Approved", "On Hold", KOBO),
    ("_validation_status", "validation_status_approved", "validation_status_not_approved", KOBO),
    ("_validation_status", "", "validation_status_on_hold", KOBO),
    ("ReviewState", "", "rejected", ODK),
    ("ReviewState", "approved", "hasIssues", ODK),
    ("ReviewState", "edited", "rejected", ODK),
    ("submitdate", "2026-04-01 10:11:12", "", SENT),
    ("Дата отправки", "01.04.2026 10:11", "", SENT),
    ("submitdate. Date submitted", "1980-01-01 00:00:00", "", SENT),
    ("Status", "IP Address", "Survey Preview", TRIED),
    ("Status", "0", "1", TRIED),
    ("Status", "IP-адрес", "Предварительный просмотр опроса", TRIED),
    ("Status", "Imported", "Spam", TRIED),
    ("DistributionChannel", "anonymous", "preview", "a preview or a test in Qualtrics"),
    ("Finished", "True", "False", "never finished in Qualtrics"),
    ("Finished", "1", "0", "never finished in Qualtrics"),
]


@pytest.mark.parametrize(("heading", "counts", "not_counted", "why"), ASIDE)
def test_rows_set_aside_are_left_out_and_said(heading, counts, not_counted, why, read_with):
    cells = [counts, counts, not_counted, counts, counts]
    left_out(read_with(**{heading: cells}, **MARKS), why)


@pytest.mark.parametrize("heading", ["_validation_status", "ReviewState", "Status", "Finished"])
def test_a_state_nobody_knows_is_a_problem_of_its_row(heading, read_with):
    with pytest.raises(PanelProblems) as refused:
        read_with(**{heading: ["", "", "perhaps", "", ""]}, **MARKS)
    problem = next(p for p in refused.value.problems if p.row == 4)
    assert (problem.column, problem.found) == (heading, "'perhaps'")


def test_a_status_of_another_table_says_nothing(read_with):
    answers = read_with(Status=["civil servant", "business", "test bed", "", "1"])
    assert answers.understood[0].experts == 5 and "Status" in answers.dropped_columns


def test_a_file_of_rows_that_do_not_count(read_with):
    with pytest.raises(PanelProblems, match=r"a.csv: found no row that counts; left out, as never"):
        read_with(submitdate=[""] * 5)


# LimeSurvey in whatever language.

HEADINGS = {
    "ru": ["ID ответа", "Дата отправки", "Последняя страница", "Начальный язык"],
    "kk": ["Жауап нөмірі", "Жіберілген күні", "Соңғы бет", "Бастапқы тіл"],
    "de": ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache"],
    "tr": ["Yanıt No", "Gönderim tarihi", "Son sayfa", "Başlangıç dili"],
}


@pytest.mark.parametrize("language", HEADINGS)
@pytest.mark.parametrize("dated", [True, False])
def test_limesurvey_in_any_language(
    dated, language, values, asked, by_hand, tmp_path, model, same_answers
):
    """By texts alone, with a response begun and, where no dates are kept, the placeholder."""
    header, rows = by_hand["limesurvey"](values, asked)
    header = [*HEADINGS[language], "t", "ip", "mail", "expertcode"]
    for question in asked:
        context, left, right = (model.label(each, "ru") for each in question)
        header += [f"{context}: {left} или {right}?", f"{context}: {left} или {right}? Насколько?"]
    if not dated:
        rows = [[row[0], "1980-01-01 00:00:00", *row[2:]] for row in rows]
    begun = [14, "", *rows[4][2:7], "KZ-99", *rows[4][8:]]
    answers = read_answers(by_hand["csv"](tmp_path / "a.csv", header, [*rows, begun]), model)
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].format == "limesurvey"
    assert answers.warnings == ("a.csv: left out, as never sent off: row 15.",)
    assert bool(answers.understood[0].dates) == dated


# Totals and tests.

SUMMARIES = (
    *("Total", "Grand total", "Totals:", "Group", "Group median", "group mean", "Median (13)"),
    *("MAX", "min", "SD", "St. dev.", "Standard deviation", "Mode", "TEST", "test 1", "Test-02"),
    *(
        "Average of all",
        "Overall",
        "Mean score",
        "IQR",
        "Count",
        "Итог",
        "ИТОГО:",
        "Итого по группе",
    ),
    *("Мода", "Медиана", "Среднее значение", "Ст. отклонение", "СКО", "Макс.", "Тест 3", "Всего"),
    *("Example", "Demo 2", "Пример", "Образец", "Үлгі", "Свод", "Subtotal", "GM", "AIJ"),
    *("Жалпы", "Жиыны", "Барлығы", "Орташа", "Топтың медианасы", "Ең көп", "Қорытынды"),
)


@pytest.mark.parametrize("word", SUMMARIES)
def test_a_row_that_sums_up_is_no_expert(word, values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    path = by_hand["csv"](tmp_path / "a.csv", header, [*rows, [word, *rows[0][1:]]])
    with pytest.raises(PanelProblems) as refused:
        read_answers(path, model)
    (problem,) = refused.value.problems
    assert (problem.row, problem.found) == (15, f"{word!r}, a row of totals or a test")


@pytest.mark.parametrize(
    "word",
    [
        *(
            "Geomean",
            "GEOMEAN:",
            "Geometric mean (13)",
            "Geo. mean",
            "Consensus",
            "Group consensus",
        ),
        *("Aggregated", "STDEV.S", "MODE.SNGL", "Консенсус", "СРЗНАЧ", "СР.ЗНАЧ", "СРГЕОМ"),
        *(
            "геомеан",
            "Ср. геом.",
            "Среднее геометрическое",
            "СЧЁТ",
            "СТАНДОТКЛОН.В",
            "Сводная оценка",
        ),
        *("Геометриялық орташа", "Топтық консенсус", "Топтың бағасы", "Сомасы"),
    ],
)
def test_words_of_spreadsheets_and_of_groups_sum_up(word):
    assert sums_up(word)


@pytest.mark.parametrize(
    "code",
    [
        "T-01",
        "N",
        "G1",
        "SD-04",
        "MIN-3",
        "Group 2",
        "Testov",
        "e7",
        "МЕД-1",
        "Sumy-2",
        "К-1",
        "GM-3",
    ],
)
def test_codes_that_only_look_like_totals(code):
    assert not sums_up(code)
