"""What every function accepts: masked is missing, and what is no number ends in a sentence."""

import inspect
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from smartgov import stats

PANEL = np.array([[1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4], [1, 3, 2, 4]], dtype=float)
MATRIX = np.array([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]])
FUNCTIONS = [name for name in stats.__all__ if inspect.isfunction(getattr(stats, name))]
HOSTILE = {
    "text of numbers": [["1", "2"], ["2", "1"]],
    "words": [["a", "b"], ["b", "a"]],
    "text beside numbers": [[1, "2"], [2, 1]],
    "infinity": [[1, np.inf], [2, 1]],
    "truth values": [[True, False], [False, True]],
    "nothing": [],
    "empty rows": [[]],
    "a number": 3,
    "None": None,
    "a word": "abc",
    "rows of two lengths": [[1, 2], [1]],
    "complex": [[1j, 2], [2, 1]],
    "all masked": np.ma.array([[1.0, 2.0], [2.0, 1.0]], mask=True),
    "no value of pandas": [[1, pd.NA], [pd.NaT, 1]],
    "beyond floats": [[10**400, 1], [2, 1]],
    "a mapping": {"a": 1},
    "decimals": [[Decimal(1), 2], [2, 1]],
    "negative": [[-1, 2], [2, -1]],
    "zeros": [[0, 0], [0, 0]],
    "one cell": [[1]],
    "three axes": np.ones((2, 2, 2)),
    "dates": np.array([["2020-01-01", "2020-01-02"]] * 2, dtype="datetime64[D]"),
    "nothing but NaN": [[np.nan, np.nan], [np.nan, np.nan]],
    "one row": [1, 2, 3],
    "a frame": pd.DataFrame([[1, None], [2, 1]]),
}


def arguments(function, hostile, place):
    """Usable arguments but for one; the names a function has none for are filled with a word."""
    parameters = inspect.signature(function).parameters.values()
    needed = [p for p in parameters if p.default is p.empty]
    given = [MATRIX if "matrix" in p.name else PANEL for p in needed if p.kind != p.KEYWORD_ONLY]
    given[place] = hostile
    return given, {p.name: "definition" for p in needed if p.kind == p.KEYWORD_ONLY}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_cannot_be_used_ends_in_a_sentence_of_ours(name, kind):
    function = getattr(stats, name)
    positional = [
        p
        for p in inspect.signature(function).parameters.values()
        if p.default is p.empty and p.kind != p.KEYWORD_ONLY
    ]
    for place in range(len(positional)):
        given, named = arguments(function, HOSTILE[kind], place)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                function(*given, **named)
            except ValueError as error:
                assert any(word in str(error) for word in ("accepted", "found", "undefined"))
                assert "operand" not in str(error) and "ufunc" not in str(error)


def test_the_list_of_functions_is_that_of_the_package():
    assert {"kendall_w", "krippendorff_alpha", "consistency", "quartiles"} <= set(FUNCTIONS)


# Masked is missing -------------------------------------------------------------------------------

MASK = np.zeros(PANEL.shape, dtype=bool)
MASK[0, 2] = MASK[2, 0] = True


def with_gaps(values, mask):
    return np.where(mask, np.nan, values)


@pytest.mark.parametrize(
    "of",
    [
        lambda x: stats.kendall_w(x).w,
        lambda x: stats.concordance_pvalue(x, "exact").p,
        lambda x: stats.rank_deviations(x),
        lambda x: stats.w_interval(x, draws=99).low,
        lambda x: stats.w_distribution(x).w,
        lambda x: stats.consensus(x, agree=2).median,
        lambda x: stats.quartiles(x),
        lambda x: stats.median_interval(x[0]).median,
        lambda x: stats.movement(x, PANEL).moved,
        lambda x: stats.krippendorff_alpha(x, measurement="interval"),
        lambda x: stats.cohen_kappa(x[:2], weights="linear"),
        lambda x: stats.gwet_ac1(x),
        lambda x: stats.percent_agreement(x),
        lambda x: stats.item_means(x, [(0, 1), (1, 2), (2, 3), (3, 0)]),
    ],
)
@pytest.mark.parametrize("dtype", [float, int])
@pytest.mark.parametrize("rows", [False, True])
def test_a_masked_value_is_a_missing_one(of, dtype, rows):
    # what lies under the mask would change every one of these
    masked = np.ma.array(PANEL.astype(dtype), mask=MASK)
    found = of(list(masked) if rows else masked)
    np.testing.assert_array_equal(found, of(with_gaps(PANEL, MASK)))
    if np.ndim(found) == 0:
        assert found != of(PANEL)


def test_a_masked_comparison_is_a_missing_one():
    mask = np.zeros((3, 3), dtype=bool)
    mask[0, 2] = mask[2, 0] = True
    filled = stats.complete_matrix(np.ma.array(MATRIX, mask=mask))
    np.testing.assert_allclose(filled[0, 2], 6)  # 3 × 2, and not the 5 under the mask
    with pytest.raises(ValueError, match="missing comparison"):
        stats.consistency(np.ma.array(MATRIX, mask=mask))
    assert not stats.links_all_items(np.ma.array(MATRIX, mask=~np.eye(3, dtype=bool)))
