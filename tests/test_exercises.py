"""Every exercise is answered right by its solution, asked by its notebook, and hints if wrong."""

import re

import nbformat
import pytest

from smartgov.app.exercises import EXERCISES, check_exercise
from smartgov.files.layout import NOTEBOOKS

SOLUTIONS = sorted((NOTEBOOKS / "solutions").glob("*.ipynb"))
WRONG = ("no answer", "", -1, 10**9, float("nan"), (1, 58), [], {}, object(), True)


def code_of(path) -> list[str]:
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def of_notebook(number: str) -> list[str]:
    return [name for name in EXERCISES if name.startswith(f"{number}.")]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
class TestSolutions:
    def test_every_exercise_is_answered_right_once(self, path, capsys):
        answered = {}
        for source in code_of(path):
            exec(compile(source, path.name, "exec"), answered)
        said = re.findall(r"^(\d\d\.\d+): (.*)$", capsys.readouterr().out, re.M)
        assert said == [(name, "right.") for name in of_notebook(path.stem[:2])] != []

    def test_the_notebook_asks_what_the_solutions_answer(self, path):
        (notebook,) = NOTEBOOKS.glob(f"{path.stem[:2]}_*.ipynb")
        cells = nbformat.read(notebook, as_version=4).cells
        shown = [o.get("text", "") for cell in cells for o in cell.get("outputs", ())]
        asked = re.findall(r"^(\d\d\.\d+): put your answer", "".join(shown), re.M)
        assert asked == of_notebook(path.stem[:2])


def test_every_exercise_has_a_solution():
    assert {name[:2] for name in EXERCISES} == {path.stem[:2] for path in SOLUTIONS}


@pytest.mark.parametrize("name", EXERCISES)
def test_a_wrong_answer_gets_the_hint_in_one_line(name, capsys):
    for answer in WRONG:
        check_exercise(name, answer)
        said = capsys.readouterr().out
        assert said == f"{name}: not yet. Hint: {EXERCISES[name].hint}\n"


@pytest.mark.parametrize("name", EXERCISES)
def test_no_answer_gives_no_hint_away(name, capsys):
    check_exercise(name, None)
    assert capsys.readouterr().out == f"{name}: put your answer in the place of None.\n"


def test_an_unknown_exercise_lists_those_there_are(capsys):
    check_exercise("03.99", 1)
    assert capsys.readouterr().out == (
        f"03.99 is no exercise; there are {', '.join(of_notebook('03'))}.\n"
    )


def test_a_right_answer_may_be_a_little_rounded(capsys):
    for name, answer in (("03.1", 0.696), ("03.2", 0.674), ("03.3", 0.074), ("03.4", 1.58)):
        check_exercise(name, answer)
        assert capsys.readouterr().out == f"{name}: right.\n"
