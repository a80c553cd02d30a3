"""What statistics are computed from: signed values, equal shares, matrices."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.audit.reconstruction import Question, to_judgements
from smartgov.model import question_counts, questionnaire, read_model
from smartgov.panels import (
    by_round,
    comparison_matrices,
    equal_shares,
    last_round,
    read_panel,
    signed_values,
)
from smartgov.panels.tidy import table2_columns

FIELDS = ["expert", "round", "context", "left", "right", "favours", "intensity"]


@pytest.fixture(scope="module")
def panel(values, asked, tmp_path_factory):
    path = tmp_path_factory.mktemp("panel") / "panel.csv"
    to_judgements(values, [Question(*question) for question in asked]).to_csv(path, index=False)
    return read_panel(path)


def test_signed_values_are_what_the_audit_wrote(panel, values, asked):
    read = signed_values(panel, asked)
    np.testing.assert_array_equal(read.values, values)
    assert read.experts[0] == "expert_01"
    np.testing.assert_array_equal(signed_values(panel).values, values)


def test_exchanged_sides_are_turned_round(panel, values, asked):
    turned = [(context, right, left) for context, left, right in asked]
    np.testing.assert_array_equal(signed_values(panel, turned).values, -values)


def test_both_rounds_have_the_same_rows(panel, asked):
    second = panel[panel["expert"] != "expert_02"].assign(round=2)
    both = pd.concat([panel, second])
    before, after = signed_values(both, asked, 1), signed_values(both, asked, 2)
    assert before.experts == after.experts
    assert np.isnan(after.values[1]).all() and not np.isnan(after.values[0]).any()


def test_a_judgement_not_given_is_missing(panel, asked):
    gone = signed_values(panel.drop(index=panel.index[7]), asked).values
    assert np.isnan(gone).sum() == 1 and np.isnan(gone[0, 7])


def test_equal_shares_count_as_table_2_does(panel, values, model):
    shares = equal_shares(panel, model).set_index(["expert", "column"])
    contexts = table2_columns(questionnaire(model), model)
    for column, count in question_counts(model)["questions"].items():
        zeros = (values[:, (contexts == column).to_numpy()] == 0).sum(axis=1)
        np.testing.assert_array_equal(shares.xs(column, level="column")["equal"], zeros)
        assert (shares.xs(column, level="column")["answered"] == count).all()
    assert shares.loc[("expert_01", "E1"), "share"] == pytest.approx((values[0, :36] == 0).mean())


def test_unnamed_questions_count_as_equal_and_nowhere_else(values, asked, model, tmp_path):
    questions = [Question(*question) for question in asked] + [
        Question("E1", None, None),
        Question("E1", None, None),
    ]
    extra = np.zeros((len(values), 2), dtype=int)
    path = tmp_path / "reconstructed.csv"
    to_judgements(np.hstack([values, extra]), questions).to_csv(path, index=False)
    panel = read_panel(path)
    shares = equal_shares(panel, model).set_index(["expert", "column"])
    assert shares.loc[("expert_01", "E1"), "answered"] == 38
    assert shares.loc[("expert_01", "E1"), "equal"] == (values[0, :36] == 0).sum() + 2
    np.testing.assert_array_equal(signed_values(panel).values, values)
    assert comparison_matrices(panel, model.groups()[0]).shape == (13, 9, 9)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(drawn=st.lists(st.integers(-8, 8), min_size=3, max_size=3), gone=st.integers(0, 3))
def test_matrices_are_reciprocal_and_hold_the_intensities(drawn, gone):
    model = read_model()
    pairs = [
        ("emerging_technologies", "ict_innovation"),
        ("emerging_technologies", "data"),
        ("ict_innovation", "data"),
    ]
    side = {1: "left", 0: "equal", -1: "right"}
    rows = [
        ("a", 1, "accountability", *pair, side[int(np.sign(v))], abs(v) + 1)
        for pair, v in zip(pairs, drawn, strict=False)
    ]
    group = next(each for each in model.groups("inner") if each.context == "accountability")
    matrix = comparison_matrices(pd.DataFrame(rows[gone:] or rows, columns=FIELDS), group)[0]
    known = ~np.isnan(matrix)
    np.testing.assert_allclose((matrix * matrix.T)[known], 1)
    assert (np.diag(matrix) == 1).all()
    if gone == 0:
        assert matrix[0, 1] == (drawn[0] + 1 if drawn[0] >= 0 else 1 / (1 - drawn[0]))
    assert np.isnan(matrix).sum() == 2 * (gone % 3)


def rounds_of(answers: dict[tuple[str, int], dict[str, int]]) -> pd.DataFrame:
    """Answers by expert and round: to each component against x, the intensity given."""
    rows = [
        (expert, number, "E1", "x", other, "left", intensity)
        for (expert, number), given in answers.items()
        for other, intensity in given.items()
    ]
    return pd.DataFrame(rows, columns=FIELDS)


def test_the_last_round_keeps_what_it_did_not_ask_and_loses_who_left():
    panel = rounds_of(
        {
            ("a", 1): {"p": 2, "q": 3, "r": 4},
            ("b", 1): {"p": 5, "q": 6, "r": 7},
            ("c", 1): {"p": 9, "q": 9, "r": 9},
            ("a", 2): {"p": 8, "q": 2},
            ("b", 2): {"p": 7},
            ("a", 3): {"p": 3},
            ("b", 3): {"p": 4},
        }
    )
    stood = by_round(panel)
    given = {
        number: rows.set_index(["expert", "right"])["intensity"].to_dict()
        for number, rows in stood.items()
    }
    assert set(stood[1]["expert"]) == {"a", "b"} and set(stood[3]["round"]) == {3}
    assert given[1] == {("a", "p"): 2, ("a", "q"): 3, ("a", "r"): 4} | {
        ("b", "p"): 5,
        ("b", "q"): 6,
        ("b", "r"): 7,
    }
    assert given[2] == {("a", "p"): 8, ("a", "q"): 2, ("b", "p"): 7, ("a", "r"): 4, ("b", "r"): 7}
    assert given[3] == {("a", "p"): 3, ("b", "p"): 4, ("a", "q"): 2, ("a", "r"): 4, ("b", "r"): 7}
    assert last_round(panel).equals(stood[3])


def test_a_round_is_never_renumbered_nor_guessed():
    second = rounds_of({("a", 2): {"p": 2}, ("b", 2): {"p": 3}})
    assert set(last_round(second)["round"]) == {2}
    both = pd.concat([second, second.assign(round=3)])
    with pytest.raises(ValueError, match=r"rounds \[2, 3\]"):
        signed_values(both)
