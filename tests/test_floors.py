"""The house of four floors: an arrow only ever points down."""

import ast
from pathlib import Path

import pytest

from smartgov.study.layout import ROOT

FLOORS = {"stats": 1, "audit": 2, "study": 3, "present": 4}
SOURCE = ROOT / "src" / "smartgov"


def imported(path: Path) -> set[str]:
    """Packages of the house that a module imports, relative imports resolved."""
    found = set()
    package = path.relative_to(SOURCE.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("smartgov.")}
    return found & FLOORS.keys()


@pytest.mark.parametrize(
    "path",
    sorted(p for floor in FLOORS for p in (SOURCE / floor).rglob("*.py")),
    ids=lambda p: str(p.relative_to(SOURCE)),
)
def test_imports_point_down(path):
    own = path.relative_to(SOURCE).parts[0]
    above = {floor for floor in imported(path) if FLOORS[floor] > FLOORS[own]}
    assert not above, f"{path.name} on floor {own} imports {above}"


@pytest.mark.parametrize("floor", ["stats", "audit"])
def test_lower_floors_read_no_files_of_the_study(floor):
    words = ("data/published", "data/model", "Кесте", "smart_city")
    for path in (SOURCE / floor).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if word in text], path


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE))
)
def test_no_exception_is_swallowed(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{path.name}:{node.lineno} catches everything"
            assert not all(isinstance(child, ast.Pass) for child in node.body), (
                f"{path.name}:{node.lineno} swallows an error"
            )
