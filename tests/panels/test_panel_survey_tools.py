"""Exports in the shapes of KoboToolbox, ODK Central and LimeSurvey.

Shapes: KoboToolbox's export settings (group separator, XML names or labels as headings); ODK
Central's hyphenated group names; LimeSurvey's application/helpers/viewHelper.php (getFieldCode)
and admin/export/Writer.php (headings code, text, code and text).
"""

import datetime

import pytest

from smartgov.panels import PanelProblems, read_answers

QUESTION = {
    "en": "{n} · {c}: {l} or {r}?",
    "kk": "{n} · {c}: {l} әлде {r}?",
    "ru": "{n} · {c}: {l} или {r}?",
}
HOW_MUCH = {
    "en": " How much more important?",
    "kk": " Қаншалықты маңыздырақ?",
    "ru": " Насколько важнее?",
}
EQUAL = {"en": "Equally important", "kk": "Бірдей маңызды", "ru": "Одинаково важны"}
CODE = {"en": "Your expert code", "kk": "Сарапшы ретіндегі кодыңыз", "ru": "Ваш код эксперта"}


@pytest.mark.parametrize("separator", ["/", "-", None])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_kobo_with_group_names(
    separator, kind, values, asked, by_hand, tmp_path, model, same_answers
):
    path = by_hand[kind](
        tmp_path / f"export.{kind}", *by_hand["kobo"](values, asked, separator=separator)
    )
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    (understood,) = answers.understood
    assert (understood.format, understood.experts, understood.missing) == ("kobo", 13, 0)
    assert (understood.questions_found, understood.questions_expected) == (135, 135)
    assert understood.dates == (datetime.date(2026, 3, 1), datetime.date(2026, 3, 13))
    assert "13 experts, 135 of 135 questions, 0 judgements missing" in answers.report()
    assert {"E-mail", "deviceid", "_uuid", "comment"} <= set(answers.dropped_columns)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_kobo_with_labels_for_questions_and_answers(
    language, values, asked, by_hand, tmp_path, model, same_answers
):
    number = {question: n for n, question in enumerate(asked, 1)}

    def label(question, side):
        return (
            EQUAL[language]
            if side == "equal"
            else model.label(question[1 if side == "left" else 2], language)
        )

    def heading(question, part):
        context, left, right = (model.label(each, language) for each in question)
        text = QUESTION[language].format(n=number[question], c=context, l=left, r=right)
        return f"{context}/{text}" + (HOW_MUCH[language] if part == "intensity" else "")

    header, rows = by_hand["kobo"](values, asked, labels=label, headings=heading)
    header[header.index("expert_code")] = CODE[language]
    answers = read_answers(
        by_hand["csv"](tmp_path / "labels.csv", header, rows, ";", "utf-8-sig"), model
    )
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].questions_found == 135


