"""Whole files, damaged: each is refused in a sentence with its place, or read with its meaning.

In `make fuzz` every rule damages every file that it can; in `make test` two files a rule, other
files for other rules. Nothing is written, and time and memory are bounded for each input.
"""

import resource
import time
from pathlib import Path

import pytest

from damage.rules import REFUSED, RULES, SAME, Beside
from damage.seeds import seeds

EACH = {seed.name: seed for seed in seeds()}
SECONDS, BYTES = 8, 1_500_000_000
"""Of processor time for an input, and of memory beyond what is in use."""


def inputs(most: int | None) -> list:
    """Every rule with files that it damages, in turn where it damages more than are taken."""
    found, turn = [], 0
    for rule in RULES:
        names = [name for name, seed in EACH.items() if rule.tags <= seed.tags]
        taken = names if most is None else [names[(turn + n) % len(names)] for n in range(most)]
        found += [pytest.param(rule, n, id=f"{rule.name}-{n}") for n in dict.fromkeys(taken)]
        turn += most or 0
    return found


def pytest_generate_tests(metafunc):
    if {"rule", "name"} <= {*metafunc.fixturenames}:
        long = metafunc.config.getoption("--long", False)
        metafunc.parametrize(("rule", "name"), inputs(None if long else 2))


@pytest.fixture(scope="module")
def undamaged(tmp_path_factory):
    """What the undamaged files say."""
    said = {}

    def read(name: str) -> object:
        if name not in said:
            seed = EACH[name]
            said[name] = seed.read(seed.write(tmp_path_factory.mktemp("whole"), seed.content))
        return said[name]

    return read


@pytest.fixture
def bounded():
    """No more memory than BYTES beyond what is in use, and no more time than SECONDS."""
    limits, used = resource.getrlimit(resource.RLIMIT_AS), Path("/proc/self/statm")
    if used.exists():  # elsewhere than on Linux the kernel does not hold to this limit
        pages = int(used.read_text().split()[0])
        wanted = pages * resource.getpagesize() + BYTES
        resource.setrlimit(resource.RLIMIT_AS, (wanted, limits[1]))
    begun = time.process_time()
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)
    assert time.process_time() - begun < SECONDS


def listed(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_damaged_file_is_refused_or_read_as_meant(
    rule, name, undamaged, bounded, tmp_path, monkeypatch, tried
):
    seed, whole = EACH[name], undamaged(name)
    damaged, expected = rule.damage(seed), rule.of(seed)
    path = seed.write(tmp_path, b"" if isinstance(damaged, Beside) else damaged)
    if isinstance(damaged, Beside):
        path.unlink()
    if damaged is Beside.FOLDER:
        path.mkdir()
    monkeypatch.chdir(tmp_path)
    before = listed(tmp_path)
    tried()
    if expected == REFUSED:
        with pytest.raises(ValueError) as refused:
            seed.read(path)
        message = str(refused.value)
        assert ("parameter" if "settings" in seed.tags else path.name) in message
        assert "; accepted: " in message or "panel" not in seed.tags
        if rule.row:
            place = rule.row(seed)
            assert f"row {place}" in message or f"line {place}" in message
        assert all(len(line) < 2000 for line in message.splitlines())
    else:
        assert seed.read(path) == (whole if expected == SAME else expected(seed, whole))
    assert listed(tmp_path) == before


def test_there_are_enough_damaged_inputs():
    assert len({rule.name for rule in RULES}) >= 200
    assert len(inputs(2)) >= 400 and len(inputs(None)) >= 1000
    assert {param.values[1] for param in inputs(2)} == {*EACH}
