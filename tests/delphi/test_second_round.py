"""Two rounds: stability worked by hand, the rule at its borders, and a drawn round that keeps its
word."""

import warnings
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import friedmanchisquare
from signed import from_signed

from smartgov.delphi.second_round import (
    concordance_change,
    decision,
    open_questions,
    priorities_by_round,
    stability,
    synthetic_round,
)
from smartgov.model import questionnaire, read_model
from smartgov.panels import SignedValues

GAP = np.nan
MEASURES = [
    "experts",
    "median_before",
    "median_after",
    "iqr_before",
    "iqr_after",
    "moved",
    "hidden",
    "kappa",
    "wilcoxon_p",
]


def questions(n: int, context: str = "E1") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "context": context,
            "left": [f"left_{q}" for q in range(n)],
            "right": [f"right_{q}" for q in range(n)],
        }
    )


# Stability --------------------------------------------------------------------------------------

BEFORE = np.array(
    [
        [2.0, 0, 1, GAP],
        [8.0, 0, 2, 5],
        [2.0, 4, 3, GAP],
        [8.0, 6, 4, GAP],
        [4.0, -2, GAP, GAP],
    ]
)
AFTER = np.array(
    [
        [8.0, 0, 1, 3],
        [2.0, 0, 3, GAP],
        [2.0, 4, 3, 1],
        [8.0, 6, GAP, GAP],
        [4.0, GAP, 5, GAP],
    ]
)


@pytest.fixture(scope="module")
def worked():
    return stability(BEFORE, AFTER, questions(4))


def test_stability_by_hand(worked):
    """First question: two of five swap, which no figure of the group shows. Second: nobody moves,
    one of five is missing. Third: experts 1 to 3 answered twice, 1, 2, 3 became 1, 3, 3."""
    assert list(worked) == MEASURES
    swapped, still, third = (worked.loc[("E1", f"left_{q}", f"right_{q}")] for q in range(3))
    assert swapped[MEASURES[:7]].tolist() == [5, 4, 4, 6, 6, 0.4, 0.4]
    assert still[MEASURES[:7]].tolist() == [4, 2, 2, 4.5, 4.5, 0, 0]
    assert third[MEASURES[:5]].tolist() == [3, 2, 3, 1, 1]
    assert third[["moved", "hidden"]].tolist() == pytest.approx([1 / 3, 0])


def test_tests_between_rounds_by_hand(worked):
    """Wilcoxon, exact: a step of 6 up and one of 6 down give p = 1, a single step gives p = 1."""
    assert worked["wilcoxon_p"].tolist() == [1, 1, 1]
    rising = stability(
        np.zeros((5, 2)), np.array([[1.0, 1], [2, 2], [3, 3], [4, 4], [5, -5]]), questions(2)
    )
    # Of 32 sign patterns only "all up" and "all down" are as extreme; with the largest step down,
    # rank sums 10 and 5: patterns with a smaller sum of 5 or less, 10 of 32 below, and as many
    # above.
    smaller = [
        min(up, 15 - up)
        for signs in product((0, 1), repeat=5)
        if (up := np.dot(signs, (1, 2, 3, 4, 5))) is not None
    ]
    assert rising["wilcoxon_p"].tolist() == pytest.approx(
        [2 / 32, sum(s <= 5 for s in smaller) / 32]
    )


def kappa_of_squares(x: np.ndarray, y: np.ndarray) -> float:
    """Quadratic kappa as one less observed over expected squared difference (Cohen, 1968)."""
    return 1 - ((x - y) ** 2).mean() / ((x[:, None] - y[None, :]) ** 2).mean()


def test_kappa_weighs_moves_by_their_length_on_the_scale(worked):
    for place in range(3):
        both = ~np.isnan(BEFORE[:, place] + AFTER[:, place])
        assert worked["kappa"].iloc[place] == pytest.approx(
            kappa_of_squares(BEFORE[both, place], AFTER[both, place])
        )
    rng = np.random.default_rng(5)
    before, after = rng.integers(-8, 9, (2, 9, 6)).astype(float)
    found = stability(before, after, questions(6))
    assert found["kappa"].to_numpy() == pytest.approx(
        [kappa_of_squares(*pair) for pair in zip(before.T, after.T, strict=True)]
    )


def test_kappa_is_undefined_where_all_give_one_answer_twice():
    found = stability(np.full((3, 2), 4.0), np.array([[4.0, 4], [4, 4], [4, 5]]), questions(2))
    assert np.isnan(found["kappa"].iloc[0]) and found["kappa"].iloc[1] == pytest.approx(0)
    assert found["moved"].tolist() == pytest.approx([0, 1 / 3])


