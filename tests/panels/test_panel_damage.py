"""Damage of answers: each message says enough to mend the file, and the mended file is read.

Whole files of every kind are damaged in `tests/damage`.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from smartgov.files import sheets
from smartgov.files.problems import SHOWN, SHOWN_OF_A_KIND, Problem
from smartgov.panels import PanelProblems, read_answers


@dataclass
class Damage:
    """A damaged file, where the message must point, and the file as it is once mended."""

    path: Path
    row: int | None
    column: str
    found: str
    accepted: str
    mend: object
    round2: Path | None = None


def unknown_component(make):
    header, rows = make["tidy_table"]
    rows[30][3] = "polcy_making"
    path = make["csv"](make["folder"] / "a.csv", header, rows)

    def mend():
        rows[30][3] = make["asked"][30][1]
        make["csv"](path, header, rows)

    return Damage(
        path,
        32,
        "left",
        "'polcy_making' (perhaps policy_making)",
        "one of economic_growth, policy_making",
        mend,
    )


def unknown_context(make):
    header, rows = make["kobo_table"]
    place = header.index("E2/E2__economic_growth__policy_making__side")
    right = header[place : place + 2]
    header[place : place + 2] = [heading.replace("E2__", "E4__") for heading in right]
    path = make["csv"](make["folder"] / "kobo.csv", header, rows, ";")

    def mend():
        header[place : place + 2] = right
        make["csv"](path, header, rows, ";")

    return Damage(
        path,
        1,
        "E2/E4__economic_growth__policy_making__side",
        "'E4' as the context",
        "one of E1, E2, E3",
        mend,
    )


def asked_twice(make):
    header, rows = make["tidy_table"]
    again = [
        *rows[3][:3],
        rows[3][4],
        rows[3][3],
        "left" if rows[3][5] == "left" else "equal",
        4 if rows[3][5] == "left" else 1,
    ]
    again = again if rows[3][5] != "equal" else [*again[:5], "left", 4]
    path = make["csv"](make["folder"] / "twice.csv", header, [*rows, again])
    return Damage(
        path,
        len(rows) + 2,
        "favours",
        f"for {rows[3][4]} against {rows[3][3]} in E1",
        "the answer of row 5",
        lambda: make["csv"](path, header, rows),
    )


def equal_with_intensity(make):
    header, rows = make["kobo_table"]
    side = header.index("accountability/accountability__emerging_technologies__data__side")
    row = next(i for i, cells in enumerate(rows) if cells[side] == "equal")
    rows[row][side + 1] = "4"
    path = make["csv"](make["folder"] / "equal.csv", header, rows)

    def mend():
        rows[row][side + 1] = ""
        make["csv"](path, header, rows)

    return Damage(path, row + 2, header[side + 1], "4 with equal", "1 with equal", mend)


def missing_from_round_two(make):
    header, rows = make["wide_table"]
    first = make["csv"](make["folder"] / "one.csv", header, rows)
    misspelt = [*rows[:5], ["KZ-2O", *rows[5][1:]], *rows[6:]]
    second = make["csv"](make["folder"] / "two.csv", header, misspelt)
    return Damage(
        first,
        7,
        "expert",
        "'KZ-02' in round 1, not in round 2",
        "or write ATTRITION=accept if the expert left",
        lambda: make["csv"](second, header, rows[::-1]),
        round2=second,
    )


def half_empty(make):
    header, rows = make["limesurvey_table"]
    whole = list(rows[8])
    rows[8][60:] = [""] * len(rows[8][60:])
    path = make["csv"](make["folder"] / "half.csv", header, rows, ";", "utf-8-sig")

    def mend():
        rows[8] = whole
        make["csv"](path, header, rows, ";", "utf-8-sig")

    return Damage(
        path,
        10,
        "",
        "26 of 135 questions answered by 'KZ-08'",
        "68 answers or more; MIN_ANSWERED=0.5 leaves out everyone who gave fewer",
        mend,
    )


def open_quotation_mark(make):
    header, rows = make["tidy_table"]
    path = make["csv"](make["folder"] / "quote.csv", header, rows)
    whole = path.read_text()
    path.write_text(whole.replace("\nKZ-03,1,", '\n"KZ-03,1,', 1) + whole * 2)
    return Damage(
        path,
        137,
        "",
        "a cell that runs over several lines",
        "(is a quotation mark never closed?)",
        lambda: path.write_text(whole),
    )


def open_quotation_mark_in_a_small_file(make):
    header, rows = make["tidy_table"]
    path = make["csv"](make["folder"] / "quote.csv", header, rows)
    whole = path.read_text()
    path.write_text(whole.replace("\nKZ-10,1,", '\n"KZ-10,1,', 1))
    row = 2 + 12 * 135
    return Damage(
        path,
        row,
        "",
        "a cell that runs over several lines, 1 cells",
        "(is a quotation mark never closed?)",
        lambda: path.write_text(whole),
    )


DAMAGES = [
    unknown_component,
    unknown_context,
    asked_twice,
    equal_with_intensity,
    missing_from_round_two,
    half_empty,
    open_quotation_mark,
    open_quotation_mark_in_a_small_file,
]


@pytest.mark.parametrize("damaged", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_says_how_to_mend_it(
    damaged, values, asked, by_hand, tmp_path, model, same_answers
):
    tables = {
        f"{form}_table": by_hand[form](values, asked)
        for form in ("tidy", "wide", "kobo", "limesurvey")
    }
    damage = damaged({**by_hand, **tables, "asked": asked, "folder": tmp_path})
    with pytest.raises(PanelProblems) as refused:
        read_answers(damage.path, model, round2=damage.round2)
    first = refused.value.problems[0]
    assert (first.file, first.row, first.column) == (damage.path.name, damage.row, damage.column)
    assert damage.found in first.found and damage.accepted in first.accepted
    assert str(first) in str(refused.value) and "nothing was written" in str(refused.value)
    damage.mend()
    answers = read_answers(damage.path, model, round2=damage.round2)
    same_answers(answers.panel, answers.key)


def test_all_problems_of_all_files_are_listed_in_one_go(tidy, by_hand, tmp_path, model):
    header, rows = tidy
    second = [[row[0], 2, *row[2:]] for row in rows if row[0] != "KZ-09"]
    rows[0][6], rows[200][2], rows[300][3], rows[400][5] = 12, "E9", "growth", "both"
    second[5][6] = "2,5"
    one, two = (
        by_hand["csv"](tmp_path / "one.csv", header, rows),
        by_hand["csv"](tmp_path / "two.csv", header, second),
    )
    with pytest.raises(PanelProblems) as refused:
        read_answers(one, model, round2=two)
    found = {(p.file, p.row, p.column) for p in refused.value.problems}
    assert found == {
        ("one.csv", 2, "intensity"),
        ("one.csv", 202, "context"),
        ("one.csv", 302, "left"),
        ("one.csv", 402, "favours"),
        ("two.csv", 7, "intensity"),
        ("one.csv", 2 + 4 * 135, "expert"),
    }


def test_a_long_list_is_cut_and_says_how_long_it_is(tidy, by_hand, tmp_path, model):
    header, rows = tidy
    path = by_hand["csv"](tmp_path / "all.csv", header, [[*row[:6], 10] for row in rows])
    with pytest.raises(PanelProblems) as refused:
        read_answers(path, model)
    lines = str(refused.value).splitlines()
    assert len(refused.value.problems) == len(rows)
    assert lines[0].endswith(f"{len(rows)} problems:") and len(lines) == 1 + SHOWN_OF_A_KIND + 1
    assert lines[-1].startswith(
        f"  … all.csv: found '10' {len(rows) - SHOWN_OF_A_KIND} times more, rows 5, 6, 7"
    )


def test_a_frequent_problem_hides_no_other(tidy, by_hand, tmp_path, model):
    header, rows = tidy
    rows = [[*row[:6], 10] for row in rows]
    rows[-1][2] = "E9"
    with pytest.raises(PanelProblems, match=f"row {len(rows) + 1}, column context: found 'E9'"):
        read_answers(by_hand["csv"](tmp_path / "all.csv", header, rows), model)


def test_problems_of_many_kinds_are_cut_and_counted():
    problems = [
        Problem("a.csv", row, "intensity", f"'{row}'", "a whole number from 1 to 9")
        for row in range(1, 101)
    ]
    lines = str(PanelProblems(problems)).splitlines()
    assert len(lines) == SHOWN + 2 and lines[-1] == f"  … and {100 - SHOWN} more."
    assert str(PanelProblems(problems[:4])).count("\n") == 4


def test_a_large_file_is_refused_before_it_is_read(tmp_path, model, monkeypatch):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)

    def read(self):
        raise AssertionError("the file was read")

    monkeypatch.setattr(Path, "read_bytes", read)
    monkeypatch.setattr(Path, "open", read)
    with pytest.raises(PanelProblems, match="found 100 MB; accepted: up to 80 MB"):
        read_answers(path, model)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    values, asked, by_hand, tmp_path, model, monkeypatch
):
    path = by_hand["xlsx"](tmp_path / "packed.xlsx", *by_hand["wide"](values, asked))
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1000)
    with pytest.raises(PanelProblems, match="a workbook of up to 0 MB unpacked"):
        read_answers(path, model)
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 10**9)
    monkeypatch.setattr(sheets, "MAX_CELLS", 500)
    with pytest.raises(PanelProblems, match="more than 500 cells"):
        read_answers(path, model)


def test_nobody_is_lost_between_rounds_without_a_word(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    one, two = (
        by_hand["csv"](tmp_path / "one.csv", header, rows),
        by_hand["csv"](tmp_path / "two.csv", header, rows[1:]),
    )
    answers = read_answers(one, model, round2=two, attrition="accept")
    both = "12 of 13 experts are in both rounds 1 and 2; 1 answered round 1 only, 0 round 2 only."
    assert both in answers.warnings
    assert answers.panel.groupby("round")["expert"].nunique().to_dict() == {1: 13, 2: 12}
    stranger = by_hand["csv"](tmp_path / "new.csv", header, [["KZ-99", *rows[0][1:]], *rows[1:]])
    with pytest.raises(
        PanelProblems,
        match="new.csv, row 2, column expert: found 'KZ-99' in round 2, not in round 1",
    ):
        read_answers(one, model, round2=stranger)


def test_files_of_two_rounds_exchanged_are_noticed(tidy, by_hand, tmp_path, model):
    header, rows = tidy
    one = by_hand["csv"](tmp_path / "one.csv", header, rows)
    two = by_hand["csv"](tmp_path / "two.csv", header, [[row[0], 2, *row[2:]] for row in rows])
    with pytest.raises(
        PanelProblems,
        match=(
            "two.csv, row 2, column round: found '2'; accepted: 1, as this is the file of round 1"
        ),
    ):
        read_answers(two, model, round2=one)


def test_a_problem_is_a_sentence_with_its_place():
    problem = Problem("a.csv", None, "", "nothing", "something")
    assert str(problem) == "a.csv: found nothing; accepted: something."
    assert PanelProblems([problem, problem]).problems == [problem]
    assert (
        str(Problem("m.yaml", None, "words", "nothing", "lists"))
        == "m.yaml, at words: found nothing; accepted: lists."
    )
