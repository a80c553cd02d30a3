"""What the notebooks write again is, byte for byte, what is committed."""

import os
from pathlib import Path

import pytest

from smartgov.article.opposites import write_reconstructed
from smartgov.files.layout import DERIVED, FIGURES, MODEL, NOTEBOOKS, PANELS, ROOT

AGAIN = ROOT / ".make" / "again"
"""`make test` runs all notebooks again first and lets them write here."""

there = pytest.mark.skipif(
    not AGAIN.exists() and not os.environ.get("CI"),
    reason="run `make test`, which regenerates the outputs first",
)
FILES = [
    *FIGURES.iterdir(),
    *DERIVED.iterdir(),
    *NOTEBOOKS.glob("0*.ipynb"),
    MODEL / "questionnaire.csv",
]
OTHERS = ("README.md", "_passport.json", "benchmarks.csv")
"""Ends of names that no notebook writes, or that git ignores for what they say of the code."""
COMMITTED = sorted(path for path in FILES if not path.name.endswith(OTHERS))


@there
@pytest.mark.parametrize("path", COMMITTED, ids=lambda p: p.name)
def test_regenerated_output_equals_the_committed_one(path):
    assert (AGAIN / path.relative_to(ROOT)).read_bytes() == path.read_bytes()


@there
def test_nothing_is_written_that_is_not_committed():
    written = {p.relative_to(AGAIN) for p in AGAIN.rglob("*") if p.is_file()}
    written = {p for p in written if p.parts[0] != ".make" and not p.name.endswith(OTHERS)}
    assert written == {p.relative_to(ROOT) for p in COMMITTED}


def test_the_reconstructed_panel_is_the_one_its_seed_draws(evidence, tmp_path, monkeypatch):
    monkeypatch.setenv("SMARTGOV_OUTPUT", str(tmp_path))
    made: Path = write_reconstructed(evidence, seed=2022)
    assert made.read_bytes() == (PANELS / "reconstructed.csv").read_bytes()
