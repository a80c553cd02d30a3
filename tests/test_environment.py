"""environment.yml, the lock and pyproject describe one environment, and it can be made."""

import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml

from smartgov.files.layout import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
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
IMPORT_NAMES = {"pyyaml": "yaml", "pytest-xdist": "xdist"}


def normalised(requirement: str) -> str:
    return re.split(r"[<>=~!\[; ]", requirement)[0].lower().replace("_", "-")


def required() -> set[str]:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return {normalised(requirement) for group in groups for requirement in group}


def locked() -> dict[str, str]:
    return {
        name.lower().replace("_", "-"): version
        for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", LOCK, re.M)
    }


def test_everything_required_is_locked():
    assert required() <= set(locked())


def test_locked_versions_satisfy_pyproject():
    from packaging.requirements import Requirement

    versions = locked()
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for text in (requirement for group in groups for requirement in group):
        requirement = Requirement(text)
        assert requirement.specifier.contains(versions[normalised(text)]), text


def test_every_locked_package_carries_hashes():
    entries = re.split(r"(?m)^(?=[A-Za-z0-9_.-]+==)", LOCK)[1:]
    assert len(entries) == len(locked())
    assert all("--hash=sha256:" in entry for entry in entries)


def test_conda_installs_the_same_lock():
    pip_sections = [entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict)]
    assert pip_sections == [["-r requirements.lock"]]
    python = next(
        entry
        for entry in CONDA["dependencies"]
        if isinstance(entry, str) and entry.startswith("python")
    )
    assert python.removeprefix("python") == PROJECT["requires-python"]


@pytest.mark.parametrize("package", FIXED)
def test_fixed_packages_are_required_and_used(package):
    assert package in required()
    files = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "notebooks").glob("*.ipynb"),
        ROOT / "Makefile",
    ]
    word = {"jupyterlab": "jupyter lab", "nbval": "--nbval"}.get(package, package)
    assert any(word in path.read_text(encoding="utf-8") for path in files)


def test_fresh_environment_imports_everything(tmp_path):
    """Made from environment.yml's pip section, the package itself as the file's first line says."""
    uv = shutil.which("uv", path=os.path.dirname(sys.executable))
    section = tmp_path / "pip-section.txt"
    lines = next(entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))
    section.write_text(
        "\n".join(line.replace("-r ", f"-r {ROOT}/") for line in lines), encoding="utf-8"
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--python", python]
    subprocess.run([*install, "-r", section], check=True)
    names = sorted(IMPORT_NAMES.get(name, name.replace("-", "_")) for name in required())
    code = (
        f"import importlib, sys; sys.path.insert(0, {str(ROOT / 'src')!r});"
        f" [importlib.import_module(n) for n in {[*names, 'smartgov.present.tables']!r}]"
    )
    subprocess.run([python, "-c", code], check=True, cwd=tmp_path)
