"""Inputs that nobody thought of: whatever a reader is given, it reads or says why not.

`make test` tries the same few for each reader, `make fuzz` many that are drawn anew.
"""

import re

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from damage.seeds import audit_read, model, panel_read, seeds
from smartgov.app.notebooks import read_settings
from smartgov.app.parameters import require_between, require_one_of, require_whole
from smartgov.audit.printed import parse_printed
from smartgov.model import read_model
from smartgov.panels.mapping import read_mapping

EACH = {seed.name: seed for seed in seeds()}
LONGER = 60  # times as many inputs by `make fuzz`
OWN_WORDS = re.compile(
    r"Traceback|codec can't|list index|NoneType|not iterable|invalid literal|object has no|unpack "
    r"|argument \d|unexpected keyword|takes \d"
)
"""Words of Python, which tell nobody what to do."""

SIGNS = "0123456789.,;:-−–+×*/^{}()[]<>=≤≥≈~≪·%'\" \t\n\r\ufeff\u200b\u202e⁻⁶½٥ⅤpWχ²nsEe#@&!?_КZ"
ODD = st.text(st.sampled_from(SIGNS) | st.characters(codec="utf-8"), max_size=30)
IN_A_CELL = ODD.map(lambda text: re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "", text))
TOKENS = [*SIGNS, "p", "W", "0.05", "< .001", "10", "n.s.", "1e-400", "9" * 400, " vs ", "E1", "KZ"]
FIGURES = st.lists(st.sampled_from(TOKENS), max_size=8).map("".join)
LEAVES = ODD | st.integers() | st.booleans() | st.none() | st.floats() | st.dates()
YAML = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def fuzz(pytestconfig, tried):
    """Try a reader with what is drawn; only a sentence may come instead of an answer."""

    def run(reader, drawn, examples: int) -> None:
        long = pytestconfig.getoption("--long", False)

        @settings(
            max_examples=examples * (LONGER if long else 1),
            phases=[Phase.generate, *([Phase.shrink] if long else [])],
            derandomize=not long,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(drawn)
        def once(value):
            tried()
            try:
                reader(value)
            except ValueError as refused:
                assert str(refused).strip() and not OWN_WORDS.search(str(refused))

        once()

    return run


def splices(raw: bytes) -> st.SearchStrategy[bytes]:
    """A file with pieces cut out, doubled, turned round or replaced."""
    piece = ODD.map(str.encode) | st.binary(max_size=8)

    def apply(edits: list) -> bytes:
        new = raw
        for kind, start, length, what in edits:
            cut = new[start : start + length]
            middle = {"cut": b"", "double": cut * 2, "put": what, "turn": cut[::-1]}[kind]
            new = new[:start] + middle + new[start + length :]
        return new

    kinds = st.sampled_from(["cut", "double", "put", "turn"])
    edit = st.tuples(kinds, st.integers(0, len(raw)), st.integers(0, 40), piece)
    return st.lists(edit, min_size=1, max_size=4).map(apply)


SPLICED = ("tidy.csv", "wide.csv", "kobo.xlsx", "odk.csv.zip", "tidy.parquet", "mapping.yaml")
SPLICED += ("model.yaml", "audit.csv", "coder.csv", "notebook.ipynb", "published/table3.csv")


@pytest.mark.parametrize("name", SPLICED)
def test_a_file_with_pieces_out_of_place(name, fuzz, tmp_path):
    seed = EACH[name]
    fuzz(lambda raw: seed.read(seed.write(tmp_path, raw)), splices(seed.content), 4)


@pytest.mark.parametrize("name", ["tidy.csv", "wide.xlsx", "entry.xlsx", "qualtrics.csv"])
def test_a_table_with_odd_cells(name, fuzz, tmp_path):
    seed = EACH[name]
    rows, columns = len(seed.rows), len(seed.rows[0])
    places = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))

    def read(cells: dict) -> None:
        new = [list(row) for row in seed.rows]
        for (row, column), text in cells.items():
            new[row][column] = text
        seed.read(seed.write(tmp_path, seed.pack(new)))

    fuzz(read, st.dictionaries(places, IN_A_CELL, min_size=1, max_size=4), 3)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".zip"])
def test_any_bytes_as_answers(ending, fuzz, tmp_path):
    path = tmp_path / f"a{ending}"

    def read(raw: bytes) -> None:
        path.write_bytes(raw)
        panel_read(path)

    fuzz(read, st.binary(max_size=200) | ODD.map(str.encode), 8)


@pytest.mark.parametrize("reader", [read_model, lambda path: read_mapping(path, model())])
def test_any_tree_as_yaml(reader, fuzz, tmp_path):
    path, whole = tmp_path / "a.yaml", yaml.safe_load(EACH["model.yaml"].content)
    keys = [*whole, "expert", "questions", "coding", "words", "names", "missing", "context", "id"]

    def read(tree: object) -> None:
        path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
        reader(path)

    entries = st.dictionaries(st.sampled_from(keys), YAML)
    fuzz(read, YAML | entries | entries.map(lambda new: whole | new), 10)


def test_any_text_as_a_printed_figure(fuzz):
    fuzz(parse_printed, FIGURES | ODD, 150)


def test_any_cells_as_a_table_of_printed_figures(fuzz, tmp_path):
    seed = EACH["audit.csv"]

    def read(rows: list) -> None:
        audit_read(seed.write(tmp_path, seed.pack([seed.rows[0], *rows])))

    fuzz(read, st.lists(st.lists(FIGURES, min_size=8, max_size=8), max_size=3), 25)


def test_any_text_as_a_parameter(fuzz):
    kinds = {"alpha": "float", "seed": "int", "panel": "str", "kept": "bool"}
    accepted = {
        name: {"name": name, "inferred_type_name": kind, "default": "0", "help": ""}
        for name, kind in kinds.items()
    }
    setting = st.tuples(st.sampled_from([*kinds, "x"]), FIGURES | ODD).map("=".join)
    fuzz(lambda texts: read_settings(texts, accepted), st.lists(setting | ODD, max_size=3), 60)


@pytest.mark.parametrize(
    "check",
    [
        lambda value: require_between("alpha", value, 0, 1),
        lambda value: require_whole("seed", value, 0, 9),
        lambda value: require_one_of("language", value, ("en", "kk")),
    ],
)
def test_any_value_of_a_parameter(check, fuzz):
    fuzz(check, YAML, 30)


def test_what_nobody_sees_changes_no_answer(fuzz, tmp_path):
    """Blanks, zero-width blanks, marks of direction around every cell."""
    seed = EACH["wide.csv"]
    unseen = st.text(st.sampled_from(" \u00a0\u200b\u200e\u200f\ufeff\t\x07"), max_size=3)
    whole = seed.read(seed.write(tmp_path, seed.content))

    def read(around: tuple[str, str]) -> None:
        rows = [[f"{around[0]}{cell}{around[1]}" for cell in row] for row in seed.rows]
        assert seed.read(seed.write(tmp_path, seed.pack(rows))) == whole

    fuzz(read, st.tuples(unseen, unseen), 4)
