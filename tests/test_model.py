"""Models of one's own: those that are read, and every mistake in one sentence with its line."""

import time
from pathlib import Path

import pytest

from smartgov.app.verbs import main
from smartgov.article.published import asks_as_the_article
from smartgov.files.layout import MODEL
from smartgov.model import questionnaire, read_model, write_model

STARTER = Path(__file__).parents[1] / "src" / "smartgov" / "app" / "starter_model.yaml"
GOOD = STARTER.read_text(encoding="utf-8")
FACTORS = "  - {ring: factors, contexts: dimensions}"
BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def read(tmp_path, text: str):
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return read_model(path)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (GOOD, "", "an empty file"),
        (GOOD, "# nothing\n", "an empty file"),
        (GOOD, "- a\n- b\n", "line 1: found a list"),
        (GOOD, "model\n", "line 1: found 'model'"),
        (GOOD, "12\n", "line 1: found the number 12"),
        (GOOD, "rings: [a\n", "found text that is no YAML"),
        (GOOD, "rings: &r [*r]\n", "found a reference (*r)"),
        (GOOD, BOMB, "found a reference (*a)"),
        (GOOD, "[" * 1000, "found 13 levels within each other"),
        (GOOD, "a: " * 50_000, "text that is no YAML"),
        (GOOD, "#" * 300_000, "found a larger file"),
        (GOOD, GOOD + "---\nrings: []\n", "found a second document"),
        (GOOD, "a\0b", "text that is no YAML"),
        (GOOD, "!!python/object/apply:os.system [touch run]\n", "the tag !!python/object/apply"),
        ("components:", "parts:", "found the key 'parts'; accepted: rings"),
        ("rings:", "rings: {}\nring:", "found keys with values; accepted: a list of rings"),
        ("rings:", "rings:\nrings:", "found nothing; accepted: a list of rings"),
        ("    ring: factors\n", "", "found no ring; accepted: a component"),
        ("  - id: staff\n    ring", "  - ring", "found no id; accepted: a component"),
        ("- id: staff", "- id: 7", "found the number 7; accepted: an id"),
        ("- id: staff", "- id: my staff", "found 'my staff'; accepted: an id"),
        ("- id: staff", "- id: my__staff", "found 'my__staff'; accepted: an id"),
        ("- id: staff", "- id: [a, b]", "found a list; accepted: an id"),
        ("- id: staff", "- id:", "found nothing; accepted: an id"),
        ("- id: staff", "- id: no", "found 'no'; accepted: an id"),
        ("- id: staff", "- id: equipment", "the id 'equipment', when there is 'equipment'"),
        ("- id: staff", "- id: Factors", "the id 'Factors', when there is 'factors' already"),
        ("- id: staff", "- id: care", "the id 'care', when there is 'care' already"),
        ("en: Staff", "en: Equipment", "the name 'Equipment' again, which 'staff' has"),
        ("{en: Staff, kk: Қызметкерлер, ru: Персонал}", "{}", "no name of 'staff'"),
        ("{en: Staff, kk: Қызметкерлер, ru: Персонал}", "Staff", "found 'Staff'; accepted: names"),
        ("en: Staff", "de: Personal", "found the key 'de'; accepted: en, kk, ru"),
        ("en: Staff", "en: yes", "found 'yes'; accepted: a text of one line, in quotes"),
        ("en: Staff", "en: 3", "found the number 3; accepted: a text"),
        ("    ring: factors\n", "    ring: tools\n", "the ring 'tools'; accepted: one of factors"),
        ("{ring: factors,", "{ring: tools,", "the ring 'tools'; accepted: one of factors"),
        ("contexts: dimensions", "contexts: care", "the contexts 'care'; accepted: one of dim"),
        ("contexts: dimensions", "contexts: factors", "'factors' compared in itself"),
        (FACTORS, FACTORS + "\n" + FACTORS, "'factors' compared again"),
        (FACTORS, "  []", "found a list; accepted: a list of rules"),
    ],
)
def test_a_wrong_model_file_says_line_found_and_accepted(tmp_path, monkeypatch, old, new, found):
    monkeypatch.chdir(tmp_path)
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    start = time.process_time()
    with pytest.raises(ValueError, match="own.yaml") as raised:
        read(tmp_path, text)
    assert time.process_time() - start < 10
    said = str(raised.value)
    assert found in said and "\n" not in said and "; accepted: " in said
    assert [path.name for path in tmp_path.iterdir()] == ["own.yaml"], "nothing in it ran"


