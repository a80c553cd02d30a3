"""The committed notebooks: executed, clean, short cells, typed parameters."""

import ast
import re

import nbformat
import pytest

from smartgov.app.notebooks import parameters
from smartgov.files.layout import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("0*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def test_the_eight_notebooks_are_there():
    assert [path.stem for path in PATHS] == [
        "01_literature_definition_coding",
        "02_model_construction",
        "03_delphi_round_one",
        "04_delphi_round_two",
        "05_smart_city_vs_smart_government",
        "06_audit_of_printed_results",
        "07_your_panel",
        "08_how_many_experts",
    ]


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
class TestNotebook:
    def test_every_code_cell_was_executed_in_order(self, path):
        counts = [cell.execution_count for cell in read(path).cells if cell.cell_type == "code"]
        assert counts == list(range(1, len(counts) + 1))

    def test_no_error_and_no_stray_stderr(self, path):
        outputs = [
            output
            for cell in read(path).cells
            if cell.cell_type == "code"
            for output in cell.outputs
        ]
        assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]

    def test_outputs_are_there_and_stable(self, path):
        code = [cell for cell in read(path).cells if cell.cell_type == "code"]
        shown = [str(output) for cell in code for output in cell.outputs]
        assert len(shown) >= len(code) / 3
        assert not [text for text in shown if " at 0x" in text or "np.float64" in text]

    def test_nothing_volatile_is_kept(self, path):
        notebook = read(path)
        assert set(notebook.metadata) == {"kernelspec", "language_info"}
        assert notebook.metadata.language_info == {"name": "python"}
        assert not [
            cell for cell in notebook.cells if {"papermill", "execution"} & set(cell.metadata)
        ]

    def test_first_and_last_words(self, path):
        cells = read(path).cells
        for word in ("**Question.**", "**Input.**", "**Exhibits.**", "**Time.**"):
            assert word in cells[0].source
        headings = [cell.source for cell in cells if cell.cell_type == "markdown"]
        assert any(
            "What was found, against what the article says" in text for text in headings[-3:]
        )

    def test_cells_are_one_thought(self, path):
        for cell in read(path).cells:
            assert cell.cell_type != "code" or len(cell.source.splitlines()) <= 12, cell.id

    def test_every_parameter_is_typed_commented_and_checked(self, path):
        notebook = read(path)
        place = next(
            i
            for i, cell in enumerate(notebook.cells)
            if "parameters" in cell.metadata.get("tags", [])
        )
        checks = ast.parse(
            "\n".join(
                cell.source for cell in notebook.cells[place + 1 :] if cell.cell_type == "code"
            )
        )
        used = {node.id for node in ast.walk(checks) if isinstance(node, ast.Name)}
        found = parameters(path)
        names = [node.target.id for node in ast.parse(notebook.cells[place].source).body]
        assert list(found) == names
        for name, parameter in found.items():
            assert parameter["help"], name
            default = ast.literal_eval(parameter["default"])
            assert type(default).__name__ == parameter["inferred_type_name"], name
            assert name in used, name
        assert re.search(r"^(need\.)?require_", notebook.cells[place + 1].source, re.MULTILINE)