def test_questions_that_nobody_answered_twice_are_left_out(worked):
    """The fourth: one expert answered the first round, two others the second."""
    assert worked.index.names == ["context", "left", "right"]
    assert worked.index.get_level_values("left").tolist() == ["left_0", "left_1", "left_2"]


def test_a_question_keeps_its_names_when_others_are_left_out():
    before, after = (
        np.array([[GAP, 1.0, 2, 0], [GAP, 1, 3, 0]]),
        np.array([[1.0, 1, GAP, 5], [1, 1, GAP, 0]]),
    )
    found = stability(before, after, questions(4))
    assert found.index.get_level_values("right").tolist() == ["right_1", "right_3"]
    assert found["moved"].tolist() == [0, 0.5]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (np.array([[3.0, 1]]), np.array([[3.0, 4]])),
        (np.array([[3.0], [2], [1]]), np.array([[3.0], [2], [0]])),
        (np.array([[GAP, 1.0], [GAP, 2]]), np.array([[1.0, 1], [2, 3]])),
    ],
    ids=["one expert", "one question", "one question left"],
)
def test_one_expert_or_one_question_is_enough(before, after):
    found = stability(before, after, questions(before.shape[1]))
    both = ~np.isnan(before + after)
    asked = both.any(axis=0)
    assert found["experts"].tolist() == both.sum(axis=0)[asked].tolist()
    assert found["moved"].to_numpy() == pytest.approx(
        ((before != after) & both).sum(axis=0)[asked] / both.sum(axis=0)[asked]
    )


def test_no_question_answered_twice_has_no_rows():
    found = stability(np.array([[1.0, 2], [3, 4]]), np.full((2, 2), GAP), questions(2))
    assert len(found) == 0 and list(found) == MEASURES


def test_no_question_calls_for_no_round():
    rule = open_questions(pd.DataFrame(columns=MEASURES, dtype=float), 2, 0.15)
    assert decision(rule, 0.1) == {"questions": 0, "asked": 0, "open": 0, "needed": False}


def test_experts_order_changes_nothing_and_mirrored_answers_only_signs():
    rng = np.random.default_rng(7)
    before, after = rng.integers(-8, 9, (2, 6, 5)).astype(float)
    before[rng.random(before.shape) < 0.1] = GAP
    ours = stability(before, after, questions(5))
    pd.testing.assert_frame_equal(ours, stability(before[::-1], after[::-1], questions(5)))
    mirrored = stability(-before, -after, questions(5))
    medians = ["median_before", "median_after"]
    pd.testing.assert_frame_equal(ours.drop(columns=medians), mirrored.drop(columns=medians))
    assert (ours[medians] == -mirrored[medians]).all(axis=None)


@pytest.mark.parametrize("m", [2, 3, 13])
def test_damaged_rounds_give_no_warning(m):
    rng = np.random.default_rng(m)
    before, after = rng.integers(-8, 9, (2, m, 12)).astype(float)
    before[rng.random(before.shape) < 0.1] = GAP
    after[rng.random(after.shape) < 0.3] = GAP
    before[:, 3] = after[:, 4] = GAP
    before[:, 5] = after[:, 5] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = stability(before, after, questions(12))
    asked = (~np.isnan(before + after)).any(axis=0)
    assert len(found) == asked.sum() <= 10 and list(found) == MEASURES
    assert found.drop(columns="kappa").notna().all(axis=None)
    assert (found["hidden"] <= found["moved"]).all() and found["moved"].between(0, 1).all()


# Concordance ------------------------------------------------------------------------------------


def pairs(**components: str) -> pd.DataFrame:
    """All pairs of some components, one letter each, in each context."""
    return pd.DataFrame(
        [
            (context, *pair)
            for context, names in components.items()
            for pair in combinations(names, 2)
        ],
        columns=["context", "left", "right"],
    )


def component_means(answers: np.ndarray, asked: pd.DataFrame) -> np.ndarray:
    """Each expert's mean judgement from the side of each component, in fractions."""
    names = sorted({*asked["left"], *asked["right"]})
    means = []
    for row in answers:
        seen = {name: [] for name in names}
        for value, left, right in zip(row, asked["left"], asked["right"], strict=True):
            seen[left].append(Fraction(value))
            seen[right].append(-Fraction(value))
        means.append([float(sum(values) / len(values)) for values in seen.values()])
    return np.array(means)


