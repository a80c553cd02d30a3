"""What is installed and what is run: licences, pins, and no way from data to code."""

import ast
import re

import licences
import pytest

from smartgov.files.layout import ROOT

SOURCES = sorted((ROOT / "src").rglob("*.py"))
FORBIDDEN = {
    "modules": {"pickle", "dill", "shelve", "marshal", "subprocess", "joblib"},
    "calls": {
        "eval",
        "exec",
        "compile",
        "__import__",
        "system",
        "popen",
        "read_pickle",
        "unsafe_load",
    },
    "parsers": {"fromstring", "iterparse", "XML", "XMLParser", "parse_xml", "minidom", "full_load"},
}
"""Imports and calls by which a file could run code, or an XML text could unfold or fetch."""
SAFE_LOADERS = {"BaseLoader", "SafeLoader", "CSafeLoader"}


def dangers(source: str) -> list[str]:
    """What a module does that could turn data into code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            found += [name for name in names if name.split(".")[0] in FORBIDDEN["modules"]]
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        owner = getattr(getattr(node.func, "value", None), "id", "")
        options = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        if name in FORBIDDEN["calls"] | FORBIDDEN["parsers"] and owner != "re":
            found.append(name)
        if owner == "yaml" and name in ("load", "load_all"):
            loader = options.get("Loader", ast.unparse(node.args[1]) if node.args[1:] else "")
            found += [f"yaml.{name}"] * (loader.split(".")[-1] not in SAFE_LOADERS)
        found += [f"{key}=True" for key in ("shell", "allow_pickle") if options.get(key) == "True"]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_no_module_turns_data_into_code(path):
    assert dangers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from subprocess import run",
        "eval(text)",
        "os.system(text)",
        "yaml.load(text)",
        "yaml.load(text, Loader=yaml.Loader)",
        "yaml.load(text, yaml.FullLoader)",
        "run(text, shell=True)",
        "np.load(path, allow_pickle=True)",
        "ElementTree.fromstring(text)",
    ],
)
def test_each_danger_is_seen(code):
    assert len(dangers(code)) == 1
    assert dangers("re.compile(text); yaml.load(text, Loader=yaml.BaseLoader)") == []


def test_the_licences_listed_are_those_of_the_locked_packages():
    """Fails after a change of the locks until `make licences` has been run."""
    assert licences.listed() == licences.lines()


def test_no_licence_is_unknown_or_binds_those_who_use_the_package():
    for name, (_, licence, _) in licences.listed().items():
        choices = licence.split(" *or* ")
        assert any(not re.search(r"GPL|GNU|filled|UNKNOWN", choice) for choice in choices), name


def test_conda_installs_nothing_that_is_not_pinned():
    """To build this package, pip would fetch the newest setuptools in place of the locked one."""
    line = re.search(r"conda env create .*?-e \.", (ROOT / "environment.yml").read_text("utf-8"))[0]
    assert line.endswith("pip install --no-deps --no-build-isolation -e .")
    assert line in (ROOT / "README.md").read_text("utf-8")