def test_the_line_is_that_of_the_mistake(tmp_path):
    text = GOOD.replace("ring: factors", "ring: tools")
    with pytest.raises(ValueError, match=f"line {line_of(text, 'ring: tools')}: found the ring"):
        read(tmp_path, text)


def test_one_component_is_compared_with_none(tmp_path):
    text = GOOD.replace("ring: factors", "ring: alone", 1)
    text = text.replace("rings:\n", "rings:\n  - {id: alone, names: {en: Alone}}\n", 1)
    read(tmp_path, text)
    with pytest.raises(ValueError, match="one component in ring 'alone'; accepted: two or more"):
        read(tmp_path, text.replace(FACTORS, FACTORS + "\n  - {ring: alone, contexts: factors}"))
    with pytest.raises(ValueError, match="no ring that is compared in the dimensions"):
        read(tmp_path, text.replace("contexts: dimensions", "contexts: alone"))


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: None])
def test_a_folder_or_no_file_is_refused(tmp_path, make):
    make(tmp_path / "own.yaml")
    with pytest.raises(ValueError, match=r"own.yaml: found (a folder|no such file); accepted"):
        read_model(tmp_path / "own.yaml")


def test_a_model_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_bytes(GOOD.encode("cp1251", errors="ignore"))
    with pytest.raises(ValueError, match=r"line \d+: found text in another encoding"):
        read_model(path)


def test_a_name_that_a_language_lacks_is_that_of_another(tmp_path):
    model = read(
        tmp_path, GOOD.replace("en: Staff, kk: Қызметкерлер, ru: Персонал", "ru: Персонал")
    )
    assert model.label("staff") == model.label("staff", "kk") == "Персонал"
    assert model.lacking("en") == model.lacking("kk") == ["staff"] and not model.lacking("ru")


def test_what_is_asked_is_written_and_read_again(tmp_path):
    for model in (read_model(), read(tmp_path, GOOD)):
        again = read_model(write_model(model, tmp_path / "again.yaml"))
        assert questionnaire(again).equals(questionnaire(model))
        assert again.title(model.columns[-1], "kk") == model.title(model.columns[-1], "kk")
        assert asks_as_the_article(again) == asks_as_the_article(model)


def test_the_article_s_model_is_known_by_its_questions(tmp_path):
    assert asks_as_the_article(read_model()) and not asks_as_the_article(read(tmp_path, GOOD))
    text = (MODEL / "model.yaml").read_text(encoding="utf-8")
    assert not asks_as_the_article(read(tmp_path, text.replace("id: accountability", "id: duty")))


def test_two_further_rings_at_the_same_components_are_two_groups(tmp_path):
    further = "".join(
        f"  - {{id: {ring}{n}, ring: {ring}, names: {{en: {ring} {n}}}}}\n"
        for ring in ("tools", "skills")
        for n in range(3)
    )
    rings = "".join(f"  - {{id: {r}, names: {{en: My {r}}}}}\n" for r in ("tools", "skills"))
    text = GOOD.replace("rings:\n", "rings:\n" + rings, 1)
    text = text.replace("# Which ring", further + "# Which ring")
    rules = "\n".join(f"  - {{ring: {r}, contexts: factors}}" for r in ("tools", "skills"))
    model = read(tmp_path, text.replace(FACTORS, f"{FACTORS}\n{rules}"))
    assert model.columns == ["care", "access", "tools", "skills"]
    assert model.main_rings == ["factors"] and model.further_rings == ["tools", "skills"]
    assert len(questionnaire(model)) == 2 * 3 + 2 * 3 * 3
    assert [len(model.groups(ring)) for ring in ("factors", "tools", "skills", "")] == [2, 3, 3, 8]
    assert model.title("tools") == "My tools"


def test_the_starter_works_as_it_is_and_replaces_nothing(tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    assert main(["model", str(path)]) == 0
    assert main(["instrument", "--model", str(path), "--copies", "1", str(tmp_path / "form")]) == 0
    assert (tmp_path / "form" / "questionnaire_round_1.xlsx").is_file()
    path.write_text("mine", encoding="utf-8")
    assert main(["model", str(path)]) == 2 and path.read_text(encoding="utf-8") == "mine"
    assert "name one that is not there yet" in capsys.readouterr().err