def test_concordance_by_hand():
    """Components a, b, c; questions a:b, a:c, b:c. First round: 1, 1, 1 ranks a, b, c and its
    mirror c, b, a: W = 0. Second: both rank a, b, c: W = 1."""
    before, after = np.array([[1.0, 1, 1], [-1, -1, -1]]), np.array([[1.0, 1, 1], [2, 5, 1]])
    row = concordance_change(before, after, pairs(E1="abc"), 0.95, 0).loc["E1"]
    assert row[["experts", "W_before", "W_after", "change"]].tolist() == [2, 0, 1, 1]


def test_concordance_of_both_rounds_by_friedman():
    rng = np.random.default_rng(11)
    asked = pairs(E1="abcd", E2="vwxyz")
    before, after = rng.integers(-8, 9, (2, 6, len(asked))).astype(float)
    before[0, 1] = after[2, 9] = GAP
    found = concordance_change(before, after, asked, 0.95, 1)
    assert (
        list(found) == ["experts", "W_before", "W_after", "change", "low", "high"]
        and found.index.name == "context"
    )
    for context, columns, left_out, k in (("E1", slice(0, 6), 0, 4), ("E2", slice(6, 16), 2, 5)):
        rounds = (
            component_means(np.delete(answers[:, columns], left_out, axis=0), asked[columns])
            for answers in (before, after)
        )
        w = [friedmanchisquare(*means.T).statistic / (5 * (k - 1)) for means in rounds]
        row = found.loc[context]
        assert row["experts"] == 5
        assert row[["W_before", "W_after", "change"]].tolist() == pytest.approx([*w, w[1] - w[0]])
        assert row["low"] < row["high"]
    fewer = concordance_change(before[1:], after[1:], asked, 0.95, 1)
    assert fewer["experts"].to_dict() == {"E1": 5, "E2": 4}
    assert fewer[["low", "high"]].isna().all(axis=1).to_dict() == {
        "E1": False,
        "E2": True,
    }, "four experts are too few to draw from"


def test_which_component_is_named_first_changes_nothing():
    rng = np.random.default_rng(12)
    asked, exchanged = pairs(E1="abcd"), np.array([True, False, True, True, False, False])
    before, after = rng.integers(-8, 9, (2, 5, 6)).astype(float)
    turned = asked.assign(
        left=asked["left"].where(~exchanged, asked["right"]),
        right=asked["right"].where(~exchanged, asked["left"]),
    )
    sign = np.where(exchanged, -1, 1)
    ours, theirs = (
        concordance_change(before, after, asked, 0.9, 3),
        concordance_change(before * sign, after * sign, turned, 0.9, 3),
    )
    pd.testing.assert_frame_equal(ours, theirs)


def test_full_agreement_in_both_rounds_has_no_change():
    answers = np.tile([1.0, 2, 3], (5, 1))
    row = concordance_change(answers, answers * 2, pairs(E1="abc"), 0.95, 0).loc["E1"]
    assert row.tolist() == [5, 1, 1, 0, 0, 0]


def test_contexts_with_fewer_than_two_complete_experts_are_left_out():
    before = np.tile([1.0, 2, 3, 1, 2, 3, 1, 2, 3], (3, 1))
    after = before.copy()
    before[0, 0] = after[1, 1] = GAP  # of E1 the third expert alone is complete in both rounds
    before[2, 3] = GAP  # of E2 two experts are
    after[:, 6:] = GAP  # E3 was not asked again
    found = concordance_change(before, after, pairs(E1="abc", E2="abc", E3="abc"), 0.95, 0)
    assert found["experts"].to_dict() == {"E2": 2}


def test_contexts_in_which_nobody_ranks_are_left_out():
    """All equal; or a circle, a over b over c over a, in which no component comes first."""
    level, circle, order = [0.0, 0, 0], [2.0, -2, 2], [1.0, 2, 1]
    before, after = (
        np.array([[*level, *circle, *order]] * 2),
        np.array([[*order, *order, *order]] * 2),
    )
    asked = pairs(level="abc", circle="abc", whole="abc")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = concordance_change(before, after, asked, 0.95, 0)
        nothing = concordance_change(before[:1], after[:1], asked, 0.95, 0)
    assert list(found.index) == ["whole"]
    assert nothing.empty and list(nothing) == list(found)


def test_questions_may_stand_in_any_order():
    rng = np.random.default_rng(2)
    before, after = rng.integers(-8, 9, (2, 4, 6)).astype(float)
    asked, order = pairs(one="abc", other="abc"), [4, 0, 3, 1, 5, 2]
    ours = concordance_change(before, after, asked, 0.9, 3)
    theirs = concordance_change(
        before[:, order], after[:, order], asked.loc[order].reset_index(drop=True), 0.9, 3
    )
    pd.testing.assert_frame_equal(ours, theirs.loc[["one", "other"]])


