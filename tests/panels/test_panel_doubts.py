"""Answers that may have been meant otherwise: refused where that is all but certain, else said."""

import numpy as np
import pytest
import yaml
from signed import from_signed

from smartgov.panels import PanelProblems, read_answers
from smartgov.panels.doubts import IMPOSSIBLE, MOST_LEFT, saaty_numbers
from smartgov.panels.tidy import SignedValues

ONE_IS_EQUAL = "nowhere 0 or -1, as in Saaty's numbers"


def saaty(value: int) -> int:
    """A signed value as Saaty's number with a sign."""
    return int(np.sign(value)) * (abs(value) + 1) if value else 1


@pytest.fixture
def read_numbers(asked, by_hand, tmp_path, model):
    """Read numbers, experts by questions, in the wide form or with these entries of a mapping."""

    def read(table, mapping=None, codes=None):
        codes = codes or [f"K-{n + 1:02d}" for n in range(len(table))]
        names = ["__".join(question) for question in asked]
        rows = [[code, *row] for code, row in zip(codes, table, strict=True)]
        path = by_hand["csv"](tmp_path / "a.csv", ["expert", *names[: len(table[0])]], rows)
        if mapping is None:
            return read_answers(path, model)
        keys = ("context", "left", "right")
        questions = [
            {"column": name} | dict(zip(keys, question, strict=True))
            for name, question in zip(names, asked, strict=True)
        ]
        entries = {"expert": "expert", "questions": questions} | mapping
        (tmp_path / "m.yaml").write_text(yaml.safe_dump(entries))
        return read_answers(path, model, mapping=tmp_path / "m.yaml")

    return read


@pytest.fixture
def no_nine(values):
    """Saaty's numbers in which no intensity is 9."""
    return [[saaty(int(np.clip(value, -7, 7))) for value in row] for row in values]


# Codings that look alike.


@pytest.mark.parametrize("mapping", [None, {}, {"coding": "signed"}])
@pytest.mark.parametrize("experts", [1, 3, 13])
def test_saaty_numbers_are_not_read_as_steps(experts, mapping, no_nine, read_numbers):
    with pytest.raises(PanelProblems, match=ONE_IS_EQUAL) as refused:
        read_numbers(no_nine[:experts], mapping)
    (problem,) = refused.value.problems
    assert all(f"coding: {name}" in problem.accepted for name in ("signed", "bipolar", "ratio"))


@pytest.fixture
def none_equal(no_nine):
    """Saaty's numbers of experts who find nothing equal, and nothing nine times more."""
    return [[value if value != 1 else 3 for value in row] for row in no_nine]


@pytest.mark.parametrize("mapping", [None, {}, {"coding": "signed"}])
@pytest.mark.parametrize("experts", [1, 13])
def test_saaty_numbers_never_near_equal_are_not_read_as_steps(
    experts, mapping, none_equal, read_numbers
):
    with pytest.raises(PanelProblems, match="nowhere 0, 1 or -1, as in Saaty's .* without 1") as no:
        read_numbers(none_equal[:experts], mapping)
    (problem,) = no.value.problems
    assert all(f"coding: {name}" in problem.accepted for name in ("signed", "bipolar", "ratio"))


def test_saaty_numbers_with_a_single_one_are_not_read_as_steps(none_equal, read_numbers):
    table = [[1, *row[1:]] if number == 3 else row for number, row in enumerate(none_equal)]
    with pytest.raises(PanelProblems, match="1 times 1 and nowhere 0 or -1"):
        read_numbers(table)


def test_saaty_numbers_never_near_equal_are_read_as_they_are_named(none_equal, read_numbers):
    panel = read_numbers(none_equal, {"coding": "bipolar"}).panel
    sizes = sorted(abs(value) for row in none_equal for value in row)
    assert sorted(panel["intensity"]) == sizes


def test_one_expert_never_near_equal_in_saaty_numbers_among_others(
    values, none_equal, read_numbers
):
    table = values.tolist()
    table[4] = none_equal[4]
    notes = [each for each in read_numbers(table).warnings if "nowhere" in each]
    assert len(notes) == 1 and notes[0].startswith("a.csv, row 6: 135 numbers and nowhere 0, 1")


@pytest.mark.parametrize(
    ("steps", "notes"),
    [([8], 0), ([2, 4, 6, 8], 0), ([4, 6, 8], 0), ([7, 8], 1), ([5, 6, 7, 8], 1)],
)
@pytest.mark.parametrize("experts", [1, 13])
def test_experts_of_extremes_are_read_and_where_in_doubt_asked(
    steps, notes, experts, asked, read_numbers
):
    rng = np.random.default_rng(len(steps))
    table = rng.choice(steps, (experts, len(asked))) * rng.choice([-1, 1], (experts, len(asked)))
    answers = read_numbers(table.tolist())
    assert sorted(answers.panel["intensity"]) == sorted(np.abs(table).ravel() + 1)
    assert sum("nowhere" in note for note in answers.warnings) == notes


