"""The data package describes every table, every table obeys it, and the codebook is its text."""

import pytest
import yaml
from frictionless import validate

from smartgov.article.published import claims, read_printed, table
from smartgov.files.layout import MODEL, ROOT, STANDARDS
from smartgov.present.codebook import CODEBOOK, PACKAGE, codebook_text, read_package

DATA = ROOT / "data"


def test_every_table_is_described_and_valid():
    described = {resource["path"] for resource in read_package()["resources"]}
    assert described == {str(path.relative_to(DATA)) for path in DATA.rglob("*.csv")}
    report = validate(str(PACKAGE))
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "message"])


def test_the_package_rejects_a_wrong_value(tmp_path):
    """The constraints bite: a verdict that does not exist is found."""
    package = read_package()
    verdicts = next(r for r in package["resources"] if r["path"] == "derived/verdicts.csv")
    text = (
        (DATA / "derived" / "verdicts.csv")
        .read_text(encoding="utf-8")
        .replace(",contradicted,", ",doubtful,", 1)
    )
    (tmp_path / "verdicts.csv").write_text(text, encoding="utf-8")
    report = validate({**verdicts, "path": "verdicts.csv"}, basepath=str(tmp_path))
    assert not report.valid


def test_codebook_is_generated():
    assert CODEBOOK.read_text(encoding="utf-8") == codebook_text(read_package())


@pytest.mark.parametrize("field", ["description", "type"])
def test_every_column_says_what_it_means(field):
    for resource in read_package()["resources"]:
        assert all(column.get(field) for column in resource["schema"]["fields"]), resource["path"]
        assert resource["sources"] and resource["licenses"]


def test_key_phrases_are_phrases_not_sentences():
    scored = read_printed(STANDARDS / "article_reporting.csv")
    for phrases in (*table(1)["key_phrases"], *scored["phrase"]):
        assert all(len(phrase.split()) <= 5 for phrase in phrases.split("; "))


def test_model_evidence_points_into_the_article():
    model = yaml.safe_load((MODEL / "model.yaml").read_text(encoding="utf-8"))
    places = set(claims()["place"])
    for entry in (*model["rings"], *model["dimensions"], *model["components"]):
        assert entry["evidence"]["place"] in places
        assert set(entry["names"]) == {"en", "kk", "ru"}
    for counted in model["counted_not_named"]:
        assert set(counted["claims"]) <= set(claims().index)
        assert counted["counted"] > counted["named"]