# Priorities of both rounds ----------------------------------------------------------------------

MODEL = read_model()
SMALL = replace(
    MODEL, components=MODEL.components.loc[[*MODEL.ring("middle")[:4], *MODEL.ring("inner")]]
)
ASKED = questionnaire(SMALL)


def rounds(*values: np.ndarray) -> pd.DataFrame:
    """Rounds one, two, … of the experts' signed answers, GAP where not answered."""
    experts = [f"expert_{n:02d}" for n in range(1, len(values[0]) + 1)]
    asked = ASKED[["context", "left", "right"]]
    return pd.concat(
        [
            from_signed(SignedValues(experts, asked, answers), number)
            for number, answers in enumerate(values, start=1)
        ]
    )


def group_priorities(values: np.ndarray, context: str) -> np.ndarray:
    """Principal eigenvector, by LAPACK, of the geometric means of all experts' comparisons of four
    components."""
    mean = np.eye(4)
    answers = values[:, (ASKED["context"] == context).to_numpy()]
    ratios = np.where(answers >= 0, answers + 1, 1 / (1 - np.minimum(answers, 0)))
    for (i, j), column in zip(combinations(range(4), 2), ratios.T, strict=True):
        mean[i, j] = np.exp(np.log(column).mean())
        mean[j, i] = 1 / mean[i, j]
    found, vectors = np.linalg.eig(mean)
    vector = np.abs(vectors[:, found.real.argmax()].real)
    return vector / vector.sum()


def test_priorities_by_round_are_of_the_experts_of_the_last():
    rng = np.random.default_rng(14)
    first, second, third = rng.integers(-8, 9, (3, 5, len(ASKED))).astype(float)
    second[1], third[1], first[3] = GAP, GAP, GAP  # one left, one came
    found = priorities_by_round(rounds(first, second, third), SMALL, "middle")
    assert list(found) == ["ring", "context", "row", "round", "experts", "priority", "rank"]
    assert len(found) == 3 * 3 * 4
    for (context, number), part in found.groupby(["context", "round"]):
        answers = (first, second, third)[number - 1][[0, 2, 4] if number == 1 else [0, 2, 3, 4]]
        expected = group_priorities(answers, context)
        assert part["priority"].to_numpy() == pytest.approx(expected)
        assert part["rank"].tolist() == pd.Series(-expected).rank().tolist()
        assert (part["experts"] == len(answers)).all()


def test_questions_not_asked_again_keep_their_answers():
    first, second = np.random.default_rng(15).integers(-8, 9, (2, 4, len(ASKED))).astype(float)
    reopened = np.arange(len(ASKED)) % 3 == 0
    found = priorities_by_round(
        rounds(first, np.where(reopened, second, GAP)), SMALL, "middle"
    ).set_index(["context", "round"])["priority"]
    by_hand = np.where(reopened, second, first)
    for context in ("E1", "E2", "E3"):
        assert found[context, 1].to_numpy() == pytest.approx(group_priorities(first, context))
        assert found[context, 2].to_numpy() == pytest.approx(group_priorities(by_hand, context))


def test_a_dimension_that_fewer_than_two_experts_compared_in_a_round_has_no_rows():
    first = np.random.default_rng(16).integers(-8, 9, (3, len(ASKED))).astype(float)
    second = first.copy()
    second[1:, (ASKED["context"] == "E2").to_numpy()] = GAP
    found = priorities_by_round(rounds(first, second), SMALL, "middle")
    assert set(found.loc[found["round"] == 2, "context"]) == {"E1", "E3"}
    assert priorities_by_round(rounds(first[:1], second[:1]), SMALL, "middle").empty


# The rule ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iqr", "moved", "agreed", "stable"),
    [
        (2.0, 0.5, True, False),
        (2.25, 0.15, False, True),
        (2.25, 0.16, False, False),
        (2.0, 0.15, True, True),
        (0.0, 0.0, True, True),
        (2.01, 1.0, False, False),
    ],
)
def test_a_question_at_the_border_is_settled(iqr, moved, agreed, stable):
    rule = open_questions(
        pd.DataFrame({"experts": [3], "iqr_after": [iqr], "moved": [moved]}),
        most_iqr=2.0,
        most_moved=0.15,
    )
    assert rule.iloc[0].tolist() == [agreed, stable, not (agreed or stable)]
    assert list(rule) == ["agreed", "stable", "open"]


