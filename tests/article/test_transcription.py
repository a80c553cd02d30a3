"""The transcription against itself, and against the article where its text is at hand."""

import pytest
from cell_claims import COLUMNS, cell_claims

from smartgov.article.published import claim_places, claims, table
from smartgov.article.transcription import verify_transcription
from smartgov.files.layout import ROOT

ARTICLE = ROOT.parent / "shared" / "seed" / "article.txt"
at_hand = pytest.mark.skipif(
    not ARTICLE.exists(), reason="the article's text is not beside the repository"
)


def test_every_cell_of_the_tables_is_a_claim():
    ledger = claims()[list(COLUMNS)]
    expected = {row["claim_id"]: row for row in cell_claims()}
    in_tables = ledger[~ledger.index.isin(claim_places().index)]
    assert in_tables.to_dict("index") == expected


def test_every_other_claim_has_a_place_in_the_article():
    cells = {row["claim_id"] for row in cell_claims()}
    assert list(claim_places().index) == [name for name in claims().index if name not in cells]
    assert (claim_places()["phrase"].str.len() > 0).all()


def test_printed_strings_keep_zeros_blanks_and_stars():
    assert table(2).at["expert_01", "E3"] == "0, 68"
    assert table(4).at["smart_services", "E1.p"] == "1,000"
    assert table(3).at["key_enablers", "emerging_vs_data"] == "2"
    assert table(3).at["smart_city_government", "p"] == "0,052*"


def test_claim_ids_are_unique():
    assert claims()["claim_id"].is_unique


@at_hand
def test_the_article_holds_every_transcribed_string():
    looked_up = verify_transcription(ARTICLE)
    assert looked_up["found"].all(), looked_up[~looked_up["found"]]


@at_hand
@pytest.mark.parametrize(
    ("old", "new"),
    [("0,346", "0,364"), ("0,052*", "0,052"), ("үштен бірі", "төрттен бірі"), ("[7; 2]", "[7; 3]")],
)
def test_a_changed_figure_is_reported(tmp_path, old, new):
    text = " ".join(ARTICLE.read_text(encoding="utf-8").split())
    assert text.count(old) == 1
    (tmp_path / "article.txt").write_text(text.replace(old, new), encoding="utf-8")
    looked_up = verify_transcription(tmp_path / "article.txt")
    assert old in set(looked_up.loc[~looked_up["found"], "printed"])


@at_hand
def test_words_at_another_place_are_reported(tmp_path):
    text = ARTICLE.read_text(encoding="utf-8")
    moved = text.replace("құпия болып қала берді", "жасырын болды") + " құпия болып қала берді"
    (tmp_path / "article.txt").write_text(moved, encoding="utf-8")
    looked_up = verify_transcription(tmp_path / "article.txt")
    missing = looked_up[~looked_up["found"] & (looked_up["file"] == "article_reporting.csv")]
    assert list(missing["row"]) == ["ACCORD M18", "CREDES 5"]


@at_hand
def test_swapped_cells_are_reported(tmp_path):
    text = ARTICLE.read_text(encoding="utf-8").replace("0,074 0,227 0,125", "0,227 0,074 0,125")
    (tmp_path / "article.txt").write_text(text, encoding="utf-8")
    assert not verify_transcription(tmp_path / "article.txt")["found"].all()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"another text", "no caption"),
    ],
)
def test_unusable_article_files_are_refused(tmp_path, content, words):
    path = tmp_path / "article.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        verify_transcription(path)
