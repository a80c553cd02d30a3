"""The package is light: a name brings no more than it needs, and every name is there."""

import subprocess
import sys

import smartgov.stats

HEAVY = {"pandas", "statsmodels", "scipy.stats"}
LIGHT = "kendall_w, w_interval, w_distribution, concordance_pvalue, group_consensus"


def test_concordance_and_priorities_bring_no_heavy_packages():
    program = f"import sys; from smartgov.stats import {LIGHT}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"smartgov.stats.significance", "smartgov.stats.ahp"} <= set(loaded)
    assert not HEAVY & set(loaded)


def test_every_name_is_found_and_no_module_stands_in_its_way():
    for name in smartgov.stats.__all__:
        found = getattr(smartgov.stats, name)
        assert callable(found) or name in ("RANDOM_INDEX", "SCALES"), name
