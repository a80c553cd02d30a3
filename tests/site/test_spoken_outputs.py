"""What notebooks print as prose reads in the language of the site; numbers and code stay."""

import re
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from smartgov.files.layout import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import build
import sentences

NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))


def printing(text, **displayed):
    """A notebook that prints a text, and shows it and more."""
    shown = {"text/markdown": text}, *displayed.values()
    outputs = [new_output("stream", text=text), *(new_output("display_data", d) for d in shown)]
    return new_notebook(cells=[new_code_cell(outputs=outputs)])


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("01.1: right.\n02.3: right.\n", "01.1: верно.\n02.3: верно.\n"),
        ("interoperability: [13]", "Интероперабельность: [13]"),
        ("rows with a W: {'E1': [2]}", "строк, где есть W: {'E1': [2]}"),
        ("{'a': {'rows': 1}}", "{'a': {'rows': 1}}"),
        ("    judged: definitions stand in Table 1", "    оценено: определения стоят в таблице 1"),
        (
            "**7 claims: 3 reproduced, 4 not checkable.**\n",
            "**Утверждений 7: воспроизведено – 3, непроверяемо – 4.**\n",
        ),
        (
            "- It was answered by **13**\n  experts. The text describes three of them.",
            "- На неё ответили **13** экспертов. Текст описывает троих из них.",
        ),
        (
            "| rank in A | worked |\n|---|---|\n| consistent | printed 0,2 |",
            "| rank in A | worked |\n|---|---|\n| совместимо | напечатано 0,2 |",
        ),
    ],
)
def test_an_output_is_said_and_its_marks_code_and_columns_stay(english, russian):
    notebook = printing(english)
    sentences.speak(notebook, "ru")
    printed, shown = notebook.cells[0].outputs
    assert printed.text == shown.data["text/markdown"] == russian


@pytest.mark.parametrize("language", build.TRANSLATED)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_line_of_an_output_is_left_in_english(path, language):
    def heard(notebook):
        lines, cells = [], []
        hear = (lambda piece, to=each: to.append(piece) or piece for each in (lines, cells))
        sentences.in_outputs(notebook, *hear)
        return lines, cells

    english, own = (nbformat.read(path, as_version=4) for _ in range(2))
    sentences.speak(own, language)
    lines, cells = heard(own)
    prose = [re.sub(r"\{.*\}|\[.*?\]|\w+[._]\w+\S*", "", line) for line in lines]
    assert not [line for line in prose if re.search(r"\b(?!exp\b)[a-z]{2,}\b", line)]
    patterns = {sentences.pattern(cell)[0] for cell in cells}
    assert not [each for each in patterns if re.search(r"\b[a-z]{2,} [a-z]{2,}\b", each)]
    before, after = (sorted(re.findall(r"\d+", str(each))) for each in (heard(english)[0], lines))
    assert after == before


def test_figures_and_tables_of_a_second_run_take_the_place_of_the_english_ones(tmp_path):
    def run(word):
        table = {"text/markdown": f"| {word} |\n|---|\n| 1 |"}
        return printing(f"{word} line", figure={"image/png": f"{word}\n"}, table=table)

    notebook = run("first")
    nbformat.write(run("second"), tmp_path / "again.ipynb")
    build._made_again(notebook, tmp_path / "again.ipynb")
    printed, line, figure, table = notebook.cells[0].outputs
    assert printed.text == line.data["text/markdown"] == "first line"
    assert figure.data["image/png"] == "second\n"
    assert table.data["text/markdown"].startswith("| second |")