@pytest.mark.parametrize("coding", ["bipolar", "signed"])
def test_either_coding_is_read_when_it_is_named(
    coding, values, no_nine, read_numbers, same_answers, by_hand
):
    table = no_nine if coding == "bipolar" else np.clip(values, -7, 7).tolist()
    answers = read_numbers(table, {"coding": coding}, by_hand["experts"])
    same_answers(answers.panel, answers.key, written=np.clip(values, -7, 7))


def test_one_expert_in_saaty_numbers_among_others(values, no_nine, read_numbers):
    table = values.tolist()
    table[4] = no_nine[4]
    with pytest.raises(PanelProblems, match=ONE_IS_EQUAL) as refused:
        read_numbers(table)
    assert [problem.row for problem in refused.value.problems] == [6]


def test_few_ones_are_asked_about_and_read(read_numbers):
    answers = read_numbers([[1, 2, 3, -4, 5, 1, -6, 1, 1, 2]] * 2)
    (note,) = [each for each in answers.warnings if ONE_IS_EQUAL in each]
    assert note.startswith("a.csv: 8 times 1 and") and "coding: bipolar" in note


@pytest.mark.parametrize("lean", [0.0, 1.0, 2.0])
def test_no_genuine_panel_of_three_experts_is_asked(lean, values, read_numbers):
    """400 panels of three with their lean to the left; 135 answers each, drawn with seeds."""
    questions = read_numbers(values.tolist()).panel[["context", "left", "right"]].drop_duplicates()
    found = 0
    for seed in range(400):
        drawn = np.random.default_rng(seed).normal(lean, 2.0, size=(3, len(questions)))
        signed = np.clip(np.rint(drawn), -8, 8)
        raw = from_signed(SignedValues(["a", "b", "c"], questions, signed)).astype(str)
        problems, notes = saaty_numbers(raw.assign(file="a.csv", row=2))
        found += bool(problems or notes)
    assert found == 0


def test_the_evidence_needed_is_eighteen_answers():
    assert MOST_LEFT**18 <= IMPOSSIBLE < MOST_LEFT**17


@pytest.mark.parametrize(
    ("coding", "text", "others"),
    [
        ("bipolar", "0", "signed"),
        ("bipolar", "-1", "signed"),
        ("bipolar", "1/5", "ratio"),
        ("signed", "9", "bipolar or ratio"),
        ("signed", "0,2", "ratio"),
        ("ratio", "-3", "signed or bipolar"),
        ("words", "7", "signed or bipolar or ratio"),
    ],
)
def test_a_value_of_another_coding_names_that_coding(
    coding, text, others, asked, read_numbers, no_nine
):
    table = [list(row) for row in no_nine]
    table = [[max(value, 1) if coding == "ratio" else value for value in row] for row in table]
    table = [["equal"] * len(asked)] * 3 if coding == "words" else table[:3]
    table[1] = [text, *table[1][1:]]
    with pytest.raises(PanelProblems) as refused:
        read_numbers(table, {"coding": coding})
    problem = next(p for p in refused.value.problems if p.row == 3)
    assert f"(it is one of the coding {others})" in problem.accepted


@pytest.mark.parametrize(("most", "asked_about"), [(2, True), (4, True), (6, False)])
def test_a_scale_with_few_strengths_is_asked_about(most, asked_about, values, read_numbers):
    """A form's own five strengths, saved as 1 to 5, are all in Saaty's 1 to 9."""
    answers = read_numbers(np.clip(values, -most, most).tolist())
    sided, last = (values != 0).sum(), (np.abs(values) >= most).sum()
    note = (
        f"a.csv: of {sided} strengths from 2 to 9 none is more than {most + 1}, and {last} are"
        f" {most + 1}; if the form had a scale of its own, write Saaty's numbers."
    )
    assert (note in answers.warnings) == asked_about
    assert any("a scale of its own" in each for each in answers.warnings) == asked_about


# Codes for missing.


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("-1", "-1"),
        ("99", "99"),
        ("-1.0", "-1"),
        ("−1", "-1"),
        ("–1", "-1"),
        ("DK", "dk"),
        ("?", "?"),
    ],
)
def test_missing_codes_of_a_mapping(code, missing, values, read_numbers):
    table = values.tolist()
    table[2][40:60] = [code] * 20
    answers = read_numbers(table, {"missing": [missing, "-9"]})
    answered = answers.panel["expert"].value_counts()[answers.key["K-03"]]
    assert answered == sum(str(cell) not in (code, missing) for cell in table[2]) <= 115
    assert not any("running" in note for note in answers.warnings)


