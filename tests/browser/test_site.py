"""The built site in a real browser, opened from disk as a reader would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from smartgov.article.published import read_printed
from smartgov.files.layout import DERIVED

HERE = Path(__file__).parent
SITE = os.environ.get("SMARTGOV_SITE", "")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
    pytest.mark.skipif(not SITE, reason="needs the site as it is now: make browser"),
]
CLAIM = "table4.policy_making.E2.p"


@pytest.fixture(scope="module")
def told() -> dict:
    """What a script saw that went through the site."""
    command = ["node", HERE / "site.mjs", SITE, CHROMIUM]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def verdicts():
    return read_printed(DERIVED / "verdicts.csv")


def test_another_language_is_the_same_place(told):
    assert told["switched"] == [
        f"kk/claims/table4.html#{CLAIM}",
        "ru/notebooks/03_delphi_round_one.html#s03-table-4-by-hand",
    ]
    assert told["target"] == CLAIM
    assert told["section"]


def test_the_ledger_shows_what_is_chosen_and_its_address_chooses_it(told, verdicts):
    wanted = verdicts[(verdicts["place"] == "table4") & (verdicts["verdict"] == "contradicted")]
    assert told["all"] == told["plain"] == len(verdicts)
    assert told["chosen"]["rows"] == list(wanted["claim_id"])
    assert told["chosen"]["address"] == "en/ledger.html#place=table4&verdict=contradicted"
    assert sorted(told["sent"]) == sorted(wanted["claim_id"])
    assert told["sorted"] == sorted(wanted["printed"])
    assert told["none"].startswith("No statement is left")
    assert told["plainForm"]


def test_a_cell_leads_to_its_worked_line_and_on_to_notebook_source_and_clash(told, verdicts):
    claim = verdicts.set_index("claim_id").loc[CLAIM]
    assert claim["worked"].split(",")[0] in told["worked"]
    assert told["path"] == [
        *(f"kk/claims/table4.html#{CLAIM}",),
        *("kk/notebooks/03_delphi_round_one.html#s03-table-4-by-hand", True),
        *(told["path"][3], True),
        *(f"kk/figures.html#square-{CLAIM}", True),
        *(f"kk/clashes/{claim['clash']}.html", True),
    ]
    assert told["path"][3].startswith("kk/source/tables34.html#L-")


def test_the_keyboard_reaches_a_cell(told):
    assert "skip-to-content" in told["first"]
    assert told["stops"] < 100
    assert "/claims/table2.html#" in f"/{told['entered']}"


def test_the_checker_is_there(told):
    assert told["checker"] > 5


@pytest.mark.parametrize("kind", ["errors", "requests", "wide", "serious"])
def test_no_page_has_any(kind, told):
    assert told[kind] == []