def test_fields_of_a_shuffled_form_are_not_taken_for_answers(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["kobo"](values, asked)
    header += ["shuffle_contexts_r1", "shown_r1_1/shown_r1_1__a__side", "E1/E1__hidden"]
    path = by_hand["csv"](
        tmp_path / "shuffled.csv", header, [[*row, "c1 c2", "b_p07_left", ""] for row in rows]
    )
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    assert "shown_r1_1/shown_r1_1__a__side" in answers.dropped_columns


def test_who_refused_consent_is_left_out(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["kobo"](values, asked)
    rows[2] = ["" if i > 4 else cell for i, cell in enumerate(rows[2])]
    rows[2][header.index("consent")] = "no"
    answers = read_answers(by_hand["csv"](tmp_path / "consent.csv", header, rows), model)
    assert answers.understood[0].experts == 12
    assert answers.warnings == ("consent.csv: left out, as consent was refused: row 4.",)


@pytest.mark.parametrize("style", ["dual", "single", "underscores", "text"])
def test_limesurvey_headings(style, values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand["limesurvey"](values, asked, style=style)
    answers = read_answers(
        by_hand["csv"](tmp_path / "results-survey1.csv", header, rows, ";", "utf-8-sig", quoting=1),
        model,
    )
    same_answers(answers.panel, answers.key)
    (understood,) = answers.understood
    assert (understood.format, understood.encoding, understood.separator) == (
        "limesurvey",
        "UTF-8 with BOM",
        "semicolon",
    )
    assert understood.dates == (datetime.date(2026, 4, 1), datetime.date(2026, 4, 13))


def test_limesurvey_with_side_and_intensity_in_one_answer(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["limesurvey"](values, asked)
    header = header[:8] + [f"{context[:4]}[q{n:03d}]" for n, (context, *_) in enumerate(asked, 1)]
    codes = [
        ["E" if v == 0 else f"{'L' if v > 0 else 'R'}{abs(v) + 1}" for v in row] for row in values
    ]
    rows = [row[:8] + answered for row, answered in zip(rows, codes, strict=True)]
    answers = read_answers(by_hand["csv"](tmp_path / "one.csv", header, rows), model)
    same_answers(answers.panel, answers.key)


def test_limesurvey_responses_never_sent_off_are_left_out(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["limesurvey"](values, asked)
    begun = [*rows[4][:8], *rows[4][8:20], *[""] * (len(header) - 20)]
    begun[1] = ""
    answers = read_answers(by_hand["csv"](tmp_path / "begun.csv", header, [*rows, begun]), model)
    assert answers.understood[0].experts == 13
    assert answers.warnings == ("begun.csv: left out, as never sent off: row 15.",)


def test_two_rounds_in_two_tools(values, asked, by_hand, tmp_path, model, same_answers):
    moved = values.copy()
    moved[:, ::3] = 0
    first = by_hand["csv"](tmp_path / "one.csv", *by_hand["kobo"](values, asked))
    second = by_hand["csv"](
        tmp_path / "two.csv",
        *by_hand["limesurvey"](moved[::-1], asked, experts=by_hand["experts"][::-1]),
    )
    answers = read_answers(first, model, round2=second)
    same_answers(answers.panel, answers.key)
    same_answers(answers.panel, answers.key, written=moved, round=2)
    assert [each.rounds for each in answers.understood] == [(1,), (2,)]
    alone = read_answers(first, model)
    assert alone.key == answers.key  # feedback after round one is addressed by the same codes


def test_missing_judgements_are_counted(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["kobo"](values, asked)
    start = header.index("E1/E1__economic_growth__policy_making__side")
    for row in (0, 5):
        rows[row][start : start + 4] = [""] * 4
    answers = read_answers(by_hand["csv"](tmp_path / "missing.csv", header, rows), model)
    assert answers.understood[0].missing == 4
    assert len(answers.panel) == 13 * 135 - 4


def test_a_format_can_be_named_and_an_unknown_file_says_what_is_known(
    values, asked, by_hand, tmp_path, model
):
    path = by_hand["csv"](tmp_path / "wide.csv", *by_hand["wide"](values, asked))
    assert read_answers(path, model).understood[0].format == "wide"
    with pytest.raises(
        ValueError, match="format: found 'excel'; accepted is one of auto, tidy, wide, kobo"
    ):
        read_answers(path, model, format="excel")
    odd = by_hand["csv"](tmp_path / "odd.csv", ["a", "b"], [[1, 2]])
    with pytest.raises(
        PanelProblems,
        match=(
            "headings of no known form: a, b; accepted: an export of KoboToolbox, ODK or LimeSurvey"
        ),
    ):
        read_answers(odd, model)


def test_another_model_asks_other_questions(tmp_path, by_hand, model):
    from dataclasses import replace

    components = model.components.loc[
        ["economic_growth", "policy_making", "emerging_technologies", "data"]
    ]
    small = replace(model, components=components)
    questions = [
        ("E1", "economic_growth", "policy_making"),
        ("policy_making", "emerging_technologies", "data"),
    ]
    header = [
        "expert_code",
        *("__".join(q) + "__" + part for q in questions for part in ("side", "intensity")),
        "_id",
        "_uuid",
    ]
    path = by_hand["csv"](
        tmp_path / "small.csv",
        header,
        [["a1", "left", 3, "equal", "", 1, "u"], ["b2", "right", 9, "left", 2, 2, "v"]],
    )
    answers = read_answers(path, small)
    assert (answers.understood[0].questions_found, answers.understood[0].questions_expected) == (
        2,
        5,
    )
    assert "3 questions of the model are not in the file" in answers.report()


def coded(header, rows, side, size):
    """The table with answer codes in place of sides and intensities, from the ninth column on."""
    return header, [
        [*row[:8], *(side(c) if n % 2 == 0 else size(c) for n, c in enumerate(row[8:]))]
        for row in rows
    ]


SIDE_CODES = {"left": "A1", "equal": "A2", "right": "A3"}


def intensity_code(cell):
    return f"A{float(cell):.0f}" if cell else ""


@pytest.mark.parametrize("lead", ["A", "AO0"])
@pytest.mark.parametrize("style", ["dual", "single", "underscores", "text"])
def test_limesurvey_answer_codes(
    lead, style, values, asked, by_hand, tmp_path, model, same_answers
):
    table = by_hand["limesurvey"](values, asked, style=style)
    header, rows = coded(
        *table,
        lambda side: SIDE_CODES[side].replace("A", lead),
        lambda cell: intensity_code(cell).replace("A", lead),
    )
    answers = read_answers(by_hand["csv"](tmp_path / "codes.csv", header, rows), model)
    same_answers(answers.panel, answers.key)
    assert answers.warnings == (
        "codes.csv: read the side codes 1, 2 and 3 as left, equal and right and the number of a"
        " strength's code as the intensity.",
    )


@pytest.mark.parametrize(
    ("sides", "intensity", "found"),
    [
        ({"left": "A1", "right": "A2", "equal": "A3"}, intensity_code, "the sides A1, A2, A3"),
        (
            SIDE_CODES,
            lambda cell: f"A{float(cell) - 1:.0f}" if cell else "",
            "the strengths A1, A2, A3, A4, A5, A6, A7, A8",
        ),
    ],
)
def test_answer_codes_that_may_mean_several_things(
    sides, intensity, found, values, asked, by_hand, tmp_path, model
):
    table = coded(*by_hand["limesurvey"](values, asked), sides.get, intensity)
    with pytest.raises(PanelProblems) as refused:
        read_answers(by_hand["csv"](tmp_path / "codes.csv", *table), model)
    (problem,) = refused.value.problems
    assert problem.found == f"answer codes that may mean several things: {found}"
    assert problem.accepted.startswith("LimeSurvey's “full answers”")


def test_answer_codes_of_one_column_are_asked_about(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["limesurvey"](values, asked)
    header = header[:8] + [f"q{n:03d}" for n in range(1, len(asked) + 1)]
    table = (
        header,
        [[*row[:8], *(f"A{9 - v}" for v in row_)] for row, row_ in zip(rows, values, strict=True)],
    )
    with pytest.raises(PanelProblems, match="several things: side and intensity in one column"):
        read_answers(by_hand["csv"](tmp_path / "codes.csv", *table), model)


@pytest.mark.parametrize("further", ["[comment]", "[other]"])
def test_remarks_beside_limesurvey_s_answers_are_dropped(
    further, values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["limesurvey"](values, asked, style="single")
    beside = [f"{each}{further}" for each in header if each.endswith("side")]
    path = by_hand["csv"](
        tmp_path / "l.csv", header + beside, [[*row, *["why?"] * len(beside)] for row in rows]
    )
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    assert {*beside} <= {*answers.dropped_columns}


def test_limesurvey_s_numbers_of_another_model(values, asked, by_hand, tmp_path, model):
    """Questions q001 … are others in each model: beyond its last they give another away."""
    from dataclasses import replace

    path = by_hand["csv"](tmp_path / "l.csv", *by_hand["limesurvey"](values, asked))
    fewer = model.components[model.components.index != "data"]
    with pytest.raises(PanelProblems) as refused:
        read_answers(path, replace(model, components=fewer))
    (first, *_) = refused.value.problems
    assert (first.found, first.row) == ("question q118", 1)
    assert first.accepted.startswith("q001 to q117, the questions of this model (MODEL=file")
