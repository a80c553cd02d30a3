"""A copy of a few outputs and a lock, damaged in every way that the doctor should tell of."""

from importlib import metadata

import pytest

from smartgov.app import doctor
from smartgov.app.verbs import main
from smartgov.article import published
from smartgov.files.layout import ROOT
from smartgov.files.sums import sums

FILES = (
    "figures/03_p_from_w.csv",
    "data/derived/verdicts.csv",
    "notebooks/02_model_construction.ipynb",
)


def write_lists(folder, root):
    """The lists that notebooks leave of their files; of most an empty file of their own."""
    (folder / ".make").mkdir(exist_ok=True)
    wrote = {"03": FILES[0], "06": FILES[1], "02": FILES[2]}
    for notebook in doctor.notebooks():
        name = wrote.get(notebook.stem[:2], "empty.txt")
        text = sums(root, [name])
        (folder / ".make" / f"{notebook.stem}.sha256").write_text(text, encoding="utf-8")


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A root of its own, in which all is well."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "empty.txt").touch()
    write_lists(tmp_path, tmp_path)
    packages = {"requirements.lock": "numpy", "requirements-test.lock": "pytest"}
    for lock, name in packages.items():
        pinned = f"{name}=={metadata.version(name)} \\\n    --hash=sha256:0\n"
        (tmp_path / lock).write_text(pinned, encoding="utf-8")
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    return tmp_path


def complaint(fresh=False):
    (found,) = doctor.complaints(fresh)
    return found


def test_a_well_kept_copy_has_no_complaint(copy, capsys):
    assert list(doctor.complaints(fresh=False)) == []
    assert main(["doctor"]) == 0 and "All is well" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lock", "line", "sentence"),
    [
        ("requirements.lock", "numpy==0.0.1", "0.0.1 is locked; every exhibit may depend on it"),
        (
            "requirements.lock",
            "absent-package==1.0",
            "absent-package 1.0 is locked and not installed",
        ),
        ("requirements-test.lock", "pytest==0.1", "0.1 is locked; no exhibit depends on it"),
    ],
)
def test_another_package_than_the_locked_one(copy, lock, line, sentence, capsys):
    (copy / lock).write_text(line + " \\\n", encoding="utf-8")
    assert sentence in complaint()
    assert main(["doctor"]) == 1 and sentence in capsys.readouterr().out


@pytest.mark.parametrize("line", ["absent-package==1.0 ; sys_platform == 'amiga'", ""])
def test_what_this_system_does_not_need_is_not_missed(copy, line):
    (copy / "requirements.lock").write_text(line + "\n", encoding="utf-8")
    (copy / "requirements-test.lock").write_text("absent-package==1.0\n", encoding="utf-8")
    assert list(doctor.complaints(fresh=False)) == []


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (FILES[0], "notebook 03 wrote it; it is figure 03_p_from_w; make writes it anew"),
        (FILES[1], "notebook 06 wrote it; it is the table data/derived/verdicts.csv"),
        (FILES[2], "notebook 02 wrote it; it makes the figures 02_model_matrix"),
    ],
)
def test_an_output_that_was_changed_or_is_gone(copy, file, words):
    with (copy / file).open("a", encoding="utf-8") as output:
        output.write(" ")
    assert f"{file} was changed since {words}" in complaint()
    (copy / file).unlink()
    assert f"{file} is gone; {words}" in complaint()


def test_a_notebook_that_was_never_run_here(copy):
    next((copy / ".make").glob("05_*.sha256")).unlink()
    assert "notebook 05 has not been run here" in complaint()


def test_published_files_that_are_damaged(copy, monkeypatch, tmp_path):
    monkeypatch.setattr(published, "PUBLISHED", tmp_path / "nowhere")
    published.claims.cache_clear()
    try:
        assert "every verdict, figure and table depends on it" in complaint().lower()
    finally:
        published.claims.cache_clear()


def test_what_a_fresh_run_writes_otherwise(copy, monkeypatch, tmp_path):
    other = tmp_path / "other"

    def run_study(names, target):
        for name in (*FILES, "empty.txt"):
            (other / name).parent.mkdir(parents=True, exist_ok=True)
            (other / name).write_bytes((copy / name).read_bytes())
        (other / FILES[0]).write_text("another table", encoding="utf-8")
        write_lists(target, other)

    monkeypatch.setattr(doctor, "run_study", run_study)
    said = complaint(fresh=True)
    assert said.startswith(f"{FILES[0]} is not what notebook 03 writes when it is run afresh")
