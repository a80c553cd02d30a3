"""Files as they come from people: saved by a spreadsheet, with words of their own, a row too
many."""

import csv
import datetime
import re
import zipfile

import openpyxl
import pytest
import yaml

from smartgov.panels import PanelProblems, read_answers, read_panel

SCALE = {
    1: "equally",
    2: "between 1 and 3",
    3: "moderately",
    4: "in between",
    5: "strongly",
    6: "in between",
    7: "very strongly",
    8: "in between",
    9: "extremely",
}


def problems_of(path, model, **options) -> list:
    with pytest.raises(PanelProblems) as refused:
        read_answers(path, model, **options)
    return refused.value.problems


# Read as meant.


def test_a_csv_saved_by_a_russian_spreadsheet(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["wide"](values, asked)
    rows = [[f"{row[0]}   ", *(f"{value},0" for value in row[1:])] for row in rows]
    blank = [""] * len(header)
    path = by_hand["csv"](
        tmp_path / "answers.csv",
        header,
        [rows[0], blank, *rows[1:], blank, [" "] * len(header)],
        ";",
        "cp1251",
    )
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)


def test_a_kobo_workbook_with_a_sheet_of_repeats(
    values, asked, by_hand, tmp_path, model, same_answers
):
    path = by_hand["xlsx"](tmp_path / "kobo.xlsx", *by_hand["kobo"](values, asked))
    book = openpyxl.load_workbook(path)
    for row in (["_parent_index", "remark"], [1, "Aigerim's"]):
        book.create_sheet("repeats").append(row)
    book.save(path)
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)


@pytest.mark.parametrize("equal", ["Одинаково важны", "Оба одинаково важны"])
def test_answers_as_russian_labels_under_field_names(
    equal, values, asked, by_hand, tmp_path, model, same_answers
):
    def label(question, side):
        return equal if side == "equal" else model.label(question[1 if side == "left" else 2], "ru")

    path = by_hand["csv"](
        tmp_path / "ru.csv", *by_hand["kobo"](values, asked, labels=label), ";", "utf-8-sig"
    )
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)


def test_limesurvey_with_texts_alone_as_headings(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["limesurvey"](values, asked)
    header = [
        "Response ID",
        "Date submitted",
        "Last page",
        "Start language",
        "Access code",
        "IP address",
        "Email address",
        "Your expert code",
    ]
    for question in asked:
        context, left, right = (model.label(each, "en") for each in question)
        header += [
            f"{context} [{left} | {right}][Which]",
            f"{context} [{left} | {right}][How much]",
        ]
    begun = [*rows[4][:60], *[""] * (len(header) - 60)]
    begun[1] = ""
    path = by_hand["csv"](tmp_path / "lime.csv", header, [*rows, begun], quoting=csv.QUOTE_ALL)
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].format == "limesurvey"
    assert answers.understood[0].dates == (datetime.date(2026, 4, 1), datetime.date(2026, 4, 13))
    assert answers.warnings == ("lime.csv: left out, as never sent off: row 15.",)


