"""PSPP's own printed tables come out consistent (Debian package pspp)."""

import csv
import io
import os
import shutil
import subprocess

import numpy as np
import pytest
from printed_panels import figures_of, random_ratings

from smartgov.audit.printed import parse_printed
from smartgov.audit.row import Reading, Row
from smartgov.audit.row_audit import judge_row

CHI2 = Reading(p=("chi2",))

if shutil.which("pspp") is None:
    if os.environ.get("CI") == "true":
        pytest.fail(
            "pspp is not installed, and CI must run this: apt-get install pspp", pytrace=False
        )
    pytest.skip("pspp is not installed: apt-get install pspp", allow_module_level=True)


def pspp_table(ratings, folder):
    """What PSPP prints for NPAR TESTS /KENDALL: a row as strings."""
    n = len(ratings[0])
    names = " ".join(f"v{k}" for k in range(n))
    data = "\n".join(" ".join(map(str, rater)) for rater in ratings)
    syntax = folder / "kendall.sps"
    syntax.write_text(
        f"DATA LIST LIST /{names} *.\nBEGIN DATA\n{data}\nEND DATA.\n"
        f"NPAR TESTS /KENDALL = {names}.\n"
    )
    printed = subprocess.run(
        ["pspp", str(syntax), "-O", "format=csv"],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    ).stdout
    cells = {row[0]: row[1] for row in csv.reader(io.StringIO(printed)) if len(row) == 2}
    return Row(
        m=int(cells["N"]),
        n=n,
        df=int(cells["df"]),
        W=parse_printed(cells["Kendall's W"]),
        chi2=parse_printed(cells["Chi-Square"]),
        p=parse_printed(cells["Asymp. Sig."]),
        mean_ranks=tuple(parse_printed(cells[f"v{k}"]) for k in range(n)),
    )


@pytest.mark.parametrize(
    ("seed", "m", "n", "levels"),
    [
        (0, 6, 4, 3),
        (1, 13, 8, 9),
        (2, 13, 3, 9),
        (3, 5, 5, 1000),
        (4, 20, 7, 5),
        (5, 4, 3, 2),
        (6, 9, 2, 4),
        (7, 30, 10, 100),
    ],
)
def test_a_printed_table_is_consistent(tmp_path, seed, m, n, levels):
    ratings = random_ratings(np.random.default_rng(seed), m, n, levels)
    if figures_of(ratings) is None:
        ratings[0] = list(range(n))
    printed = pspp_table(ratings, tmp_path)
    verdict = judge_row(printed, CHI2)
    assert verdict.verdict == "consistent", verdict.explanation
    assert m in verdict.feasible_m


def test_a_misprinted_table_is_not(tmp_path):
    printed = pspp_table(random_ratings(np.random.default_rng(1), 13, 8, 9), tmp_path)
    wrong = printed.with_figure("p", "0.9" + printed.p.text[-2:])
    assert judge_row(wrong, CHI2).verdict == "contradicted"