def test_fewer_than_the_fewest_experts_settle_nothing():
    measures = pd.DataFrame({"experts": [2, 3], "iqr_after": [0.0, 0.0], "moved": [0.0, 0.0]})
    assert open_questions(measures, 2.0, 0.15, fewest=3)["open"].tolist() == [True, False]
    assert open_questions(measures, 2.0, 0.15, fewest=2)["open"].tolist() == [
        False,
        False,
    ]


def test_three_of_twenty_experts_are_fifteen_per_cent():
    before, after = np.zeros((20, 2)), np.zeros((20, 2))
    after[:3, 0], after[:4, 1] = (8, -8, 8), (8, -8, 8, 1)
    rule = open_questions(stability(before, after, questions(2)), most_iqr=-1, most_moved=0.15)
    assert rule["stable"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("n_open", "of", "most_open", "needed"),
    [
        (1, 10, 0.1, False),
        (2, 10, 0.1, True),
        (0, 10, 0.0, False),
        (1, 10, 0.0, True),
        (10, 10, 1.0, False),
    ],
)
def test_decision_at_its_border(n_open, of, most_open, needed):
    rule = pd.DataFrame({"open": [True] * n_open + [False] * (of - n_open)})
    found = decision(rule, most_open)
    assert found == {"questions": of, "asked": of, "open": n_open, "needed": needed}


@pytest.mark.parametrize("n", [10, 20, 25, 50, 70, 90, 100, 108, 135])
def test_a_share_that_is_allowed_in_whole_per_cent_is_allowed_exactly(n):
    """29 open questions of 100 are not more than 0.29, though 0.29 × 100 is below 29 in binary."""
    for percent in range(101):
        if percent * n % 100 == 0:
            n_open = percent * n // 100
            rule = pd.DataFrame({"open": [True] * n_open + [False] * (n - n_open)})
            assert not decision(rule, percent / 100)["needed"], (n_open, n)


# The drawn round --------------------------------------------------------------------------------

answers = arrays(
    float,
    st.tuples(st.integers(1, 7), st.integers(1, 4)),
    elements=st.one_of(st.integers(-8, 8).map(float), st.just(GAP)),
)


@settings(derandomize=True, max_examples=50, deadline=None)
@given(answers, st.integers(0, 50), st.sampled_from([0.0, 0.4, 1.0]))
def test_nobody_passes_the_median_moves_too_far_or_answers_anew(first, seed, share):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        second = synthetic_round(first, share, seed)
    assert second.shape == first.shape and (np.isnan(second) == np.isnan(first)).all()
    for before, after in zip(first.T, second.T, strict=True):
        given = ~np.isnan(before)
        if given.any():
            median, before, after = np.median(before[given]), before[given], after[given]
            assert (
                (np.abs(after - before) <= 3).all()
                and (after == np.round(after)).all()
                and (np.abs(after) <= 8).all()
            )
            assert ((after - median) * (before - median) >= 0).all(), "the side of the median stays"
            assert (np.abs(after - median) <= np.abs(before - median)).all(), (
                "nobody moves away from it"
            )


def test_nobody_moves_at_zero_and_everyone_can_at_one():
    first = np.random.default_rng(1).integers(-8, 9, (9, 30)).astype(float)
    first[0, 0] = GAP
    np.testing.assert_array_equal(synthetic_round(first, 0, seed=3), first)
    second = synthetic_round(first, 1, seed=3)
    median = np.nanmedian(first, axis=0)
    away = np.abs(first - median) >= 1
    assert (second[away] != first[away]).all()
    at_median = first == median
    np.testing.assert_array_equal(second[at_median], first[at_median])


def test_about_the_share_of_those_away_from_the_median_moves():
    first = np.random.default_rng(2).integers(-8, 9, (9, 400)).astype(float)
    second = synthetic_round(first, 0.4, seed=9)
    away = first != np.median(first, axis=0)
    # Four standard errors of a share of 0.4 in some 3,000 answers.
    assert abs((second != first)[away].mean() - 0.4) < 4 * np.sqrt(0.24 / away.sum())
    assert np.ptp(second - first) == 6, "moves of three steps occur in either direction"


def test_a_seed_draws_one_round():
    first = np.random.default_rng(3).integers(-8, 9, (5, 20)).astype(float)
    np.testing.assert_array_equal(synthetic_round(first, 0.5, 8), synthetic_round(first, 0.5, 8))
    assert (synthetic_round(first, 0.5, 8) != synthetic_round(first, 0.5, 9)).any()
