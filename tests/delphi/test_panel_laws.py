"""What must not change a panel's results, and what they are for small and damaged panels."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from drawn_answers import (
    ASKED,
    DIMENSIONS,
    GROUPS,
    MODEL,
    SMALL,
    W_COLUMNS,
    columns,
    drawn,
    exchanged,
    mirrored,
    relabelled,
    tidy,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from quick_p import quick_p

from smartgov.delphi.consensus import priority_consensus
from smartgov.delphi.panel_results import (
    component_scores,
    dimension_shares,
    dimension_tests,
    expert_consistency,
    group_matrices,
    panel_concordance,
    panel_mean_ranks,
    panel_priorities,
    panel_shares,
)
from smartgov.panels import last_round


@pytest.fixture(autouse=True)
def quick():
    with quick_p():
        yield


# What must not change anything -------------------------------------------------------------------


def results(panel: pd.DataFrame, model=SMALL) -> dict[str, object]:
    """Every result that does not name an expert and does not draw experts at random."""
    return {
        "concordance": panel_concordance(panel, model),
        "mean ranks": panel_mean_ranks(panel, model, "inner"),
        "priorities": panel_priorities(panel, model, "middle").drop(columns=["low", "high"]),
        "consistency": np.sort(expert_consistency(panel, model, "middle").to_numpy(), axis=0),
        "scores": component_scores(panel, model, "middle"),
        "consensus": priority_consensus(panel, model, "middle"),
    }


def assert_same(one: dict, other: dict) -> None:
    for name, table in one.items():
        if isinstance(table, pd.DataFrame):
            assert_frame_equal(table, other[name], obj=name)
        else:
            assert table == pytest.approx(other[name], nan_ok=True, abs=1e-9), name


damaged = st.tuples(st.integers(2, 5), st.integers(0, 10_000), st.booleans())


def random_panel(m: int, seed: int, gaps: bool) -> pd.DataFrame:
    values = drawn(m, seed, SMALL)
    if gaps:
        values[1:][np.random.default_rng(seed).random(values[1:].shape) < 0.1] = np.nan
    return tidy(values, SMALL)


@settings(derandomize=True, max_examples=4, deadline=None)
@given(damaged)
def test_experts_names_and_order_change_nothing(drawing):
    panel = random_panel(*drawing)
    ours = results(panel)
    assert set(ours["concordance"]["method"]) <= {
        "exact",
        "",
    }, "a permutation p would depend on the order"
    assert_same(ours, results(relabelled(panel)))


def test_experts_names_and_order_change_no_share():
    panel = tidy(drawn(4, seed=10))
    ours, theirs = (
        panel_shares(p, MODEL).groupby("column")["share"].apply(sorted).to_dict()
        for p in (panel, relabelled(panel))
    )
    assert ours == theirs
    first, second = (
        dimension_tests(dimension_shares(p, MODEL)) for p in (panel, relabelled(panel))
    )
    assert first[0] == pytest.approx(second[0])
    assert_frame_equal(first[1], second[1])


@settings(derandomize=True, max_examples=4, deadline=None)
@given(damaged)
def test_exchanging_the_sides_changes_nothing(drawing):
    panel = random_panel(*drawing)
    assert_same(results(panel), results(exchanged(panel)))


def test_exchanging_the_sides_changes_nothing_in_a_whole_panel():
    panel = tidy(drawn(3, seed=14))
    turned = exchanged(panel)
    assert_same(results(panel, MODEL), results(turned, MODEL))
    assert_frame_equal(panel_shares(panel, MODEL), panel_shares(turned, MODEL))
    assert_frame_equal(
        panel_priorities(panel, MODEL, "middle"), panel_priorities(turned, MODEL, "middle")
    )
    for dimension in DIMENSIONS:
        assert np.array_equal(
            group_matrices(panel, GROUPS[dimension])[1],
            group_matrices(turned, GROUPS[dimension])[1],
        )


@settings(derandomize=True, max_examples=4, deadline=None)
@given(damaged)
def test_a_mirrored_panel_has_opposite_scores_and_the_same_agreement(drawing):
    panel = random_panel(*drawing)
    ours, theirs = results(panel), results(mirrored(panel))
    assert_frame_equal(ours["scores"], -theirs["scores"] + 0.0)
    assert_frame_equal(ours["concordance"], theirs["concordance"])
    assert (4 - ours["mean ranks"]["mean_rank"]).to_numpy() == pytest.approx(
        theirs["mean ranks"]["mean_rank"].to_numpy(), nan_ok=True
    )
    assert ours["consistency"] == pytest.approx(theirs["consistency"], nan_ok=True, abs=1e-9)
    assert ours["priorities"]["median_cr"].to_numpy() == pytest.approx(
        theirs["priorities"]["median_cr"].to_numpy(), abs=1e-9, nan_ok=True
    )


def test_the_number_of_the_last_round_changes_nothing():
    """A study may hold its second round only, and whole rounds before the last do not count."""
    panel = tidy(drawn(3, seed=5, model=SMALL), SMALL)
    earlier = tidy(drawn(3, seed=6, model=SMALL), SMALL).assign(round=2)
    for whole in (panel.assign(round=2), pd.concat([earlier, panel.assign(round=3)])):
        assert_same(results(panel), results(last_round(whole)))


# Small and damaged panels ------------------------------------------------------------------------


def damaged_panels() -> dict[str, np.ndarray]:
    scattered = drawn(6, seed=30)
    scattered[np.random.default_rng(30).random(scattered.shape) < 0.1] = np.nan
    without = {name: drawn(4, seed=31) for name in ("E2", "inner", "all but E2")}
    without["E2"][:, columns("E2")] = np.nan
    without["inner"][:, (ASKED["ring"] == "inner").to_numpy()] = np.nan
    without["all but E2"][:, ~columns("E2")] = np.nan
    return {
        "one expert": drawn(1, 32),
        "two experts": drawn(2, 33),
        "three experts": drawn(3, 34),
        "a tenth missing": scattered,
        "all equal": np.zeros((4, len(ASKED))),
        "one expert, all equal": np.zeros((1, len(ASKED))),
        **{f"without {name}": values for name, values in without.items()},
    }


DAMAGED = damaged_panels()


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_panels_keep_the_shape_that_is_promised(name):
    values, panel = DAMAGED[name], tidy(DAMAGED[name])
    m = len(values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        of_all = (panel_concordance, panel_shares, dimension_shares)
        of_ring = (panel_priorities, expert_consistency, component_scores)
        found = {call.__name__: call(panel, MODEL) for call in of_all}
        found |= {call.__name__: call(panel, MODEL, "middle") for call in of_ring}
        found["panel_mean_ranks"] = panel_mean_ranks(panel, MODEL, "inner")
        friedman, pairs = dimension_tests(found["dimension_shares"])
        groups = {dimension: group_matrices(panel, GROUPS[dimension]) for dimension in DIMENSIONS}
    answered = ~np.isnan(values)
    concordance = found["panel_concordance"]
    assert list(concordance) == [
        "context",
        "row",
        *W_COLUMNS[:6],
        "p_corrected",
        *W_COLUMNS[6:],
        "printed_W",
        "printed_p",
    ]
    assert len(concordance) == 30 and (concordance["m"] <= m).all()
    defined = concordance["W"].notna()
    assert (concordance.loc[defined, "W"].between(0, 1 + 1e-12)).all() and (
        concordance.loc[defined, "p_exact"].between(0, 1)
    ).all()
    assert (defined == concordance["p_corrected"].notna()).all() and (
        concordance["method"].ne("") == defined
    ).all()
    assert (
        concordance.loc[defined, "p_corrected"] >= concordance.loc[defined, "p_exact"] - 1e-12
    ).all()
    assert len(found["panel_mean_ranks"]) == 27
    assert (
        found["panel_mean_ranks"]["mean_rank"].isna() == (found["panel_mean_ranks"]["m"] == 0)
    ).all()
    usable = [dimension for dimension in DIMENSIONS if len(groups[dimension][0]) > 1]
    assert list(dict.fromkeys(found["panel_priorities"]["context"])) == usable
    assert found["panel_priorities"].groupby("context")[
        "priority"
    ].sum().to_numpy() == pytest.approx(1.0)
    assert found["expert_consistency"].shape == (m, 3)
    for dimension, ratios in found["expert_consistency"].items():
        assert list(ratios.index[ratios.notna()]) == groups[dimension][0]
    assert (
        found["component_scores"].shape == (9, 3)
        and found["panel_shares"]["n"].sum() == answered.sum()
    )
    assert list(found["dimension_shares"]) == [
        d for d in DIMENSIONS if answered[:, columns(d)].any()
    ]
    assert all(matrices.shape == (len(experts), 9, 9) for experts, matrices in groups.values())
    assert len(pairs) in (0, len(list(combinations(found["dimension_shares"], 2)))) and set(
        friedman
    ) == {"chi2", "df", "p"}


@pytest.mark.parametrize(
    ("name", "untouched"),
    [
        ("a tenth missing", DIMENSIONS),
        ("without E2", ["E1", "E3"]),
        ("without inner", DIMENSIONS),
        ("without all but E2", ["E2"]),
    ],
)
def test_damaged_panels_still_have_scores(name, untouched):
    scores = component_scores(tidy(DAMAGED[name]), MODEL, "middle")
    assert scores[untouched].notna().all(axis=None)
    assert scores.drop(columns=untouched).isna().all(axis=None)