@pytest.mark.parametrize("times", [19, 20, 27])
def test_one_answer_many_times_running_is_asked_about(times, values, read_numbers):
    table = values.tolist()
    table[2][100:130] = [2, -2] * 15
    table[2][100 : 100 + times] = [-1] * times
    notes = [each for each in read_numbers(table).warnings if "running" in each]
    assert notes == (
        [f"a.csv: right 2 up to {times} times running in row 4; {LEAVE}."] if times > 19 else []
    )


LEAVE = "if it stands for no answer, leave the cells empty, or list it as missing in a mapping file"


@pytest.mark.parametrize(("code", "times"), [(-1, 26), (-3, 26), (-1, 11), (1, 26), (-6, 26)])
def test_a_code_for_missing_that_one_expert_strews(code, times, values, read_numbers):
    """As 1KA writes -1 to -5; 26 answers of 135 spread over the questions."""
    table = values.tolist()
    rng = np.random.default_rng(5)
    for place in rng.choice(135, times, replace=False):
        table[2][place] = code
    count = table[2].count(code)
    notes = [each for each in read_numbers(table).warnings if LEAVE in each]
    strewn = times == 26 and code in (-1, -3)
    assert notes == ([f"a.csv: {code} {count} times in row 4; {LEAVE}."] if strewn else [])


def test_a_panel_of_small_leanings_is_not_asked_about_codes(values, read_numbers):
    """All experts lean to the right by a step or two: their -1 are answers."""
    drawn = np.random.default_rng(3).normal(-1.5, 1.2, size=values.shape)
    table = np.clip(np.rint(drawn), -8, 8).astype(int)
    assert not any(LEAVE in each for each in read_numbers(table.tolist()).warnings)


MISSING = "; where it stands for no answer, an empty cell, or missing: in a mapping file"


@pytest.mark.parametrize(
    ("form", "column", "text", "said"),
    [
        ("wide", 5, "-99", MISSING),
        ("wide", 5, "99", MISSING),
        ("wide", 5, "-9", MISSING),
        ("wide", 5, "0.1", "(it is one of the coding ratio)"),
        ("tidy", 6, "-1", MISSING),
        ("tidy", 5, "-5", MISSING),
        ("tidy", 5, "99", MISSING),
        ("tidy", 5, "2", "in Qualtrics “Use choice text”"),
        ("tidy", 5, "2", "what each number means as words: in a mapping file"),
    ],
)
def test_numbers_that_are_no_answers_come_with_their_cure(
    form, column, text, said, values, asked, by_hand, tmp_path, model
):
    header, rows = by_hand[form](values, asked)
    rows[3][column] = text
    with pytest.raises(PanelProblems) as refused:
        read_answers(by_hand["csv"](tmp_path / "a.csv", header, rows), model)
    problem = refused.value.problems[0]
    assert (problem.row, problem.column) == (5, header[column])
    assert said in problem.accepted


def test_an_expert_to_whom_all_is_equal_is_not_asked_about(values, read_numbers):
    table = values.tolist()
    table[2] = [0] * 135
    assert not any("running" in each for each in read_numbers(table).warnings)


def test_answers_all_of_one_side_are_asked_about(values, read_numbers):
    notes = read_numbers(np.abs(values).tolist()).warnings
    assert any("favour the left side; was a sign, or a column of sides, lost?" in n for n in notes)


@pytest.mark.parametrize("missing", ["99", {"code": "99"}, [["99"]]])
def test_missing_is_a_list(missing, values, read_numbers):
    with pytest.raises(PanelProblems, match="at missing: found no list of texts"):
        read_numbers(values.tolist(), {"missing": missing})


# Two rounds.


def two_rounds(by_hand, tmp_path, asked, values, codes):
    paths = []
    for number, (table, names) in enumerate(zip(values, codes, strict=True)):
        header, rows = by_hand["wide"](table, asked, names)
        paths.append(by_hand["csv"](tmp_path / f"{'ab'[number]}.csv", header, rows))
    return paths


def test_round_two_from_the_bytes_of_round_one(values, asked, by_hand, tmp_path, model):
    first, second = two_rounds(by_hand, tmp_path, asked, [values] * 2, [by_hand["experts"]] * 2)
    with pytest.raises(PanelProblems, match="found the same bytes as in a.csv; accepted: the file"):
        read_answers(first, model, round2=second)
    with pytest.raises(PanelProblems, match="found the same bytes"):
        read_answers(first, model, round2=first)


