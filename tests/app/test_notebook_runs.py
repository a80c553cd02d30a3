"""Runs of notebooks: parameters checked before anything runs, failures that change nothing."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from smartgov.app import notebooks as module
from smartgov.app.notebooks import (
    NotebookFailed,
    find_notebook,
    parameters,
    read_settings,
    run_notebook,
    run_study,
    strip_volatile,
)
from smartgov.app.verbs import main
from smartgov.files import layout

PARAMETERS = (
    "alpha: float = 0.05  # level, between 0 and 1\nrounds: int = 2  # number\nstrict: bool = False"
    "  # True or False\nlabel: str = 'a'  # words"
)
KERNEL = {"name": "python3", "display_name": "Python 3"}
WRITES = (
    "from smartgov.files.layout import output\noutput('figures',"
    " 'made.csv').write_text(f'{rounds}')"
)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A repository of one notebook, with the outputs of an earlier run in place."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "made.csv").write_text("earlier")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(layout, "ROOT", tmp_path)
    monkeypatch.setattr(module, "NOTEBOOKS", tmp_path / "notebooks")

    def write(*sources: str, parameters: str = PARAMETERS):
        cells = [
            new_code_cell(parameters, metadata={"tags": ["parameters"]}),
            *map(new_code_cell, sources),
        ]
        metadata = {"language_info": {"name": "python"}, "kernelspec": KERNEL}
        nbformat.write(
            new_notebook(cells=cells, metadata=metadata), tmp_path / "notebooks" / "01_small.ipynb"
        )
        return tmp_path

    return write


def test_parameters_are_read_with_type_default_and_comment(small):
    root = small("pass")
    found = parameters(root / "notebooks" / "01_small.ipynb")
    assert [(p["name"], p["inferred_type_name"], p["default"]) for p in found.values()] == [
        ("alpha", "float", "0.05"),
        ("rounds", "int", "2"),
        ("strict", "bool", "False"),
        ("label", "str", "'a'"),
    ]
    assert found["alpha"]["help"] == "level, between 0 and 1"
    assert read_settings(["alpha=0.01", "strict=True", "label=b c"], found) == {
        "alpha": 0.01,
        "strict": True,
        "label": "b c",
    }
    assert read_settings(["label=b  c alpha=0.01 rounds=3"], found) == {
        "label": "b  c",
        "alpha": 0.01,
        "rounds": 3,
    }
    assert read_settings(["rounds=3 label='b c'"], found) == {"rounds": 3, "label": "b c"}


@pytest.mark.parametrize(
    "setting", ["alfa=0.01", "alpha", "rounds=two", "strict=yes", "alpha=small"]
)
def test_wrong_parameters_list_the_valid_ones(small, setting):
    small("pass")
    with pytest.raises(
        ValueError,
        match=r"accepted are:\n  alpha: float = 0.05  # level, between 0 and 1\n  rounds: int",
    ):
        run_notebook("01", [setting], run="other")


def test_a_failing_cell_is_named_and_earlier_outputs_stay(small):
    root = small(WRITES, "1 / 0")
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    with pytest.raises(
        NotebookFailed, match=r"01_small.ipynb, cell 3 \(In \[3\]\): ZeroDivisionError"
    ):
        run_study(["01"], root)
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


def test_a_run_replaces_outputs_and_a_second_one_changes_nothing(small):
    root = small(WRITES)
    run_study(["01"], root)
    assert (root / "figures" / "made.csv").read_text() == "2"
    written = {p: p.stat().st_mtime_ns for p in root.rglob("*") if p.is_file()}
    run_study(["01"], root)
    again = {p: p.stat().st_mtime_ns for p in root.rglob("*") if p.is_file()}
    assert [p.name for p in written if written[p] != again[p]] == ["01_small.done"]


def test_what_a_cell_prints_is_one_output_however_slowly(small):
    root = small("import time\nprint(1, flush=True)\ntime.sleep(0.5)\nprint(2)")
    run_study(["01"], root)
    cells = nbformat.read(root / "notebooks" / "01_small.ipynb", as_version=4).cells
    assert [output.text for output in cells[1].outputs] == ["1\n2\n"]


def test_a_run_with_parameters_writes_elsewhere(small):
    root = small(WRITES)
    run_notebook("01", ["rounds=3"], run="three")
    assert (root / "runs" / "three" / "figures" / "made.csv").read_text() == "3"
    written = {p: p.read_bytes() for p in (root / "runs").rglob("*") if p.is_file()}
    run_notebook("01", ["rounds=3"], run="three")
    assert {p: p.read_bytes() for p in (root / "runs").rglob("*") if p.is_file()} == written
    assert (root / "figures" / "made.csv").read_text() == "earlier"


@pytest.mark.parametrize(
    ("settings", "run", "words"), [(["rounds=3"], "", "NAME"), ([], "../up", "letters")]
)
def test_runs_need_a_usable_name(small, settings, run, words):
    small("pass")
    with pytest.raises(ValueError, match=words):
        run_notebook("01", settings, run=run)


@pytest.mark.parametrize("line", ["alpha = 0.05", "alpha: list = [1]"])
def test_parameters_are_annotated_with_a_known_type(small, line):
    small("pass", parameters=line)
    with pytest.raises(ValueError, match="01_small.ipynb, parameters cell, 'alpha': write"):
        run_notebook("01", ["alpha=0.01"], run="other")


def test_unknown_notebooks_are_listed():
    with pytest.raises(ValueError, match="accepted are: 01_literature_definition_coding"):
        find_notebook("99")


def test_the_command_line_says_one_sentence_and_exits_with_two(capsys):
    assert main(["run", "03", "--name", "x", "--set", "alpah=0.1"]) == 2
    assert "parameter 'alpah=0.1' is not one of this notebook's" in capsys.readouterr().err
    assert main(["verify-transcription", "/nowhere.txt"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_a_slow_cell_prints_is_one_output_and_keeps_its_place():
    def said(text, name="stdout"):
        return new_output("stream", name=name, text=text)

    shown = new_output("display_data", data={"text/plain": "table"})
    outputs = [said("a\n"), said("b\n"), said("!", "stderr"), shown, said("c\n")]
    (cell,) = strip_volatile(new_notebook(cells=[new_code_cell("", outputs=outputs)])).cells
    assert [o.get("text", "table") for o in cell.outputs] == ["a\nb\n", "!", "table", "c\n"]
