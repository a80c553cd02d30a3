"""The archive of the last commit: every file of it, described, and nothing invented."""

import io
import json
import subprocess
import zipfile
from hashlib import sha1, sha256
from urllib.parse import unquote

import pytest
import yaml

from smartgov.app import deposit
from smartgov.app.verbs import main
from smartgov.files.layout import ROOT

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="there is no last commit")
MADE = {"ro-crate-metadata.json", "codecheck.yml", "codemeta.json", "DEPOSIT.md"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The archive, as it is written where no figure is stale."""
    if subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT):
        pytest.skip("not all is committed")
    folder = tmp_path_factory.mktemp("archive")
    subprocess.check_call(["git", "archive", "HEAD", "-o", folder / "commit.tar"], cwd=ROOT)
    (folder / "uncommitted").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deposit, "COMMIT", folder / "commit.tar")
        patch.setattr(deposit, "UNCOMMITTED", folder / "uncommitted")
        patch.setattr(deposit, "stale", list)
        patch.setattr(deposit, "other_outputs", lambda *_: [])
        places = [deposit.write_deposit(folder / name / "new") for name in "12"]
    first, again = (place.read_bytes() for place in places)
    assert first == again
    return first


@pytest.fixture(scope="module")
def files(written):
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_the_commit_and_the_metadata_alone(files):
    said = subprocess.check_output(["git", "ls-tree", "-rz", "HEAD"], cwd=ROOT, text=True)
    lines = (line.split("\t") for line in said.split("\0")[:-1])
    blobs = {name: about.split()[2] for about, name in lines}
    passports = {name for name in files if name.endswith("_passport.json")}
    assert set(files) == set(blobs) | MADE | passports
    for name, blob in blobs.items():
        text = files[name]
        assert sha1(b"blob %d\0" % len(text) + text).hexdigest() == blob, name


def test_the_crate_lists_every_file_with_its_hash(files):
    graph = json.loads(files["ro-crate-metadata.json"])["@graph"]
    by_id = {entity["@id"]: entity for entity in graph}
    assert len(by_id) == len(graph)
    listed = {unquote(part["@id"]) for part in by_id["./"]["hasPart"]}
    assert listed == set(files) - {"ro-crate-metadata.json"}
    for name in listed:
        assert by_id[name]["sha256"] == sha256(files[name]).hexdigest()
        assert by_id[name]["contentSize"] == str(len(files[name]))
    named = {each["@id"] for entity in graph for each in _references(entity)}
    assert named - {deposit.CRATE} <= set(by_id)


def _references(value):
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_what_is_to_be_found_again_is_there_and_what_only_authors_know_is_empty(files):
    text = files["codecheck.yml"].decode()
    manifest = yaml.safe_load(text)
    assert text.startswith("---\n") and len(manifest["manifest"]) > 50
    assert {each["file"] for each in manifest["manifest"]} <= set(files)
    assert all(each["comment"] for each in manifest["manifest"])
    empty = (manifest["paper"]["authors"], manifest["paper"]["reference"], manifest["certificate"])
    assert empty == (None, None, None)
    for name in MADE:
        assert "orcid.org" not in files[name].decode() and "doi.org" not in files[name].decode()


def test_what_it_says_of_time_and_memory_was_measured(files):
    said, measured = files["DEPOSIT.md"].decode(), json.loads(files[deposit.MEASURED])
    assert f"| memory | {measured['peak_mib']} MiB" in said
    assert f"| last run on | {measured['day']}: {measured['system']}" in said


def test_unpacked_make_runs_every_notebook(written, tmp_path):
    said = subprocess.check_output(["git", "log", "-1", "--format=%H"], cwd=ROOT, text=True)
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert said.strip() in archive.read("DEPOSIT.md").decode()
        archive.extractall(tmp_path)
        assert archive.getinfo(".ci/run").external_attr >> 16 & 0o111
        assert not archive.getinfo("README.md").external_attr >> 16 & 0o111
    said = subprocess.check_output(["make", "-n"], cwd=tmp_path, text=True)
    names = sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb"))
    assert f"smartgov run {' '.join(names)}" in said


def test_what_is_not_committed_or_stale_is_refused(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(deposit, "COMMIT", tmp_path / "commit.tar")
    monkeypatch.setattr(deposit, "UNCOMMITTED", tmp_path / "uncommitted")
    assert main(["deposit", "--out", str(tmp_path / "new")]) == 2
    assert "run it in a clone" in capsys.readouterr().err
    (tmp_path / "commit.tar").touch()
    (tmp_path / "uncommitted").write_text(" M README.md")
    assert main(["deposit", "--out", str(tmp_path / "new")]) == 2
    assert "not all is committed" in capsys.readouterr().err
    (tmp_path / "uncommitted").write_text("")
    monkeypatch.setattr(deposit, "stale", lambda: ["figures/06_cells.svg was made from another"])
    assert main(["deposit", "--out", str(tmp_path / "new")]) == 2
    assert "06_cells.svg was made from another" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
