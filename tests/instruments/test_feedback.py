"""What experts are told between rounds, on panels small enough to work out by hand."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.files.spreadsheet_safety import neutral
from smartgov.instruments.feedback import (
    answer_words,
    expert_feedback,
    expert_priorities,
    group_answers,
    group_sentences,
    inconsistency_sentences,
    least_consistent,
    safe_codes,
    small_groups,
)
from smartgov.model import Model, questionnaire, read_model

COLUMNS = ["expert", "round", "context", "left", "right", "favours", "intensity"]


def single_question() -> Model:
    """Two components in one dimension: a single question, Data against Trust."""
    whole = read_model()
    two = whole.components.iloc[:2].rename(
        index={"economic_growth": "data", "policy_making": "trust"}
    )
    two = two.assign(en=["Data", "Trust"])
    rules = [{"ring": "middle", "contexts": "dimensions", "table2_columns": ["E1"]}]
    return replace(
        whole, dimensions=whole.dimensions.iloc[:1], components=two, questionnaire_rules=rules
    )


SINGLE = single_question()


@pytest.fixture(scope="module")
def model() -> Model:
    return SINGLE


def panel_of(signed: dict[str, int], round: int = 1) -> pd.DataFrame:
    rows = [
        (
            expert,
            round,
            "E1",
            "data",
            "trust",
            "left" if v > 0 else "right" if v < 0 else "equal",
            abs(v) + 1,
        )
        for expert, v in signed.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_median_and_quartiles_worked_by_hand(model):
    # ordered 0, 2, 4, 8: quartiles lie a quarter of the way into the three gaps: 1.5, 3, 5
    group = group_answers(panel_of({"a": 8, "b": 0, "c": 2, "d": 4}), model)
    assert group[["round", "n", "low", "median", "high"]].iloc[0].tolist() == [1, 4, 1.5, 3, 5]


def test_a_judgement_with_exchanged_sides_counts_turned_round(model):
    panel = panel_of({"a": 8, "b": 0, "c": 2})
    panel.loc[3] = ["d", 1, "E1", "trust", "data", "right", 5]
    assert group_answers(panel, model)["median"].iloc[0] == 3


@pytest.mark.parametrize(
    ("own", "stands"), [(8, "towards_left"), (5, "inside"), (-1, "inside"), (-2, "towards_right")]
)
def test_where_an_expert_stands(own, stands, model):
    # ten answers at -1 and ten at 5: the quartiles stay there whatever one more expert says
    others = {f"x{i}": v for i, v in enumerate([-1] * 10 + [5] * 10)}
    found = expert_feedback(panel_of(others | {"me": own}), model, "me").iloc[0]
    assert (found["own"], found["stands"], found["low"], found["high"]) == (own, stands, -1, 5)


def test_a_question_left_out_and_one_nobody_else_answered():
    model = read_model()
    first, second = questionnaire(model).iloc[0], questionnaire(model).iloc[1]
    rows = [
        ("a", 1, *first[["context", "left", "right"]], "left", 4),
        ("b", 1, *second[["context", "left", "right"]], "equal", 1),
    ]
    table = expert_feedback(pd.DataFrame(rows, columns=COLUMNS), model, "a")
    assert table["stands"].tolist()[:3] == ["no_group", "not_answered", "not_answered"]
    assert table["n"].tolist()[:3] == [1, 1, 0]
    assert np.isnan(table.loc[2, ["own", "low", "median", "high"]].to_numpy(dtype=float)).all()


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.integers(-8, 8), min_size=1, max_size=15))
def test_a_quarter_of_the_answers_at_most_lies_on_either_side_of_the_middle_half(values):
    panel = panel_of({f"e{i}": v for i, v in enumerate(values)})
    group = group_answers(panel, SINGLE).iloc[0]
    assert group["low"] <= group["median"] <= group["high"]
    most = ceil((len(values) - 1) / 4)
    assert (
        sum(v < group["low"] for v in values) <= most
        and sum(v > group["high"] for v in values) <= most
    )
    other = group_answers(panel_of({f"e{i}": -v for i, v in enumerate(values)}), SINGLE).iloc[0]
    assert (other["low"], other["median"], other["high"]) == (
        -group["high"],
        -group["median"],
        -group["low"],
    )


def test_a_round_nobody_answered_is_refused(model):
    with pytest.raises(ValueError, match=r"round 2: nobody answered .* holds rounds \[1\]"):
        group_answers(panel_of({"a": 1}), model, round=2)


def test_an_expert_who_left_after_round_one_has_no_sheet_in_round_two(model):
    panel = pd.concat([panel_of({"a": 1, "b": 2}), panel_of({"b": 2}, round=2)], ignore_index=True)
    with pytest.raises(ValueError, match="'a' gave no answer in round 2; those who did: b"):
        expert_feedback(panel, model, "a", round=2)


def test_the_group_in_words(model):
    group = group_answers(panel_of({"a": 8, "b": 0, "c": -3, "d": 4}), model)
    said = "Round 1, experts: 4. Group's median: Data, 3. Middle half of the answers: from "
    assert group_sentences(group, model, ["en"]) == [{"en": f"{said}Data, 6 to Trust, 1.75."}]
    same = group_answers(panel_of({"a": 0, "b": 0}), model)
    said = "Round 1, experts: 2. Group's median: equal; the middle half of the answers is the same."
    assert group_sentences(same, model, ["en"]) == [{"en": said}]
    nobody = {"en": "Round 1: no answers of the group.", "ru": "Тур 1: ответов группы нет."}
    assert group_sentences(same.assign(n=0), model, ["en", "ru"]) == [nobody]


def test_an_answer_in_words_has_the_languages_decimal_mark():
    assert answer_words(8, "Data", "Trust", "en") == "Data, 9"
    assert answer_words(-1.5, "Деректер", "Сенім", "kk") == "Сенім, 2,5"


def test_small_groups_are_named(model):
    assert len(small_groups(group_answers(panel_of({"a": 1, "b": 2, "c": 3}), model))) == 1
    assert len(small_groups(group_answers(panel_of({"a": 1, "b": 2, "c": 3, "d": 4}), model))) == 0


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["../x"], "no file can be named so"),
        (["a/b"], "no file"),
        (["E1", "e1"], "only in capitals"),
        ([""], "no file"),
    ],
)
def test_codes_that_name_no_file_are_refused(codes, message):
    with pytest.raises(ValueError, match=message):
        safe_codes(panel_of(dict.fromkeys(codes, 1)))


def test_codes_in_kazakh_letters_are_fine():
    assert safe_codes(panel_of({"Сарапшы-1": 1, "E_2": 2})) == ["Сарапшы-1", "E_2"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_are_neutralised(text):
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("value", ["data", "", "a=b", "Тиімділік", -3, 2.5, None])
def test_everything_else_stays(value):
    assert neutral(value) is value


# Which judgement contradicts the others ----------------------------------------------------------


def one_dimension(count: int) -> Model:
    """The first components of the middle ring, compared in one dimension."""
    whole = read_model()
    rules = [{"ring": "middle", "contexts": "dimensions", "table2_columns": ["E1"]}]
    return replace(
        whole,
        dimensions=whole.dimensions.iloc[:1],
        components=whole.components.iloc[:count],
        questionnaire_rules=rules,
    )


FOUR = one_dimension(4)
NAMES = FOUR.ring("middle")
DOUBLING = {(0, 1): 1, (0, 2): 3, (0, 3): 7, (1, 2): 1, (1, 3): 3, (2, 3): 1}
"""Each component twice as important as the next: ratios 2, 4 and 8 of four components."""


def answers_of(signed: dict[tuple[int, int], int], names=NAMES) -> pd.DataFrame:
    rows = [
        ("a", 1, "E1", names[i], names[j], ["equal", "left", "right"][np.sign(v)], abs(v) + 1)
        for (i, j), v in signed.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def matrix_of(signed: dict[tuple[int, int], int]) -> np.ndarray:
    matrix = np.eye(4)
    for (i, j), v in signed.items():
        matrix[i, j] = (abs(v) + 1.0) ** (1 if v > 0 else -1)
        matrix[j, i] = 1 / matrix[i, j]
    return matrix


def ratio_and_priorities(matrix: np.ndarray) -> tuple[float, np.ndarray]:
    """Consistency ratio of four items (random index 0.90, Saaty 1980) and priorities, by LAPACK."""
    values, vectors = np.linalg.eig(matrix)
    first = values.real.argmax()
    return (values[first].real - 4) / 3 / 0.90, np.abs(vectors[:, first].real)


def test_the_judgement_turned_round_is_the_one_named():
    turned = DOUBLING | {(0, 3): -7}
    row = least_consistent(answers_of(turned), FOUR, "a").iloc[0]
    cr, weights = ratio_and_priorities(matrix_of(turned))
    assert (row["left"], row["right"], row["own"]) == (NAMES[0], NAMES[3], -7)
    assert row["cr"] == pytest.approx(cr)
    ratio = weights[0] / weights[3]
    assert row["implied"] == round(ratio - 1 if ratio >= 1 else 1 - 1 / ratio)


def test_sides_exchanged_name_the_same_judgement_turned_round():
    panel = answers_of(DOUBLING | {(0, 3): -7})
    turned = panel.rename(columns={"left": "right", "right": "left"}).replace(
        {"favours": {"left": "right", "right": "left"}}
    )
    pd.testing.assert_frame_equal(
        least_consistent(turned, FOUR, "a"), least_consistent(panel, FOUR, "a")
    )


@pytest.mark.parametrize(
    "signed",
    [DOUBLING, DOUBLING | {(2, 3): 2}, {p: v for p, v in DOUBLING.items() if p != (0, 1)}],
    ids=["consistent", "within the tolerance", "with a gap"],
)
def test_nothing_is_said_without_a_contradiction(signed):
    assert least_consistent(answers_of(signed), FOUR, "a").empty


def test_the_answer_suggested_makes_an_expert_more_consistent():
    rng = np.random.default_rng(9)
    named = 0
    for _ in range(150):
        signed = dict(zip(DOUBLING, rng.integers(-8, 9, 6).tolist(), strict=True))
        before, _ = ratio_and_priorities(matrix_of(signed))
        found = least_consistent(answers_of(signed), FOUR, "a")
        assert len(found) == (before > 0.10)
        for row in found.itertuples():
            pair = NAMES.index(row.left), NAMES.index(row.right)
            assert signed[pair] == row.own
            after, _ = ratio_and_priorities(matrix_of(signed | {pair: row.implied}))
            assert after < before
            named += 1
    assert named > 100


def test_only_the_rings_with_a_ratio_are_looked_at():
    two = one_dimension(2)
    assert least_consistent(answers_of({(0, 1): 8}), two, "a").empty
    whole = read_model()
    none = least_consistent(answers_of(DOUBLING | {(0, 3): -7}), whole, "a")
    assert none.empty, "nine components, of which four were compared"


def test_the_contradiction_in_words():
    found = least_consistent(answers_of(DOUBLING | {(0, 3): -7}), FOUR, "a")
    (sentence,) = inconsistency_sentences(found, FOUR, "ru").values()
    first, last = FOUR.label(NAMES[0], "ru"), FOUR.label(NAMES[3], "ru")
    assert f"«{first}» и «{last}»" in sentence and f"«{last}, 8»" in sentence
    assert f"{found['cr'].iloc[0]:.2f}".replace(".", ",") in sentence and "0,1" in sentence


# Priorities ---------------------------------------------------------------------------------------


def test_priorities_of_a_consistent_expert_are_read_off_the_answers():
    """Each component twice as important as the next: 8, 4, 2 and 1 fifteenths."""
    found = expert_priorities(answers_of(DOUBLING), FOUR, "a")
    assert found["own"].tolist() == pytest.approx([8 / 15, 4 / 15, 2 / 15, 1 / 15])
    assert found["component"].tolist() == NAMES and found["group"].isna().all()


def test_the_groups_priorities_are_those_of_the_geometric_means():
    turned = {pair: -value for pair, value in DOUBLING.items()}
    other = answers_of(turned).assign(expert="b")
    found = expert_priorities(pd.concat([answers_of(DOUBLING), other]), FOUR, "b")
    assert found["own"].tolist() == pytest.approx([1 / 15, 2 / 15, 4 / 15, 8 / 15])
    assert found["group"].tolist() == pytest.approx([0.25] * 4)


def test_a_round_that_left_questions_out_keeps_their_answers():
    again = answers_of({(0, 1): 1, (1, 2): 1}).assign(round=2)
    found = expert_priorities(pd.concat([answers_of(DOUBLING), again]), FOUR, "a", round=2)
    assert found["own"].tolist() == pytest.approx([8 / 15, 4 / 15, 2 / 15, 1 / 15])


def test_components_that_were_not_compared_have_no_priorities():
    assert expert_priorities(answers_of({(0, 1): 1, (2, 3): 1}), FOUR, "a").empty
