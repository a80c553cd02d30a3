"""A run takes the place of the earlier one whole; what is not of a run stays."""

import os

import pytest

from smartgov.files import layout
from smartgov.files.swap import new_run, recover
from smartgov.files.writing import locked
from tests.files.test_writing import contents


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "ROOT", tmp_path)
    return tmp_path / "runs"


def make(name="x", kind="rerun", inputs=(), **files):
    with new_run(name, kind, inputs) as new:
        for file, text in files.items():
            path = new / file.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def shown(runs) -> dict[str, str]:
    """What is in the runs, without the lists of their files."""
    return {name: text for name, text in contents(runs).items() if not name.endswith(".sha256")}


def test_a_run_replaces_what_the_earlier_one_wrote_and_nothing_else(runs):
    make(data__panel="1", data__attributes="1")
    (runs / "x" / "data" / "answers.csv").write_text("mine")
    (runs / "x" / "report.txt").symlink_to("../../elsewhere.txt")
    make(data__panel="2", summary="2")
    assert shown(runs) == {
        "x/data/panel": "2",
        "x/summary": "2",
        "x/data/answers.csv": "mine",
        "x/report.txt": "../../elsewhere.txt",
    }
    assert (runs / "x" / "rerun.sha256").read_text().split()[1::2] == ["data/panel", "summary"]


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_a_run_that_stops_leaves_the_earlier_one_and_a_first_one_nothing(runs, stop):
    with pytest.raises(stop), new_run("x", "rerun") as new:
        (new / "half").write_text("half")
        raise stop
    assert not runs.exists()
    make(data="1")
    before = contents(runs)
    with pytest.raises(stop), new_run("x", "rerun") as new:
        (new / "half").write_text("half")
        raise stop
    assert contents(runs) == before


def test_what_the_researcher_made_or_changed_is_not_lost(runs):
    make(summary="1")
    (runs / "x" / "panel").write_text("mine")
    with pytest.raises(ValueError, match="x/panel: is not as a run wrote it"):
        make(panel="2")
    (runs / "x" / "summary").write_text("with my notes")
    with pytest.raises(ValueError, match="x/summary: is not as a run wrote it"):
        make(other="2")
    assert shown(runs) == {"x/panel": "mine", "x/summary": "with my notes"}


def test_notebooks_share_a_run_and_kinds_do_not(runs):
    make("n", "notebook", first="1", both="1")
    make("n", "notebook", second="2", both="2")
    assert shown(runs) == {"n/first": "1", "n/second": "2", "n/both": "2"}
    assert (runs / "n" / "notebook.sha256").read_text().split()[1::2] == ["both", "first", "second"]
    for kind in ("rerun", "compare"):
        with pytest.raises(ValueError, match="NAME=n is a run of make notebook; give make"):
            make("n", kind)


@pytest.mark.parametrize("way", ["x/a.csv", "x/../x/a.csv", "link/a.csv", "file.csv"])
def test_an_input_in_the_run_that_would_be_replaced_is_refused(runs, way):
    make(summary="1")
    (runs / "x" / "a.csv").write_text("the only answers")
    (runs / "link").symlink_to("x")
    (runs / "file.csv").symlink_to("x/a.csv")
    before = contents(runs)
    with pytest.raises(ValueError, match="found in .*x, which would be replaced"):
        make(inputs=[None, runs / way], summary="2")
    assert contents(runs) == before


def test_a_run_that_is_a_link_is_refused(runs, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "data").write_text("mine")
    runs.mkdir()
    (runs / "x").symlink_to("../elsewhere")
    with pytest.raises(ValueError, match="found a link or a file"):
        make(data="2")
    assert contents(tmp_path / "elsewhere") == {"data": "mine"}


def test_a_second_run_of_a_name_is_told_so_and_one_of_another_name_is_not(runs):
    with new_run("x", "rerun") as new:
        (new / "data").write_text("1")
        with pytest.raises(ValueError, match="NAME=x: a run of this name is being made"):
            make(data="2")
        make("y", data="2")
    assert shown(runs) == {"x/data": "1", "y/data": "2"}


def kill_at(step: str, runs) -> None:
    """What a process leaves that is killed while it builds or swaps a run."""
    (runs / ".x.lock").touch()
    (runs / ".x.new").mkdir()
    (runs / ".x.new" / "data").write_text("2")
    if step != "building":
        os.rename(runs / "x", runs / ".x.old")
    if step == "swapped":
        os.rename(runs / ".x.new", runs / "x")


@pytest.mark.parametrize(("step", "left"), [("building", "1"), ("swapping", "1"), ("swapped", "2")])
@pytest.mark.parametrize("by_next_run", [True, False])
def test_the_next_start_puts_in_order_what_a_killed_run_left(runs, step, left, by_next_run):
    make(data="1")
    kill_at(step, runs)
    if by_next_run:
        make("y", data="3")
    else:
        recover(runs)
    assert shown(runs) == {"x/data": left} | ({"y/data": "3"} if by_next_run else {})


def test_what_a_living_run_holds_is_left_alone(runs):
    make(data="1")
    kill_at("building", runs)
    before = contents(runs)
    with locked(runs / ".x.lock", "busy"):
        recover(runs)
        assert contents(runs) == before
