"""`make bench` measures on whatever is missed, and its page is its table in words."""

import csv
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import run  # noqa: E402
from beside import Row, within  # noqa: E402


def breaks():
    yield Row("slow", "s", 3, "fast", 2, "≤ 1")
    raise ValueError("no such panel\nand more")


@pytest.fixture
def scripts(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "TABLE", tmp_path / "benchmarks.csv")
    monkeypatch.setattr(run, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr(run, "TITLES", {"a": "A", "b": "B"})

    def those(**rows):
        for name, given in rows.items():
            monkeypatch.setitem(sys.modules, name, SimpleNamespace(rows=given))
        return list(rows)

    return those


def test_what_is_missed_or_fails_stops_nothing_and_ends_with_status_1(scripts, capsys):
    good = [Row("two workers", "s", 4, "one", 2, "≥ 1.7"), Row("told", "MiB", 5)]
    assert run.main(scripts(bench_a=breaks, bench_b=lambda: good)) == 1
    said = capsys.readouterr().out
    assert "two workers: 4 · s · 2 (one) · 2 · ≥ 1.7 · yes" in said
    assert "2 missed: slow; not measured to the end: no such panel" in said
    assert run.main(scripts(bench_b=lambda: good[:1])) == 0
    page = run.PAGE.read_text(encoding="utf-8")
    assert "| slow | 3 s | 2 s: fast | 1.5 | ≤ 1 | **no** | 1 |" in page, "kept"
    assert "two workers" in page and "told" not in page, "measured anew"


def test_allowances_follow_the_pace_of_the_machine():
    assert within("read", 3, allowed=2, slower=2).met == "yes"
    assert within("read", 3, allowed=2, slower=1).met == "no"
    assert within("read", 1.9, allowed=2, slower=0.8).met == "yes", "a fast moment asks no more"


def test_hours_are_those_of_the_slopes():
    rows = [
        Row(run.SIMULATED, "s", 36),
        Row("the same", "s", 3.6, "two workers", 2, "≥ 1.7"),
        Row("200 reconstructed panels", "s", 20),
    ]
    texts = {row.what: run.as_texts("graph", row, "here") for row in rows}
    lines = run.cost(texts)[-1].splitlines()
    assert lines[3] == "| 10¹¹ simulated panels | 1000 h | 556 h | 17.4 h | 1.09 h |"
    assert lines[4].startswith("| 10⁴ reconstructed panels | 0.278 h |")


def test_the_page_is_the_committed_table_in_words():
    with run.TABLE.open(encoding="utf-8", newline="") as file:
        assert run.PAGE.read_text(encoding="utf-8") == run.page(list(csv.DictReader(file)))