def test_a_second_round_that_repeats_the_first_is_said(values, asked, by_hand, tmp_path, model):
    codes = by_hand["experts"], by_hand["experts"][::-1]
    first, second = two_rounds(by_hand, tmp_path, asked, [values, values[::-1]], codes)
    notes = read_answers(first, model, round2=second).warnings
    assert "Round 2 repeats all 1755 judgements of round 1: is it the right file?" in notes


@pytest.mark.parametrize("turned", [[], [4], range(13)])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_second_round_turned_round_is_asked_about(
    turned, swapped, values, asked, by_hand, tmp_path, model
):
    """Another sign, or headings whose sides changed places and answers that did not."""
    rng, again = np.random.default_rng(3), values.copy()
    again[rng.random(values.shape) < 0.2] = 0
    again[list(turned)] *= -1
    header, rows = by_hand["wide"](values, asked)
    first = by_hand["csv"](tmp_path / "a.csv", header, rows)
    sides = [(c, b, a) for c, a, b in asked] if swapped else asked
    table = by_hand["wide"](-again if swapped else again, sides)
    notes = read_answers(first, model, round2=by_hand["csv"](tmp_path / "b.csv", *table)).warnings
    told = [each for each in notes if "favour the other side" in each]
    rows = (
        f"b.csv: rows {', '.join(map(str, range(2, 14)))} …" if len(turned) > 1 else "b.csv: row 6"
    )
    assert len(told) == bool(turned) and all(note.startswith(f"{rows} favour") for note in told)


def test_two_experts_with_the_same_answers_are_asked_about(values, read_numbers):
    table = values.tolist()
    table[7] = list(table[2])
    note = "a.csv: rows 4, 9 give the same answers throughout; was one expert read under two codes?"
    assert note in read_numbers(table).warnings
    table[7][9] = 5 if table[2][9] != 5 else 4
    assert not any("throughout" in each for each in read_numbers(table).warnings)


@pytest.mark.parametrize("attrition", ["refuse", "accept"])
@pytest.mark.parametrize(("one", "two"), [("001", "1"), ("K-07", "K-7"), ("07", "7.0")])
def test_a_code_that_lost_its_zeros_between_rounds(
    one, two, attrition, values, asked, by_hand, tmp_path, model
):
    codes = [[code, *by_hand["experts"][1:]] for code in (one, two)]
    moved = [values, np.where(values == 3, 4, values)]
    first, second = two_rounds(by_hand, tmp_path, asked, moved, codes)
    with pytest.raises(PanelProblems) as refused:
        read_answers(first, model, round2=second, attrition=attrition)
    (problem,) = refused.value.problems
    assert (problem.file, problem.row) == ("b.csv", 2)
    assert problem.found == f"{two!r} in round 2, {one!r} in round 1"
    assert "leading zeros" in problem.accepted


def test_padded_codes_in_one_round_are_told_apart_and_said(values, read_numbers):
    codes = ["1", "001", *(f"K-{n}" for n in range(11))]
    answers = read_numbers(values.tolist(), codes=codes)
    assert answers.understood[0].experts == 13
    note = "a.csv: '1' and '001' are read as different experts; if they are one, spell them alike."
    assert note in answers.warnings


# Mapping files that say a thing twice, or without end.

QUESTION = "questions: [{column: A, context: E1, left: economic_growth, right: policy_making}]\n"
BAD = {
    "words: {left: [one], right: [two, One]}": "words: found 'one' for 2 sides",
    "coding: signed\ncoding: bipolar": "row 4, column coding: found the entry twice",
    "words: {left: [a], left: [b]}": "row 3, column left: found the entry twice",
    "? [a, b]\n: c": "row 3: found an entry without a name",
    "words: &all {left: [a]}\nmissing: *all": "row 4: found the alias *all",
    "missing: " + "[" * 5000 + "]" * 5000: "row 3: found entries nested too deep",
    "missing: [" + "a, " * 400_000 + "]": "found 1.2 MB; accepted: a mapping file of up to 1 MB",
    "\n".join(f"a{n}: &b{n} [{f'*b{n - 1},' * 9 if n else 1}]" for n in range(9)): "the alias *b0",
}


@pytest.mark.parametrize("entry", BAD)
def test_a_mapping_file_that_says_a_thing_twice_or_without_end(entry, by_hand, tmp_path, model):
    path = by_hand["csv"](tmp_path / "a.csv", ["Code", "A"], [["x", 3]])
    (tmp_path / "m.yaml").write_text(f"expert: Code\n{QUESTION}{entry}\n")
    with pytest.raises(PanelProblems) as refused:
        read_answers(path, model, mapping=tmp_path / "m.yaml")
    assert BAD[entry] in str(refused.value.problems[0])
