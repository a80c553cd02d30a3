"""environment.yml, the locks and pyproject describe one environment; `.ci/run` makes it."""

import re
import tomllib

import pytest
import yaml

from smartgov.files.layout import ROOT

LOCKS = ("requirements.lock", "requirements-test.lock")
STUDY = ("study", "notebooks", "build")
"""Extras that `make` installs; the rest comes with `make test`."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
FIXED = (
    "jupyterlab",
    "pandas",
    "scipy",
    "statsmodels",
    "matplotlib",
    "seaborn",
    "papermill",
    "nbval",
)


def normalised(requirement: str) -> str:
    return re.split(r"[<>=~!\[; ]", requirement)[0].lower().replace("_", "-")


def required(*extras: str) -> list[str]:
    """Requirements of the package and of some of its extras, by default of all."""
    optional = PROJECT["optional-dependencies"]
    groups = [PROJECT["dependencies"], *(optional[extra] for extra in extras or optional)]
    return [requirement for group in groups for requirement in group]


def entries(lock: str) -> list[str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return re.split(r"(?m)^(?=[A-Za-z0-9_.-]+==)", text)[1:]


def locked(*locks: str) -> dict[str, str]:
    heads = [re.split(r"==|[\s;]", entry)[:2] for lock in locks for entry in entries(lock)]
    return {normalised(name): version for name, version in heads}


def test_everything_required_is_locked():
    assert set(map(normalised, required())) <= set(locked(*LOCKS))


def test_make_installs_the_study_and_nothing_of_the_tests():
    study, tests = (locked(lock) for lock in LOCKS)
    assert set(map(normalised, required(*STUDY))) <= set(study)
    assert {"pytest", "frictionless", "sphinx"} <= tests.keys()
    for name in study.keys() & tests.keys():  # one Python needs it for the study, all for the site
        (entry,) = (entry for entry in entries(LOCKS[0]) if normalised(entry) == name)
        assert study[name] == tests[name] and "python_full_version" in entry


def test_locked_versions_satisfy_pyproject():
    from packaging.requirements import Requirement

    versions = locked(*LOCKS)
    for text in required():
        requirement = Requirement(text)
        assert requirement.specifier.contains(versions[normalised(text)]), text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_carries_hashes(lock):
    assert len(entries(lock)) == len(locked(lock)) > 0
    assert all("--hash=sha256:" in entry for entry in entries(lock))


def test_conda_installs_the_same_locks():
    pip_sections = [entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict)]
    assert pip_sections == [[f"-r {lock}" for lock in LOCKS]]
    python = next(
        entry
        for entry in CONDA["dependencies"]
        if isinstance(entry, str) and entry.startswith("python")
    )
    assert python.removeprefix("python") == PROJECT["requires-python"]


def test_front_doors_open_on_the_same_locks_and_checks():
    from packaging.specifiers import SpecifierSet

    wanted = (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1]
    assert (ROOT / ".binder" / wanted.removeprefix("-r ")).resolve() == ROOT / LOCKS[0]
    installs = "pip install --no-deps --no-build-isolation -e ."
    assert installs in (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8")
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    container = yaml.safe_load(re.sub(r"(?m)^//.*$", "", text))
    assert container["postCreateCommand"] == "make env"
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    (job,) = workflow["jobs"].values()
    assert job["steps"][-1]["run"] == "bash .ci/run"
    binder = (ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    for image in (container["image"], job["container"], binder):
        assert SpecifierSet(PROJECT["requires-python"]).contains(re.split("[:-]", image)[1])


@pytest.mark.parametrize("package", FIXED)
def test_fixed_packages_are_required_and_used(package):
    assert package in map(normalised, required())
    files = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "notebooks").glob("*.ipynb"),
        ROOT / "Makefile",
    ]
    word = {"jupyterlab": "jupyter lab", "nbval": "--nbval"}.get(package, package)
    assert any(word in path.read_text(encoding="utf-8") for path in files)


def test_every_file_beside_the_code_is_installed_with_it():
    kinds = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = kinds["tool"]["setuptools"]["package-data"]["*"]
    beside = [path for path in (ROOT / "src" / "smartgov").rglob("*.*") if path.is_file()]
    others = [path for path in beside if path.suffix not in (".py", ".pyc")]
    assert others and not [path for path in others if not any(map(path.match, wanted))]
