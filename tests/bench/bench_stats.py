"""Statistics of `smartgov.stats` beside loops of other libraries, and within what is allowed.

The loop over another library is timed on a sample and scaled to the full number.
"""

from functools import partial

import numpy as np
import pandas as pd
from beside import Row, library, pace, timed, within
from scipy.stats import friedmanchisquare

from smartgov.stats import (
    comparison_matrix,
    concordance_pvalue,
    consistency,
    kendall_w,
    priority_interval,
    w_distribution,
)

PANELS, SAMPLE = 100_000, 1_000
MATRICES, FEW = 10_000, 20


def judgement_matrices(rng, count, n=9, spread=0.7, noise=0.55):
    """Matrices of raters with log-normal priorities and noise, rounded to Saaty's scale.

    Their mean consistency ratio is near 0.09, that is, about as inconsistent as is acceptable.
    """
    logs = rng.normal(0, spread, (count, n))
    i, j = np.triu_indices(n, 1)
    ratio = logs[:, i] - logs[:, j] + rng.normal(0, noise, (count, len(i)))
    intensity = np.clip(np.round(np.exp(np.abs(ratio))), 1, 9)
    return comparison_matrix(np.where(ratio > 0, intensity, 1 / intensity))


def times_faster(what, ours, name, theirs, scale, least, agrees):
    """How many of our calls fit into a loop of theirs, once both gave the same."""
    assert agrees, f"{what}: {name} finds something else"
    ours()  # first touch of memory is not the method
    mine, runs = timed(ours, 5)
    loop, _ = timed(theirs)
    return Row(f"{what}: a loop of {name} over ours", "s", loop * scale, "ours", mine, least, runs)


def against_libraries(rng):
    panels = rng.integers(1, 6, (PANELS, 13, 8)).astype(float)
    what, ours = f"W of {PANELS:,} panels 13 × 8 with ties", partial(kendall_w, panels)
    first = kendall_w(panels[0])
    yield times_faster(
        what,
        ours,
        "scipy.stats.friedmanchisquare",
        lambda: [friedmanchisquare(*panel.T) for panel in panels[:SAMPLE]],
        PANELS / SAMPLE,
        "≥ 50",
        np.isclose(friedmanchisquare(*panels[0].T).pvalue, first.p),
    )
    friedman = library("pingouin").friedman
    theirs = partial(friedman, dv="value", within="variable", subject="index")
    long = [pd.DataFrame(p).melt(ignore_index=False).reset_index() for p in panels[:FEW]]
    yield times_faster(
        what,
        ours,
        "pingouin.friedman",
        lambda: [theirs(table) for table in long],
        PANELS / FEW,
        "≥ 50",
        np.isclose(theirs(long[0])["W"].iloc[0], first.w),
    )
    matrices = judgement_matrices(rng, MATRICES)
    compare = partial(library("ahpy").Compare, "items", precision=8, random_index="saaty")
    cells = list(zip(*np.triu_indices(9, 1), strict=True))
    asked = [{(str(i), str(j)): float(matrix[i, j]) for i, j in cells} for matrix in matrices[:FEW]]
    weights = [compare(asked[0]).local_weights[str(i)] for i in range(9)]
    yield times_faster(
        f"priorities and consistency of {MATRICES:,} matrices of 9 items",
        partial(consistency, matrices),
        "ahpy.Compare",
        lambda: [compare(each) for each in asked],
        MATRICES / FEW,
        "≥ 5",
        np.allclose(weights, consistency(matrices[0]).priorities, atol=1e-6),
    )


def rows():
    rng = np.random.default_rng(2024)
    yield from against_libraries(rng)
    three, five, eight = (rng.integers(1, high, (13, n)) for n, high in ((3, 4), (5, 6), (8, 6)))
    one_tie = np.vstack([[1, 1, 2, 3, 4], np.tile(np.arange(5), (12, 1))])
    group = judgement_matrices(rng, 13)
    allowed = {
        "exact distribution of W, 3 raters × 8 items": (1, partial(w_distribution, (3, 8))),
        "exact distribution of W, 13 × 3 with ties": (0.1, partial(w_distribution, three)),
        "exact distribution of W, 13 × 5 with ties": (10, partial(w_distribution, five)),
        "exact distribution of W, 13 × 5, one tie": (10, partial(w_distribution, one_tie)),
        "1,000,000 permutations of a panel 13 × 8": (
            10,
            partial(concordance_pvalue, eight, "permutation", draws=1_000_000),
        ),
        "priorities of 13 raters, 9 items, 999 draws": (
            0.5,
            partial(priority_interval, group, draws=999),
        ),
    }
    for what, (limit, call) in allowed.items():
        slower = pace()
        seconds, runs = timed(call)
        yield within(what, seconds, limit, slower, runs)
