"""Which figures cannot stand beside which."""

from itertools import chain, combinations

import numpy as np
import pytest
from printed_panels import all_summaries, figures_of, print_row, random_ratings

from smartgov.audit.concordance import ConcordanceRow
from smartgov.audit.conflicts import (
    ConcordanceOracle,
    RowOverSizes,
    judge_row,
    minimal_conflicts,
)
from smartgov.audit.mean_ranks import PrintedRow, RowAtSize
from smartgov.audit.printed import could_print, parse_printed

FIGURES = ["a", "b", "c", "W", "p"]


def subsets(figures):
    sizes = range(len(figures) + 1)
    return map(frozenset, chain.from_iterable(combinations(figures, k) for k in sizes))


def row_of(texts):
    cells = dict(zip(FIGURES, map(parse_printed, texts), strict=True))
    return PrintedRow({name: cells[name] for name in "abc"}, W=cells["W"], p=cells["p"])


@pytest.mark.parametrize("seed", range(20))
def test_conflicts_are_minimal_and_complete(seed):
    rng = np.random.default_rng(seed)
    forbidden = [
        frozenset(rng.choice(FIGURES, int(rng.integers(1, 4)), replace=False)) for _ in range(3)
    ]

    def feasible(kept):
        return not any(bad <= set(kept) for bad in forbidden)

    conflicts = minimal_conflicts(FIGURES, feasible)
    for subset in subsets(FIGURES):
        assert feasible(subset) == (not any(conflict <= subset for conflict in conflicts))
    for conflict in conflicts:
        assert not feasible(conflict)
        assert all(feasible(conflict - {name}) for name in conflict)


def test_a_feasible_row_is_asked_about_once():
    asked = []
    assert minimal_conflicts(FIGURES, lambda kept: asked.append(kept) or True) == ()
    assert len(asked) == 1


@pytest.mark.parametrize("seed", range(6))
def test_verdicts_agree_with_brute_force(seed):
    rng = np.random.default_rng(seed)
    m = 3
    summaries = all_summaries(m, 3)
    own = print_row(summaries[int(rng.integers(len(summaries)))], m, 3, 2)
    other = print_row(summaries[int(rng.integers(len(summaries)))], m, 3, 2)
    mixed = PrintedRow(dict(zip("abc", own.mean_ranks, strict=True)), W=other.W, p=own.p)

    def printing(kept):
        def values(figures):
            return {
                **dict(zip("abc", figures["mean_ranks"], strict=True)),
                "W": figures["W"],
                "p": figures["p"],
            }

        return [
            figures
            for figures in map(values, summaries)
            if all(could_print(figures[name], mixed.figures[name]) for name in kept)
        ]

    oracle = RowAtSize(mixed, m)
    for subset in subsets(FIGURES):
        assert oracle.feasible(subset) == bool(printing(subset))
    verdicts = judge_row(FIGURES, oracle)
    for name, judgement in verdicts.items():
        rest = [other_name for other_name in FIGURES if other_name != name]
        if judgement.verdict == "contradicted":
            assert all(not printing(others | {name}) for others in judgement.against)
            assert all(printing(others) for others in judgement.against if others)
        if judgement.verdict == "reproduced":
            assert printing(rest)
            assert all(could_print(f[name], mixed.figures[name]) for f in printing(rest))


def test_a_true_row_has_no_conflict_and_its_w_is_reproduced():
    # hand-worked: without ties 4 raters who agree have mean ranks 1, 2, 3 and W = 1
    row = row_of(["1.00", "2.00", "3.00", "1.000", "0.018"])
    verdicts = judge_row(FIGURES, RowAtSize(row, 4))
    assert {name: judged.verdict for name, judged in verdicts.items()} == dict.fromkeys(
        FIGURES, "reproduced"
    )


def test_impossible_figures_stand_against_the_size_alone():
    # hand-worked: 4 raters have mean ranks in eighths, and 1.30 is none of them
    row = row_of(["1.30", "2.00", "2.75", "0.700", "0.061"])
    verdicts = judge_row(FIGURES, RowAtSize(row, 4))
    assert verdicts["a"].verdict == "contradicted"
    assert verdicts["a"].against == (frozenset(),)
    over = RowOverSizes(row, 4, range(2, 31))
    assert frozenset({"a", "m"}) in minimal_conflicts(["m", *FIGURES], over.feasible)


def test_the_size_itself_can_be_reproduced():
    row = row_of(["1.00", "2.00", "3.00", "1.000", "0.018"])
    verdicts = judge_row(["m", *FIGURES], RowOverSizes(row, 4, range(2, 31)))
    assert verdicts["m"].verdict == "reproduced"  # exp(-m) = 0.018 only for m = 4
    coarse = PrintedRow(row.mean_ranks)
    verdicts = judge_row(["m", *"abc"], RowOverSizes(coarse, 4, range(2, 31)))
    assert verdicts["m"].verdict == "consistent"
    assert verdicts["c"].verdict == "reproduced"


@pytest.mark.parametrize("seed", range(10))
def test_concordance_oracle_never_contradicts_a_true_cell(seed):
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(3, 20)), int(rng.integers(3, 9))
    shown = print_row(figures_of(random_ratings(rng, m, n, 9)), m, n, 3)
    oracle = ConcordanceOracle(ConcordanceRow(shown.W, shown.chi2, shown.p), m, n)
    verdicts = judge_row(oracle.figures, oracle)
    assert "contradicted" not in {judged.verdict for judged in verdicts.values()}


@pytest.mark.parametrize(
    ("w", "p", "m", "n", "verdict"),
    [
        # hand-worked: 91 * [0.2265, 0.2275] has p from 0.00426 to 0.00442 with 7 df
        ("0.227", "0.004", 13, 8, "reproduced"),
        ("0.227", "0.005", 13, 8, "contradicted"),
        # 78 * [0.1365, 0.1375]: p from 0.0975… to 0.1017, which prints 0.098 to 0.102
        ("0.137", "0.100", 13, 7, "consistent"),
    ],
)
def test_cells_of_w_and_p(w, p, m, n, verdict):
    row = ConcordanceRow(W=parse_printed(w), p=parse_printed(p))
    verdicts = judge_row(("W", "p"), ConcordanceOracle(row, m, n))
    assert verdicts["p"].verdict == verdict
    if verdict == "contradicted":
        assert verdicts["W"].against == (frozenset({"p"}),)
