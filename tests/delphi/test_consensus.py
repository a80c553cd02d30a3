"""How far a panel agrees: worked out from entropies, quartiles and counts, and laws of each."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy, iqr
from signed import from_signed
from statsmodels.stats.proportion import proportion_confint

from smartgov.delphi.consensus import (
    concordance_intervals,
    priority_consensus,
    question_consensus,
)
from smartgov.delphi.panel_results import FEWEST_FOR_INTERVAL, panel_w
from smartgov.model import questionnaire, read_model
from smartgov.panels import SignedValues

WHOLE = read_model()
SMALL = replace(
    WHOLE,
    components=WHOLE.components.loc[[*WHOLE.ring("middle")[:4], *WHOLE.ring("inner")]],
    dimensions=WHOLE.dimensions.iloc[:2],
)
"""Four components in two dimensions, three below each."""
ASKED = questionnaire(SMALL)[["context", "left", "right"]]
DIMENSIONS, MIDDLE = list(SMALL.dimensions.index), SMALL.ring("middle")


def drawn(m: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-8, 9, (m, len(ASKED))).astype(float)


def tidy(values: np.ndarray) -> pd.DataFrame:
    experts = [f"expert_{number:02d}" for number in range(1, len(values) + 1)]
    return from_signed(SignedValues(experts, ASKED, np.asarray(values, float)))


# W -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("m", [FEWEST_FOR_INTERVAL - 1, FEWEST_FOR_INTERVAL, 9])
def test_every_w_has_an_interval_from_five_experts_on(m):
    panel = tidy(drawn(m, seed=1))
    found = concordance_intervals(panel, SMALL)
    beside = panel_w(panel, SMALL)
    pd.testing.assert_frame_equal(found[["context", "row"]], beside[["context", "row"]])
    assert found["W"].to_numpy() == pytest.approx(beside["W"].to_numpy())
    assert (found["m"] == m).all()
    if m < FEWEST_FOR_INTERVAL:
        assert found[["low", "high"]].isna().all(axis=None)
    else:
        wide = found[found["W"] < 1]
        assert ((wide["low"] >= 0) & (wide["low"] < wide["high"]) & (wide["high"] <= 1)).all()


def test_experts_of_one_mind_have_no_width():
    one = np.arange(len(ASKED)) % 17 - 8
    found = concordance_intervals(tidy(np.tile(one, (6, 1))), SMALL)
    assert found[["W", "low", "high"]].to_numpy() == pytest.approx(1)


def test_more_confidence_widens_the_interval_of_w():
    panel = tidy(drawn(7, seed=2))
    narrow, wide = (concordance_intervals(panel, SMALL, each) for each in (0.5, 0.99))
    assert ((wide["low"] <= narrow["low"]) & (narrow["high"] <= wide["high"])).all()


def test_an_undefined_w_has_no_interval():
    values = drawn(6, seed=5)
    values[:, (ASKED["context"] == DIMENSIONS[0]).to_numpy()] = 0
    found = concordance_intervals(tidy(values), SMALL).set_index("context")
    assert found.loc[DIMENSIONS[0], ["W", "low", "high"]].isna().all(axis=None)
    assert found.loc[DIMENSIONS[1], ["W", "low", "high"]].notna().all(axis=None)


# Priorities --------------------------------------------------------------------------------------


def weights_of(answers: np.ndarray) -> np.ndarray:
    """Priorities of four components, by LAPACK."""
    matrix = np.eye(4)
    for (i, j), value in zip(combinations(range(4), 2), answers, strict=True):
        matrix[i, j] = (abs(value) + 1) ** (1 if value > 0 else -1)
        matrix[j, i] = 1 / matrix[i, j]
    values, vectors = np.linalg.eig(matrix)
    vector = np.abs(vectors[:, values.real.argmax()].real)
    return vector / vector.sum()


def test_consensus_is_goepels_from_entropies():
    values = drawn(5, seed=6)
    found = priority_consensus(tidy(values), SMALL, "middle").set_index("context")
    assert found["experts"].tolist() == [5, 5]
    # an expert who puts one of four components nine times above the others
    least = np.exp(entropy([9 / 12, 1 / 12, 1 / 12, 1 / 12])) / 4
    for dimension in DIMENSIONS:
        asked = (ASKED["context"] == dimension).to_numpy()
        weights = np.array([weights_of(answers[asked]) for answers in values])
        beta = entropy(weights.mean(axis=0)) - np.mean([entropy(each) for each in weights])
        expected = (np.exp(-beta) - least) / (1 - least)
        assert found.at[dimension, "consensus"] == pytest.approx(expected)


def test_experts_of_one_mind_agree_fully_and_opposed_ones_hardly():
    one = drawn(1, seed=7)
    alike = priority_consensus(tidy(np.tile(one, (3, 1))), SMALL, "middle")
    assert alike["consensus"].to_numpy() == pytest.approx(1)
    first = np.zeros((2, len(ASKED)))
    for expert, name in enumerate(MIDDLE[:2]):  # each puts another component above all others
        sign = (ASKED["left"] == name).astype(int) - (ASKED["right"] == name)
        first[expert] = 8 * sign
    opposed = priority_consensus(tidy(first), SMALL, "middle")
    assert (opposed["consensus"] < 0.5).all()


def test_fewer_than_two_experts_have_no_consensus():
    values = drawn(3, seed=8)
    values[1:, (ASKED["context"] == DIMENSIONS[1]).to_numpy()] = np.nan
    found = priority_consensus(tidy(values), SMALL, "middle")
    assert found["experts"].tolist() == [3, 1]
    assert found["consensus"].isna().tolist() == [False, True]


# Questions ---------------------------------------------------------------------------------------


def test_each_question_by_its_quartiles_and_counts():
    values = drawn(9, seed=9)
    values[2:, 0], values[4, 5] = np.nan, np.nan
    found = question_consensus(tidy(values), SMALL)
    assert found[["context", "left", "right"]].values.tolist() == ASKED.values.tolist()
    for row, column in zip(found.itertuples(), values.T, strict=True):
        given = column[~np.isnan(column)]
        sides = {"left": given > 0, "equal": given == 0, "right": given < 0}
        most = max(sides, key=lambda side: sides[side].sum())
        assert (row.experts, row.side, row.agreeing) == (len(given), most, sides[most].sum())
        assert (row.median, row.iqr) == (np.median(given), iqr(given))
        low, high = proportion_confint(row.agreeing, row.experts, method="wilson")
        if row.experts < FEWEST_FOR_INTERVAL:
            assert np.isnan([row.low, row.high]).all()
        else:
            assert (row.share, row.low, row.high) == pytest.approx(
                (row.agreeing / row.experts, low, high)
            )


def test_a_mirrored_panel_takes_the_other_side():
    values = drawn(8, seed=10)
    values[:, 0] = (1, 1, 2, 2, 3, -1, 0, 0)
    found, turned = (question_consensus(tidy(each), SMALL) for each in (values, -values))
    assert (turned["median"] == -found["median"]).all() and (turned["iqr"] == found["iqr"]).all()
    assert (turned["agreeing"] == found["agreeing"]).all()
    assert (found.at[0, "side"], turned.at[0, "side"]) == ("left", "right")
    assert found.at[0, "share"] == turned.at[0, "share"] == 5 / 8


def test_a_question_with_one_answer_has_no_row():
    values = drawn(6, seed=11)
    values[1:, 3], values[:, 4] = np.nan, np.nan
    found = question_consensus(tidy(values), SMALL)
    assert len(found) == len(ASKED) - 2 and {3, 4}.isdisjoint(found.index)


def test_the_round_asked_for_is_the_one_summarised():
    first, second = drawn(6, seed=12), drawn(6, seed=13)
    panel = pd.concat([tidy(first), tidy(second).assign(round=2)], ignore_index=True)
    pd.testing.assert_frame_equal(
        question_consensus(panel, SMALL, round=2), question_consensus(tidy(second), SMALL)
    )
