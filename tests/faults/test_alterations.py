"""The table of altered numbers: a sample is altered again, and what it says of all holds."""

import csv

import alterations
import pytest

from smartgov.article import evidence, published
from smartgov.audit import table_size
from smartgov.audit.row_at import RowAt

with alterations.RESULTS.open(encoding="utf-8", newline="") as file:
    TABLE = {row["claim_id"]: row for row in csv.DictReader(file)}
SAMPLE = (
    "table2.expert_07.overall",
    "table3.smart_services.emerging_vs_data",
    "table4.policy_making.E2.p",
    "results.E1_p_min",
    "introduction.gdp_share_1",
)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy in which numbers are altered; what it changes in the package is changed back."""
    readers = published.table, published.claims, published.claim_places
    for place, name in (
        (published, "PUBLISHED"),
        (evidence, "RowAt"),
        (table_size, "fits"),
        (RowAt, "printings"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))
    yield alterations.Copy(tmp_path)
    for reader in readers:
        reader.cache_clear()


def test_every_number_is_in_the_table():
    assert {name: row["printed"] for name, row in TABLE.items()} == alterations.numbers()


def test_a_sample_altered_again(copy):
    for claim in SAMPLE:
        found = alterations.alterations(copy, claim, TABLE[claim]["printed"])
        assert found | {"transcription": TABLE[claim]["transcription"]} == TABLE[claim]


def test_what_changes_no_verdict_is_explained_and_found_in_the_text():
    for claim, row in TABLE.items():
        outcomes = [row[kind] for kind in alterations.KINDS if row[kind]]
        silent = [outcome for outcome in outcomes if outcome in ("reasons", "nothing")]
        assert set(outcomes) <= set(alterations.OUTCOMES), claim
        assert bool(row["why"]) == bool(silent), claim
        assert int(row["transcription"].split(" of ")[0]) >= len(silent), claim


def test_no_cell_of_the_tables_is_altered_without_a_trace():
    for claim, row in TABLE.items():
        if claim.startswith(("table2", "table3", "table4")):
            assert "nothing" not in {row[kind] for kind in alterations.KINDS}, claim
            assert row["NUL byte"] == row["letter for digit"] == "refused"
