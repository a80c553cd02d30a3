"""Files are replaced whole or stay as they were, and nothing is left beside them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from smartgov.app.verbs import main
from smartgov.files.writing import PREFIX, beside, locked, staged, write

TABLE = "id,m,n,W,chi2,df,p,mean_ranks\na,5,3,0.5,5.0,2,,\n"


def contents(folder) -> dict[str, str]:
    """Everything below a folder, hidden or not."""
    return {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.read_text()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "old.csv").write_text("old")
    return tmp_path


def test_a_file_is_replaced_and_keeps_its_mode_and_its_link(folder):
    (folder / "old.csv").chmod(0o640)
    (folder / "link.csv").symlink_to("old.csv")
    write(folder / "link.csv", "new")
    assert contents(folder) == {"old.csv": "new", "link.csv": "old.csv"}
    assert (folder / "old.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("stop", [ValueError, OSError, KeyboardInterrupt])
def test_what_stops_halfway_changes_nothing(folder, stop):
    with pytest.raises(stop), staged(folder / "a" / "b") as new:
        (new / "half.csv").write_text("half")
        raise stop
    with pytest.raises(stop), beside(folder / "old.csv") as new:
        new.write_text("half")
        raise stop
    assert contents(folder) == {"old.csv": "old"} and not (folder / "a").exists()


@pytest.mark.skipif(
    not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(os.curdir).st_dev,
    reason="needs two file systems",
)
def test_a_folder_that_is_a_link_to_another_disk_is_written_to(tmp_path):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as disk:
        (tmp_path / "figures").symlink_to(disk)
        for text in ("1", "2"):
            with staged(tmp_path) as new:
                (new / "figures").mkdir()
                (new / "figures" / "a.csv").write_text(text)
        assert contents(Path(disk)) == {"a.csv": "2"}


def test_one_file_that_cannot_be_replaced_keeps_all_as_they_were(folder):
    (folder / "z").mkdir()
    with pytest.raises(IsADirectoryError, match="a folder of this name"), staged(folder) as new:
        (new / "old.csv").write_text("new")
        (new / "z").write_text("new")
    assert contents(folder) == {"old.csv": "old"}


@pytest.mark.parametrize("way", ["old.csv", "link.csv", "hard.csv", "sub/../old.csv"])
def test_what_is_read_is_not_written_over(folder, way):
    (folder / "sub").mkdir()
    (folder / "link.csv").symlink_to("old.csv")
    os.link(folder / "old.csv", folder / "hard.csv")
    before = contents(folder)
    refused = pytest.raises(ValueError, match="would be written over")
    with refused, beside(folder / way, [None, folder / "old.csv"]) as new:
        new.write_text("new")
    with refused, staged(folder, [folder / way]) as new:
        (new / "old.csv").write_text("new")
    assert contents(folder) == before


def test_the_folder_of_a_killed_process_is_removed_and_that_of_a_living_one_stays(folder):
    (folder / f"{PREFIX}killed").mkdir()
    (folder / f"{PREFIX}killed" / "half.csv").write_text("half")
    with staged(folder) as living:
        write(folder / "old.csv", "new")
        assert living.exists()
    assert contents(folder) == {"old.csv": "new"}


def test_a_lock_is_taken_once_and_left_by_no_one(tmp_path):
    lock = tmp_path / ".x.lock"
    lock.touch()  # of a process that was killed
    with locked(lock, "busy"):
        with pytest.raises(ValueError, match="busy"), locked(lock, "busy"):
            pass
        assert lock.exists()
    assert not lock.exists()


WRONG = {
    "t.csv/out.csv": "there is no such folder: t.csv; nothing was changed",
    "folder": "there is a folder of this name: folder; nothing was changed",
    "nowhere/out.csv": "there is no such folder: nowhere; nothing was changed",
    "x" * 300: "File name too long: x",
    "t.csv": "t.csv: would be written over t.csv, which is read",
    "link.csv": "link.csv: would be written over t.csv, which is read",
}


@pytest.mark.parametrize(("out", "sentence"), WRONG.items())
def test_an_audit_that_cannot_be_written_is_one_sentence(
    out, sentence, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "t.csv").write_text(TABLE)
    (tmp_path / "link.csv").symlink_to("t.csv")
    before = contents(tmp_path)
    assert main(["audit", "t.csv", out]) == 4
    said = capsys.readouterr().err
    assert said.startswith(sentence) and said.count("\n") == 1
    assert contents(tmp_path) == before


def limited(words: list[str], cwd, size: int) -> subprocess.CompletedProcess:
    """A verb in a process that may write files of so many bytes only, as on a full disk."""
    code = (
        "import resource, sys; from smartgov.app.verbs import main\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", code, *words]
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True)


FULL = [
    ("audit t.csv old.csv", 10),
    ("instrument form", 30_000),
    ("instrument form", 100_000),
    ("export panel.csv form", 5_000),
    ("export panel.csv form", 15_000),
    ("feedback panel.csv form", 5_000),
]


@pytest.mark.parametrize(("words", "size"), FULL)
def test_on_a_full_disk_a_verb_says_one_sentence_and_changes_nothing(words, size, folder):
    from smartgov.files.layout import PANELS

    (folder / "t.csv").write_text(TABLE)
    (folder / "panel.csv").write_bytes((PANELS / "reconstructed.csv").read_bytes())
    (folder / "form").mkdir()
    (folder / "form" / "questions_round_1.csv").write_text("earlier")
    before = contents(folder)
    done = limited(words.split(), folder, size)
    assert done.returncode == (4 if words.startswith("audit") else 2), done.stderr
    assert "; nothing was changed\n" in done.stderr and "smartgov/app" not in done.stderr
    assert contents(folder) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_named(folder):
    folder.chmod(0o500)
    try:
        with pytest.raises(PermissionError, match=str(folder)):
            write(folder / "old.csv", "new")
    finally:
        folder.chmod(0o700)
    assert contents(folder) == {"old.csv": "old"}
