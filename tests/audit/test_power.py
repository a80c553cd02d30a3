"""How much an audit can see."""

import pandas as pd

from smartgov.audit.power import PRINTED, identification_rates


def small(**options):
    return identification_rates(sizes=(4, 13), items=(3, 5), decimals=(2, 3), panels=25, **options)


def test_rates_are_tidy_reproducible_and_never_wrong():
    rates = small(seed=3)
    assert list(rates.columns) == [
        "m",
        "n",
        "decimals",
        "printed",
        "panels",
        "own_size",
        "identified",
        "caught",
    ]
    assert len(rates) == 2 * 2 * 2 * len(PRINTED)
    assert (rates["own_size"] == 1).all()  # a panel's own size is always feasible
    assert rates[["identified", "caught"]].stack().between(0, 1).all()
    pd.testing.assert_frame_equal(rates, small(seed=3))
    assert not rates.equals(small(seed=4))


def test_more_figures_and_more_decimals_show_more():
    rates = small(seed=0).groupby(["printed", "decimals"])["identified"].mean()
    assert rates["W, chi2, p", 3] > rates["W, chi2, p", 2]
    assert rates["W, chi2, p", 3] > rates["W, p", 3]
    assert rates["mean ranks, W, p", 2] >= rates["mean ranks", 2]


def test_a_single_size_is_always_identified():
    rates = identification_rates(sizes=(3,), items=(4,), decimals=(3,), panels=10, bound=3, seed=1)
    ranks = rates.set_index("printed")
    # with thirds printed to three places 2 raters are excluded unless halves print the same
    assert ranks.loc["mean ranks, W, p", "identified"] > 0.5
