"""Files of printed strings: what the data package does not describe is refused, with its place."""

import shutil

import pytest

from smartgov.article import published
from smartgov.files.layout import PUBLISHED

READERS = {
    "table2.csv": lambda: published.table(2),
    "table3.csv": lambda: published.table(3),
    "table4.csv": lambda: published.table(4),
    "claims.csv": published.claims,
    "claim_places.csv": published.claim_places,
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of data/published that the readers read, and what they read before forgotten."""
    copy = shutil.copytree(PUBLISHED, tmp_path / "published")
    monkeypatch.setattr(published, "PUBLISHED", copy)
    caches = (published.table, published.claims, published.claim_places)
    for cached in caches:
        cached.cache_clear()
    yield copy
    for cached in caches:
        cached.cache_clear()


FIRST = 'expert_01,"Table 2, row 1","0,43"'
DAMAGED = [
    ("table2.csv", FIRST, FIRST.replace("0,43", "0.43"), "row 2, column E1: found '0.43'"),
    ("table2.csv", FIRST, FIRST.replace("0,43", "O,43"), "row 2, column E1: found 'O,43'"),
    ("table2.csv", FIRST, FIRST.replace("0,43", "٠,43"), "row 2, column E1"),
    ("table2.csv", FIRST, FIRST.replace("0,43", ""), "row 2, column E1: found an empty cell"),
    ("table2.csv", FIRST, FIRST.replace('"0,43"', "0,43"), "row 2: found 8 cells"),
    ("table2.csv", FIRST, FIRST.replace("row 1", "row 2"), "row 2, column place"),
    ("table2.csv", FIRST, FIRST.replace("01", "02"), "row 3, column row: found 'expert_02'"),
    ("table2.csv", "0, 68", "0,\u00a068", "row 2, column E3.*single blanks"),
    ("table2.csv", "0, 68", "0,  68", "row 2, column E3.*single blanks"),
    ("table2.csv", "E1,E2", "E1,E4", "row 1: found the columns"),
    ("table3.csv", '"1,84"', '"1,84\u200b"', "row 2, column emerging_vs_ict.*unseen"),
    ("table3.csv", '"0,052*"', '"0,052**"', "row 10, column p"),
    ("table4.csv", "policy_making", "policymaking", "row 3, column row.*one of economic_growth"),
    ("claims.csv", "abstract_kk.title", "abstract\x00_kk.title", "row 3, column claim_id.*control"),
    ("claims.csv", ",count,3,", ",count, 3,", "row 2, column printed.*single blanks"),
    ("claims.csv", "abstract_kk.title", "abstract_kk.cities", "row 3.*no other row has"),
    (
        "claims.csv",
        "abstract_kk.title",
        "abstract_kk.titel",
        "row 3, column claim_id.*claim_places",
    ),
    ("claim_places.csv", "әлеуметтік", "әлеу\ufffdтік", "row 3, column phrase"),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), DAMAGED)
def test_a_damaged_file_is_refused_with_its_place(folder, file, old, new, sentence):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"data/published/{file}, {sentence}.*git restore"):
        READERS[file]()


@pytest.mark.parametrize("content", [b"", b'"row', b"\xff\xfer\x00"])
def test_a_file_that_is_no_table_is_refused(folder, content):
    (folder / "table3.csv").write_bytes(content)
    with pytest.raises(ValueError, match=r"data/published/table3.csv.*git restore"):
        published.table(3)


@pytest.mark.parametrize(
    ("file", "line", "sentence"),
    [
        ("table3.csv", "smart_services", "claim_id: found 'table3.smart_services.emerging_vs_ict'"),
        ("table4.csv", "smart_services", "claim_id: found 'table4.smart_services.E1.W'"),
        ("table2.csv", "expert_13", "claim_id: found 'table2.expert_13.E1'"),
        ("claims.csv", "table4.policy_making.E2.p,", "no claim table4.policy_making.E2.p"),
        ("claims.csv", "results.E2_p_min,", "no claim results.E2_p_min"),
        ("claim_places.csv", "results.E2_p_min,", "claim_id: found 'results.E2_p_min'"),
    ],
)
def test_a_row_that_one_file_lacks_is_missed_in_the_other(folder, file, line, sentence):
    lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
    left = [text for text in lines if not text.startswith(line)]
    assert len(left) == len(lines) - 1
    text = "".join(left)
    if file == "table3.csv":
        text = text.replace("row 8", "row 7").replace("row 9", "row 8")
    if file == "table2.csv":
        text = text.replace("row 13", "row 12")
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=sentence):
        published.claims()


@pytest.mark.parametrize(
    "claim", ["table2.expert_01.E1", "table3.key_enablers.p", "table4.smart_services.E3.W"]
)
def test_a_cell_that_two_files_print_differently_is_refused(folder, claim):
    place, row, column = claim.split(".", 2)
    cell = published.claims().at[claim, "printed"]
    published.claims.cache_clear()
    ledger = (folder / "claims.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (at,) = [k for k, line in enumerate(ledger) if line.startswith(f"{claim},")]
    ledger[at] = ledger[at].replace(f'"{cell}"', '"0,999"')
    (folder / "claims.csv").write_text("".join(ledger), encoding="utf-8")
    with pytest.raises(
        ValueError, match=rf"row {at + 1}, column printed: found '0,999'.*{place}.csv"
    ):
        published.claims()
