"""Speed and memory of `smartgov.stats`, measured in one run: python tests/bench/bench_stats.py

The loop over another library is timed on a sample and scaled to the full number; both sides take
their best of three. Peak memory is what the call itself allocates (tracemalloc, a separate run),
input not counted.
"""

import sys
import time
import tracemalloc

import numpy as np
from scipy.stats import friedmanchisquare

from smartgov.stats import (
    comparison_matrix,
    concordance_pvalue,
    kendall_w,
    priority_interval,
    w_distribution,
)

PANELS = 100_000
SAMPLE = 1_000


def best_seconds(call, repeats=3):
    """Shortest of several runs."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def peak_megabytes(call):
    """Memory the call had allocated at its peak."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def judgement_matrices(rng, count, n=9, spread=0.7, noise=0.55):
    """Matrices of raters with log-normal priorities and noise, rounded to Saaty's scale.

    Their mean consistency ratio is near 0.09, that is, about as inconsistent as is acceptable.
    """
    logs = rng.normal(0, spread, (count, n))
    i, j = np.triu_indices(n, 1)
    ratio = logs[:, i] - logs[:, j] + rng.normal(0, noise, (count, len(i)))
    intensity = np.clip(np.round(np.exp(np.abs(ratio))), 1, 9)
    return comparison_matrix(np.where(ratio > 0, intensity, 1 / intensity))


def against_scipy(rng):
    panels = rng.integers(1, 6, (PANELS, 13, 8)).astype(float)

    def loop():
        for panel in panels[:SAMPLE]:
            friedmanchisquare(*panel.T)

    return ratio_row(
        f"W of {PANELS:,} panels 13 x 8 with ties, over a loop of scipy.stats.friedmanchisquare",
        lambda: kendall_w(panels),
        loop,
        PANELS / SAMPLE,
    )


def ratio_row(what, ours, loop, scale, target=50):
    ours()  # first touch of memory is not the method
    theirs, mine = best_seconds(loop), best_seconds(ours, 5)
    ratio = theirs * scale / mine
    return (
        what,
        f">= {target} x",
        f"{ratio:.0f} x ({mine:.3f} s; loop {theirs:.2f} s for {SAMPLE:,}, scaled)",
        f"{peak_megabytes(ours):.0f} MB",
        met(ratio >= target),
    )


def within(what, target, call):
    seconds = best_seconds(call)
    return (
        what,
        f"< {target:g} s",
        f"{seconds:.3f} s",
        f"{peak_megabytes(call):.0f} MB",
        met(seconds < target),
    )


def met(reached):
    return "yes" if reached else "NO"


def rows():
    rng = np.random.default_rng(2024)
    yield against_scipy(rng)
    yield within(
        "exact distribution, 3 raters x 8 items without ties", 1, lambda: w_distribution((3, 8))
    )
    three = rng.integers(1, 4, (13, 3))
    yield within("exact distribution, 13 x 3 with ties", 0.1, lambda: w_distribution(three))
    five = rng.integers(1, 6, (13, 5))
    yield within("exact distribution, 13 x 5 with ties", 10, lambda: w_distribution(five))
    half_ranks = np.vstack([np.tile([1, 1, 2, 3, 4], (1, 1)), np.tile(np.arange(5), (12, 1))])
    yield within(
        "exact distribution, 13 x 5, one tie only (the slowest pattern)",
        10,
        lambda: w_distribution(half_ranks),
    )
    eight = rng.integers(1, 6, (13, 8))
    yield within(
        "1,000,000 permutations of a 13 x 8 panel",
        10,
        lambda: concordance_pvalue(eight, "permutation", draws=1_000_000),
    )
    group = judgement_matrices(rng, 13)
    yield within(
        "priorities of 13 raters, 9 items, with 999 bootstrap draws",
        0.5,
        lambda: priority_interval(group, draws=999),
    )


def main():
    heads = ("what", "target", "measured", "peak memory", "met")
    table = [heads]
    for row in rows():
        table.append(row)
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    widths = [max(len(row[i]) for row in table) for i in range(len(heads))]
    for row in table:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        )
    return 0 if all(row[-1] != "NO" for row in table) else 1


if __name__ == "__main__":
    sys.exit(main())
