"""Which questions a round asked, and which experts count."""

import pytest

from smartgov.panels import PanelProblems, read_answers


def two_rounds(by_hand, tmp_path, first, second):
    return (
        by_hand["csv"](tmp_path / "one.csv", *first),
        by_hand["csv"](tmp_path / "two.csv", *second),
    )


def blanked(row, keep):
    return [row[0], *(cell if i in keep else "" for i, cell in enumerate(row[1:]))]


def test_a_later_round_asks_what_its_experts_answered(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["wide"](values, asked)
    again = [blanked(row, range(40)) for row in rows]
    again[3] = rows[3]  # one expert fills in the whole form again
    again[5][7] = ""
    one, two = two_rounds(by_hand, tmp_path, (header, rows), (header, again))
    answers = read_answers(one, model, round2=two)
    same_answers(answers.panel, answers.key)
    of_second = answers.understood[1]
    assert (of_second.questions_found, of_second.missing) == (40, 1)
    assert (answers.panel["round"] == 2).sum() == 12 * 40 - 1 + 135


def test_half_empty_is_half_of_what_the_round_asked(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    again = [blanked(row, range(40)) for row in rows]
    again[5] = blanked(rows[5], range(10))
    one, two = two_rounds(by_hand, tmp_path, (header, rows), (header, again))
    with pytest.raises(PanelProblems, match="two.csv, row 7: found 10 of 40 questions answered"):
        read_answers(one, model, round2=two)


def test_new_experts_of_a_second_round_are_taken_on_demand(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["wide"](values, asked)
    new = [["NEW-1", *rows[0][1:]], ["NEW-2", *rows[1][1:]]]
    one, two = two_rounds(by_hand, tmp_path, (header, rows), (header, rows[2:] + new))
    with pytest.raises(PanelProblems) as refused:
        read_answers(one, model, round2=two)
    assert [p.found for p in refused.value.problems][-2:] == [
        "'NEW-1' in round 2, not in round 1",
        "'NEW-2' in round 2, not in round 1",
    ]
    assert "ATTRITION=accept if the expert is new" in refused.value.problems[-1].accepted
    answers = read_answers(one, model, round2=two, attrition="accept")
    alone = read_answers(one, model)
    assert {code: answers.key[code] for code in alone.key} == alone.key
    assert {answers.key["NEW-1"], answers.key["NEW-2"]} == {"expert_14", "expert_15"}
    both = (
        "11 of 15 experts are in both rounds 1 and 2; 2 answered round 1 only, 2 round 2 only"
        " (expert_14, expert_15)."
    )
    assert both in answers.warnings


def test_experts_with_too_few_answers_are_left_out_on_demand(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["wide"](values, asked)
    rows[0], rows[4] = blanked(rows[0], range(50)), blanked(rows[4], range(90))
    path = by_hand["csv"](tmp_path / "few.csv", header, rows)
    with pytest.raises(PanelProblems, match="MIN_ANSWERED=0.5 leaves out everyone"):
        read_answers(path, model)
    answers = read_answers(path, model, min_answered=0.7)
    kept = [n for n in range(13) if n not in (0, 4)]
    same_answers(
        answers.panel,
        answers.key,
        experts=[by_hand["experts"][n] for n in kept],
        written=values[kept],
    )
    assert answers.understood[0].experts == 11
    assert answers.warnings == (
        "round 1: left out, as they answered less than 70% of the questions: 2 of 13 experts"
        " (row 2: 50 of 135, row 6: 90 of 135).",
    )
    assert read_answers(path, model, min_answered=0.3).understood[0].missing == 85 + 45
    with pytest.raises(ValueError, match="min_answered: found 50; accepted is a share from 0 to 1"):
        read_answers(path, model, min_answered=50)


def test_fields_of_the_questionnaire_itself_are_counted(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["kobo"](values, asked)
    header += [f"shown_r1_{n}/shown_r1_{n}__a" for n in range(531)]
    path = by_hand["csv"](tmp_path / "k.csv", header, [[*row, *["x"] * 531] for row in rows])
    report = read_answers(path, model).report()
    assert "dropped 531 fields of the questionnaire itself" in report
    assert "shown_r1" not in report and "E-mail" in report