def test_intensities_with_their_labels(values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand["tidy"](values, asked)
    for dash in (" - ", " – ", ". ", ": ", "-"):
        path = by_hand["csv"](
            tmp_path / "labels.csv",
            header,
            [[*row[:6], f"{row[6]}{dash}{SCALE[row[6]]}"] for row in rows],
        )
        answers = read_answers(path, model)
        same_answers(answers.panel, answers.key)


def test_a_round_column_with_decimals(values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand["tidy"](values, asked)
    one, two = ([[row[0], number, *row[2:]] for row in rows] for number in ("1,0", "2.0"))
    first, second = (
        by_hand["csv"](tmp_path / "one.csv", header, one, ";"),
        by_hand["csv"](tmp_path / "two.csv", header, two),
    )
    answers = read_answers(first, model, round2=second)
    same_answers(answers.panel, answers.key, round=2)


def test_codes_spelt_otherwise_in_round_two_are_the_same_experts(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["wide"](values, asked)
    first = by_hand["csv"](
        tmp_path / "one.csv", [*header, "sector"], [[*row, "state"] for row in rows]
    )
    spelt = [
        "kz-07",
        "К" + rows[1][0][1:],
        " KZ - 11 ",
        *(row[0] for row in rows[3:]),
    ]  # the second with a Cyrillic К
    spelt[3] = spelt[3].replace("-", "–")
    second = by_hand["csv"](
        tmp_path / "two.csv",
        header,
        [[code, *row[1:]] for code, row in zip(spelt, rows, strict=False)],
    )
    answers = read_answers(first, model, round2=second, keep=["sector"])
    same_answers(answers.panel, answers.key)
    same_answers(answers.panel, answers.key, round=2)
    assert set(answers.key) == set(by_hand["experts"]) and len(answers.attributes) == 13
    assert any(
        note.startswith("4 experts' codes are written in more than one way")
        for note in answers.warnings
    )


@pytest.mark.parametrize("whole", [True, False])
def test_one_code_in_two_rows_is_said(whole, values, asked, by_hand, tmp_path, model, same_answers):
    """Answers begun, and sent whole or gone on with in another row."""
    header, (first, *rows) = by_hand["wide"](values, asked)
    begun, rest = [*first[:40], *[""] * 96], [first[0], *[""] * 39, *first[40:]]
    went_on = first if whole else rest
    answers = read_answers(
        by_hand["csv"](tmp_path / "a.csv", header, [begun, *rows, went_on]), model
    )
    same_answers(answers.panel, answers.key)
    (note,) = answers.warnings
    assert note.startswith("a.csv: rows 2, 15 have one code and are read as one expert's;")


# Refused, with a message to mend them by.


@pytest.mark.parametrize("code", ["kz-07", "КZ-07", "KZ-07  ", "KZ -07"])
def test_one_code_for_two_experts_in_other_letters(code, values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    rows[4][0] = code
    (problem,) = problems_of(by_hand["csv"](tmp_path / "codes.csv", header, rows), model)
    assert (problem.row, problem.column, problem.found) == (
        6,
        "expert",
        "'KZ-07', the code of row 2, again in round 1",
    )
    assert "capitals, blanks and Cyrillic look-alikes make no difference" in problem.accepted


def test_a_row_of_totals_without_a_word(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    first, *others = problems_of(
        by_hand["csv"](tmp_path / "totals.csv", header, [*rows, ["", *values.sum(axis=0)]]), model
    )
    assert (first.row, first.column, first.found) == (15, "expert", "an empty cell")
    assert "totals and remarks have no row here" in first.accepted and {
        other.row for other in others
    } == {15}


def test_a_word_for_equal_that_nobody_knows(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["kobo"](
        values, asked, labels=lambda question, side: "Ничья" if side == "equal" else side
    )
    path = by_hand["csv"](tmp_path / "words.csv", header, rows)
    with pytest.raises(
        PanelProblems,
        match=(
            "found 'Ничья'; accepted: left, right or equal, or the favoured component by its name"
        ),
    ) as refused:
        read_answers(path, model)
    assert len(str(refused.value).splitlines()) < 12


def test_answers_in_the_second_sheet(values, asked, by_hand, tmp_path, model):
    path = by_hand["xlsx"](tmp_path / "two.xlsx", *by_hand["wide"](values, asked))
    book = openpyxl.load_workbook(path)
    book.create_sheet("About", 0).append(["Answers of May", "by us"])
    book["About"].append(["x", "y"])
    book.save(path)
    answers = read_answers(path, model)
    assert len(answers.panel) == 13 * 135
    assert answers.warnings == (
        "two.xlsx: read was the sheet 'Sheet', the only one in a known form.",
    )
    book.copy_worksheet(book["Sheet"]).title = "Copy"
    book.save(path)
    (problem,) = problems_of(path, model)
    assert problem.found == "answers in several sheets (Sheet, Copy)"
    for title in ("Sheet", "Copy"):
        book[title].delete_cols(2, 200)
    book.save(path)
    (problem,) = problems_of(path, model)
    assert problem.found == (
        "headings of no known form in 'About', the first of 3 sheets: Answers of May, by us"
    )


def test_two_files_of_one_name_are_told_apart(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        by_hand["csv"](tmp_path / folder / "answers.csv", header, rows)
        rows[0][1] = 12
    one, two = tmp_path / "first" / "answers.csv", tmp_path / "second" / "answers.csv"
    (problem,) = problems_of(one, model, round2=two)
    assert (problem.file, problem.row) == ("second/answers.csv", 2)
    two.write_text("")
    (problem,) = problems_of(one, model, round2=two)
    assert str(problem).startswith("second/answers.csv: found an empty file")


def test_a_question_without_one_of_its_columns(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["limesurvey"](values, asked, style="single")
    header[header.index("q001side")] = "asked001side"
    (problem,) = problems_of(by_hand["csv"](tmp_path / "lime.csv", header, rows), model)
    assert (problem.column, problem.found) == (
        "q001intensity",
        "an intensity without a column of its side",
    )
    assert "for E1 / economic_growth / policy_making one column with both" in problem.accepted


# Components and contexts.

MIDDLE = (
    "one of economic_growth, policy_making, citizen_engagement, accountability, interoperability,"
    " key_enablers, smart_services, effectiveness_efficiency, smart_city_government"
)
INNER = "one of emerging_technologies, ict_innovation, data"


@pytest.mark.parametrize(
    ("question", "found", "accepted"),
    [
        (("E1", "banana", "policy_making"), ["'banana' on the left side"], [MIDDLE]),
        (
            ("E1", "accountability", "polcy_making"),
            ["'polcy_making' on the right side (perhaps policy_making)"],
            [MIDDLE],
        ),
        (
            ("E1", "accountability", "data"),
            ["'data' on the right side, which is not compared in E1"],
            [MIDDLE],
        ),
        (
            ("accountability", "dta", "ict_innovation"),
            ["'dta' on the left side (perhaps data)"],
            [INNER],
        ),
        (
            ("accountability", "data", "data"),
            ["'data' on the right side, the same as on the left"],
            ["another component than on the left"],
        ),
        (
            ("E9", "data", "ict_innovation"),
            ["'E9' as the context"],
            [f"one of E1, E2, E3 (middle ring), or {MIDDLE[7:]} (inner ring)"],
        ),
        (
            ("E9", "data", "banana"),
            ["'E9' as the context", "'banana' on the right side"],
            [
                f"one of E1, E2, E3 (middle ring), or {MIDDLE[7:]} (inner ring)",
                f"{MIDDLE} (middle ring), or {INNER[7:]} (inner ring)",
            ],
        ),
    ],
)
@pytest.mark.parametrize("form", ["wide", "tidy"])
def test_a_wrong_question_says_what_is_compared_there(
    form, question, found, accepted, values, asked, by_hand, tmp_path, model
):
    header, rows = by_hand[form](values, asked)
    if form == "wide":
        rows = [[*row, 1] for row in rows]
        problems = problems_of(
            by_hand["csv"](tmp_path / "a.csv", [*header, "__".join(question)], rows), model
        )
        assert {problem.row for problem in problems} == {1}
    else:
        problems = problems_of(
            by_hand["csv"](tmp_path / "a.csv", header, [*rows, ["KZ-07", 1, *question, "left", 2]]),
            model,
        )
        assert {problem.row for problem in problems} == {len(rows) + 2}
        found = [
            re.sub(" (on the (left|right) side|as the context)", "", text) for text in found
        ]  # its column says so
    assert [(problem.found, problem.accepted) for problem in problems] == list(
        zip(found, accepted, strict=False)
    )


def test_a_pair_asked_twice_in_one_row_names_the_other_column(
    values, asked, by_hand, tmp_path, model
):
    header, rows = by_hand["wide"](values, asked)
    context, left, right = asked[0]
    rows = [[*row, -row[1]] for row in rows]
    rows[3][-1] = 8 if rows[3][1] != -8 else 7
    (problem,) = problems_of(
        by_hand["csv"](tmp_path / "a.csv", [*header, f"{context}__{right}__{left}"], rows), model
    )
    assert (
        problem.accepted
        == f"the answer of row 5, column {header[1]}, as the same expert was asked the same pair"
        " there"
    )


def zipped(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def test_what_odk_central_packs(values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand["kobo"](values, asked, separator="-")
    table = by_hand["csv"](tmp_path / "smartgov.csv", header, rows).read_text(encoding="utf-8")
    media = {"media/1.jpg": b"\xff\xd8", "media/audit.csv": "event,node\n"}
    path = zipped(tmp_path / "smartgov.csv.zip", {"smartgov.csv": table} | media)
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].file == "smartgov.csv.zip"


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"a.csv": "x,y\n1,2\n", "a-again.csv": "x,y\n1,2\n"}, "2 tables: a.csv, a-again.csv"),
        ({"media/1.jpg": b"\xff"}, "0 tables: no .csv"),
        ({"a.csv": "x,y\n1," + "2" * 80_000_000}, "a.csv of more than 80 MB"),
        (None, "a packed file that is damaged or locked"),
    ],
)
def test_a_packed_file_without_one_table(parts, found, tmp_path, model):
    path = tmp_path / "a.zip"
    if parts is None:
        path.write_bytes(b"PK\x03\x04" + b"\x00" * 90)
    else:
        zipped(path, parts)
    (problem,) = problems_of(path, model)
    assert problem.found == found
    assert "download the main data table alone" in problem.accepted


def test_a_mapping_file_names_the_sheet(values, asked, by_hand, tmp_path, model, same_answers):
    path = by_hand["xlsx"](tmp_path / "two.xlsx", *by_hand["wide"](values, asked))
    book = openpyxl.load_workbook(path)
    book.create_sheet("Cover", 0).append(["About", "by us"])
    book.save(path)
    columns = [
        {
            "column": "__".join(question),
            **dict(zip(("context", "left", "right"), question, strict=True)),
        }
        for question in asked
    ]
    mapping = tmp_path / "mapping.yaml"
    entries = {"expert": "expert", "sheet": "Sheet", "questions": columns}
    mapping.write_text(yaml.safe_dump(entries), encoding="utf-8")
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)
    mapping.write_text(yaml.safe_dump(entries | {"sheet": "Answers"}), encoding="utf-8")
    (problem,) = problems_of(path, model, mapping=mapping)
    assert (problem.found, problem.accepted) == ("no sheet 'Answers'", "one of Cover, Sheet")


FORMS = {"wide": "tidy", "tidy": "wide", "kobo": "kobo", "limesurvey": "wide"}


@pytest.mark.parametrize("form", FORMS)
def test_of_two_sheets_of_answers_none_is_read_in_silence(
    form, values, asked, by_hand, tmp_path, model, same_answers
):
    path = by_hand["xlsx"](tmp_path / "rounds.xlsx", *by_hand[form](values, asked))
    book = openpyxl.load_workbook(path)
    header, rows = by_hand[FORMS[form]](-values, asked)
    second = book.create_sheet("Round 2")
    for row in [header, *rows]:
        second.append(row)
    book.save(path)
    (problem,) = problems_of(path, model)
    assert problem.found == "answers in several sheets (Sheet, Round 2)"
    assert "ROUND2=" in problem.accepted and "sheet: in a mapping file" in problem.accepted
    if form in ("wide", "tidy"):
        assert problems_of(path, model, format=form) == [problem]
        with pytest.raises(PanelProblems, match="answers in several sheets"):
            read_panel(path, model)
    (tmp_path / "sheet.yaml").write_text("sheet: Round 2\n", encoding="utf-8")
    answers = read_answers(path, model, mapping=tmp_path / "sheet.yaml")
    same_answers(answers.panel, answers.key, written=-values)
    book["Round 2"].sheet_state = "hidden"
    book.save(path)
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)


def test_of_two_sheets_with_the_headings_of_a_mapping_none_is_read_in_silence(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["wide"](values, asked)
    path = by_hand["xlsx"](tmp_path / "rounds.xlsx", ["Code", *range(1, len(header))], rows)
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Sheet"]).title = "Round 2"
    book.create_sheet("Notes").append(["Code", "by us"])
    book.save(path)
    keys = ("column", "context", "left", "right")
    questions = [
        dict(zip(keys, (str(n), *question), strict=True)) for n, question in enumerate(asked, 1)
    ]
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.safe_dump({"expert": "Code", "questions": questions}))
    (problem,) = problems_of(path, model, mapping=mapping)
    assert problem.found == "answers in several sheets (Sheet, Round 2)"
    del book["Round 2"]
    book.save(path)
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)


@pytest.mark.parametrize("lost", ["expert", "questions", "mapping"])
def test_some_headings_that_lost_their_letters(lost, values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    header = ["??? ????????", *header[1:]] if lost != "questions" else header[:1] + ["?????"] * 135
    path = by_hand["csv"](tmp_path / "lost.csv", header, rows)
    mapping = None
    if lost == "mapping":
        mapping = tmp_path / "m.yaml"
        entry = dict(zip(("context", "left", "right"), asked[0], strict=True))
        questions = [entry | {"column": "__".join(asked[0])}]
        mapping.write_text(yaml.safe_dump({"expert": "Код эксперта", "questions": questions}))
    (problem, *_) = problems_of(path, model, mapping=mapping)
    assert "became question marks when the file was saved" in problem.found


def test_headings_that_lost_their_letters(asked, by_hand, tmp_path, model):
    headings = ["????", *("?????: ????????? ???? / ??????????" for _ in asked)]
    path = by_hand["csv"](tmp_path / "lost.csv", headings, [["k1", *[3] * len(asked)]])
    (problem,) = problems_of(path, model)
    assert "became question marks when the file was saved" in problem.found
    assert "CSV UTF-8" in problem.found
