"""The map in CONTRIBUTING.md is the house: every package in one line, arrows only pointing down."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from smartgov.files.layout import ROOT

SOURCE = ROOT / "src" / "smartgov"
MODULES = {
    ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in SOURCE.rglob("*.py")
}
ROWS = re.findall(
    r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$",
    (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
    re.M,
)
FLOORS = [name for name, _ in ROWS]


def imported(path: Path) -> set[str]:
    """Modules of the house that a module imports, wherever in it, relative imports resolved."""
    found = set()
    package = path.relative_to(SOURCE.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            names = [
                full if (full := f"{module}.{alias.name}") in MODULES else module
                for alias in node.names
            ]
        else:
            continue
        found |= set(names) & MODULES.keys()
    return found


def packages(names: set[str]) -> set[str]:
    return {name.split(".")[1] for name in names if "." in name}


def test_the_map_names_every_package_once():
    there = {name.split(".")[1] for name in MODULES if "." in name} - {"__main__"}
    assert sorted(FLOORS) == sorted(there)


@pytest.mark.parametrize(("name", "below"), ROWS)
def test_a_package_imports_what_the_map_says_and_only_downwards(name, below):
    own = {
        package
        for module, path in MODULES.items()
        if module.split(".")[1:2] == [name]
        for package in packages(imported(path))
    } - {name}
    lower = set(FLOORS[: FLOORS.index(name)])
    assert own <= lower
    assert own == (lower & own if "everything" in below else set(re.findall(r"`(\w+)`", below)))


def test_no_two_modules_import_each_other():
    # A package's __init__ gathers its modules, which do not import it back.
    arrows = {name: imported(path) - {name} for name, path in MODULES.items()}
    assert list(TopologicalSorter(arrows).static_order())


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
