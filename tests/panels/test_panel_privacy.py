"""Nothing personal gets through, whatever the file holds."""

import json
import random
import shutil
import string

import pandas as pd
import pytest
from frictionless import validate
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgov.app import rerun as app_rerun
from smartgov.app.verbs import main
from smartgov.files.layout import run_folder
from smartgov.panels import PanelProblems, read_answers, read_panel, write_panel, writing
from smartgov.panels.privacy import personal_kind, reissued, smallest_groups


def everything_written(folder) -> str:
    return "\n".join(
        path.name + "\n" + path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


@pytest.mark.parametrize("tool", ["kobo", "limesurvey", "wide", "tidy"])
def test_nothing_personal_survives(tool, values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand[tool](values, asked)
    secrets = random.Random(5).choices(string.ascii_letters, k=400)
    marked = [f"{'Full name' if i % 2 else 'IP'} {i}" for i in range(4)]
    extra = ["".join(secrets[i * 20 : i * 20 + 20]) for i in range(4)]
    path = by_hand["csv"](tmp_path / "in.csv", header + marked, [[*row, *extra] for row in rows])
    answers = read_answers(path, model)
    write_panel(answers, tmp_path / "out")
    text = (
        everything_written(tmp_path / "out")
        + answers.report()
        + answers.panel.to_csv()
        + repr(answers)
    )
    for secret in (*by_hand["sensitive"], *extra, *by_hand["experts"]):
        assert secret not in text
    assert set(marked) <= set(answers.dropped_columns)
    same_answers(answers.panel, answers.key)


def test_what_is_written_is_read_back_and_fits_its_schema(values, asked, by_hand, tmp_path, model):
    answers = read_answers(
        by_hand["csv"](tmp_path / "in.csv", *by_hand["kobo"](values, asked)), model
    )
    written = write_panel(answers, tmp_path / "out")
    assert [path.name for path in written] == ["panel.csv", "datapackage.json"]
    pd.testing.assert_frame_equal(read_panel(tmp_path / "out" / "panel.csv", model), answers.panel)
    assert validate(str(tmp_path / "out" / "datapackage.json")).valid
    fields = json.loads((tmp_path / "out" / "datapackage.json").read_text())["resources"][0][
        "schema"
    ]["fields"]
    assert [field["name"] for field in fields] == list(answers.panel)
    first = (tmp_path / "out" / "panel.csv").read_bytes()
    write_panel(answers, tmp_path / "again")
    assert (tmp_path / "again" / "panel.csv").read_bytes() == first


def test_a_large_panel_is_written_one_expert_a_row(
    values, asked, by_hand, tmp_path, model, monkeypatch
):
    """In tidy form ten thousand experts would be more than is read."""
    monkeypatch.setattr(writing, "TIDY_UP_TO", 1000)
    header, rows = by_hand["wide"](values, asked)
    first = by_hand["csv"](tmp_path / "first.csv", header, rows)
    with_gap = [[*rows[0][:2], "", *rows[0][3:]], *rows[1:]]
    second = by_hand["csv"](tmp_path / "second.csv", header, with_gap)
    answers = read_answers(first, model, round2=second)
    write_panel(answers, tmp_path / "out")
    read = read_panel(tmp_path / "out" / "panel.csv", model)
    keys = ["expert", "round", "context", "left", "right"]
    in_order = (each.sort_values(keys, ignore_index=True) for each in (read, answers.panel))
    pd.testing.assert_frame_equal(*in_order)
    assert len((tmp_path / "out" / "panel.csv").read_text().splitlines()) == 1 + 2 * len(values)
    assert validate(str(tmp_path / "out" / "datapackage.json")).valid


def test_new_codes_follow_neither_file_nor_old_codes(values, asked, by_hand, tmp_path, model):
    experts = sorted(by_hand["experts"])
    path = by_hand["csv"](tmp_path / "in.csv", *by_hand["wide"](values, asked, experts=experts))
    key = read_answers(path, model).key
    assert sorted(key.values()) == [f"expert_{n:02d}" for n in range(1, 14)]
    assert [key[expert] for expert in experts] not in (
        sorted(key.values()),
        sorted(key.values(), reverse=True),
    )
    assert read_answers(path, model).key == key
    changed = values.copy()
    changed[0, 0] += 1 if changed[0, 0] < 8 else -1
    other = read_answers(
        by_hand["csv"](tmp_path / "other.csv", *by_hand["wide"](changed, asked, experts=experts)),
        model,
    ).key
    assert other != key  # whoever has not the file cannot work out the order


@settings(derandomize=True, max_examples=50, deadline=None)
@given(
    codes=st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=30, unique=True),
    secret=st.text(max_size=5),
)
def test_every_code_gets_one_of_its_own_whatever_the_order(codes, secret):
    key = reissued(codes, secret)
    assert len(set(key.values())) == len(codes) and set(key) == set(codes)
    assert reissued(codes[::-1], secret) == key


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("a.n@example.kz", "an e-mail address"),
        ("Aigerim Nurlanova", "a name"),
        ("Нұрлан", "a name"),
        ("ivanov i.i.", "a name"),
        ("+7 (701) 555-01-02", "a telephone or identity number"),
        ("880101300123", "a telephone or identity number"),
        ("192.168.0.17", "an IP address"),
        ("43.2389, 76.8897", "a place on the map"),
        ("KZ-07", ""),
        ("expert_11", ""),
        ("сарапшы 3", ""),
        ("A1", ""),
        ("17", ""),
        ("ALA", ""),
    ],
)
def test_what_looks_personal(code, kind):
    assert personal_kind(code) == kind


def test_codes_that_are_names_are_warned_of_and_never_repeated(
    values, asked, by_hand, tmp_path, model
):
    names = [
        f"{first} Nurlanova"
        for first in [
            "Aigerim",
            "Dana",
            "Asel",
            "Saule",
            "Gulnar",
            "Zarina",
            "Alia",
            "Botagoz",
            "Indira",
            "Kamila",
            "Laura",
            "Madina",
            "Nazira",
        ]
    ]
    header, rows = by_hand["wide"](values, asked, experts=names)
    answers = read_answers(by_hand["csv"](tmp_path / "in.csv", header, rows), model)
    assert any(
        "13 of 13 experts' codes look like a name" in warning for warning in answers.warnings
    )
    assert "Nurlanova" not in answers.report() + answers.panel.to_csv()
    rows[1] = [names[0], *rows[1][1:]]
    with pytest.raises(PanelProblems) as refused:
        read_answers(by_hand["csv"](tmp_path / "twice.csv", header, rows), model)
    assert "Nurlanova" not in str(refused.value) and "a code that looks like a name" in str(
        refused.value
    )


PERSONAL_HEADINGS = {
    "aigerim@example.kz": "an e-mail address",
    "Write to Aigerim <aigerim@example.kz>": "an e-mail address",
    "188.0.132.77": "an IP address",
    "fe80:12:0:ab:c:1": "an IP address",
    "43.2389, 76.8897": "a place on the map",
    "+7 (701) 555-01-02": "a telephone or identity number",
    "phone 87015550102": "a telephone or identity number",
    "Full name": "",
    "Aigerim Nurlanova": "",
    "_submission_time 2026-03-01 10:00:00": "",
    "1. 2. 3. Why?": "",
}


def test_headings_that_are_personal_themselves_are_not_repeated(
    values, asked, by_hand, tmp_path, model
):
    header, rows = by_hand["wide"](values, asked)
    long = "Please say in your own words what you found hard about these comparisons"
    path = by_hand["csv"](
        tmp_path / "in.csv",
        [*header, *PERSONAL_HEADINGS, long],
        [[*row, *"x" * len(PERSONAL_HEADINGS), "y"] for row in rows],
    )
    answers = read_answers(path, model)
    wanted = [
        f"a heading that looks like {kind}" if kind else heading
        for heading, kind in PERSONAL_HEADINGS.items()
    ]
    assert answers.dropped_columns == (*wanted, long[:59] + "…")
    write_panel(answers, tmp_path / "out")
    text = everything_written(tmp_path / "out") + answers.report() + repr(answers)
    with pytest.raises(PanelProblems) as refused:
        read_panel(path)
    for heading, kind in PERSONAL_HEADINGS.items():
        if kind:
            assert heading not in text + str(refused.value)


def test_cells_that_are_personal_are_not_repeated_in_messages(
    values, asked, by_hand, tmp_path, model
):
    header, rows = by_hand["wide"](values, asked)
    rows[2][4], rows[3][4] = "aigerim@example.kz", "+7 701 555 01 02"
    with pytest.raises(PanelProblems) as refused:
        read_answers(by_hand["csv"](tmp_path / "in.csv", header, rows), model)
    assert "what looks like an e-mail address" in str(refused.value) and "aigerim" not in str(
        refused.value
    )
    assert "555" not in str(refused.value)
    bars = by_hand["csv"](
        tmp_path / "bars.csv", ["a-01", "aigerim@example.kz"], [["a-02", "x"]], "|"
    )
    with pytest.raises(
        PanelProblems, match="one single column, headed what looks like an e-mail address"
    ):
        read_answers(bars, model)


def test_side_information_under_a_personal_heading_is_refused(
    values, asked, by_hand, tmp_path, model
):
    header, rows = by_hand["wide"](values, asked)
    path = by_hand["csv"](
        tmp_path / "in.csv", [*header, "a@b.kz"], [[*row, "state"] for row in rows]
    )
    with pytest.raises(
        PanelProblems, match="row 1, column a@b.kz: found what looks like an e-mail address"
    ):
        read_answers(path, model, keep=["a@b.kz"])


def test_side_information_of_few_experts_is_warned_of(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    sectors = ["state"] * 7 + ["business"] * 4 + ["academia"] * 2
    path = by_hand["csv"](
        tmp_path / "in.csv",
        [*header, "sector"],
        [[*row, sector] for row, sector in zip(rows, sectors, strict=False)],
    )
    answers = read_answers(path, model, keep=["sector"])
    assert any(
        "2 of 13 experts share sector with fewer than 2 others" in warning
        for warning in answers.warnings
    )
    assert answers.dropped_columns == ()
    assert answers.attributes["sector"].value_counts().to_dict() == {
        "state": 7,
        "business": 4,
        "academia": 2,
    }
    assert answers.attributes.index.is_monotonic_increasing
    assert answers.attributes.loc[answers.key[by_hand["experts"][12]], "sector"] == "academia"
    assert "attributes.csv" in [path.name for path in write_panel(answers, tmp_path / "out")]


@pytest.fixture
def tidy_with_sectors(values, asked, by_hand):
    """A tidy table in which only an expert's first row need say the sector, and who is who."""
    header, rows = by_hand["tidy"](values, asked)
    sectors = dict(zip(by_hand["experts"], ["state"] * 7 + ["business"] * 6, strict=True))
    told = [sectors[row[0]] if n % 135 in (0, 7) else "" for n, row in enumerate(rows)]
    rows = [[*row, text, f"w{row[0]}"] for row, text in zip(rows, told, strict=True)]
    return [*header, "sector", "who"], rows, sectors


def test_side_information_of_a_tidy_file_is_one_row_an_expert(
    tidy_with_sectors, by_hand, tmp_path, model
):
    header, rows, sectors = tidy_with_sectors
    rows[4][0] = rows[4][0].lower()
    path = by_hand["csv"](tmp_path / "in.csv", header, rows)
    answers = read_answers(path, model, keep=["sector"])
    assert answers.attributes["sector"].to_dict() == {
        answers.key[code]: sector for code, sector in sectors.items()
    }
    with pytest.raises(PanelProblems, match="13 of 13 values belong to one expert alone"):
        read_answers(path, model, keep=["who"])
    rows[9][7] = "ngo"
    with pytest.raises(PanelProblems, match="row 11, column sector: found 'ngo', where another"):
        read_answers(by_hand["csv"](path, header, rows), model, keep=["sector"])


def test_a_rerun_of_a_tidy_file_warns_of_small_groups(
    tidy_with_sectors, by_hand, tmp_path, monkeypatch, capsys
):
    header, rows, _ = tidy_with_sectors
    for row in rows[-270:]:
        row[7] = "ngo"
    path = by_hand["csv"](tmp_path / "in.csv", header, rows)
    written = {}

    def pages(answers, name, folder, asked):
        written["attributes"] = next(folder.rglob("attributes.csv")).read_text(encoding="utf-8")
        (folder / "summary.html").write_text("")
        return [folder / "summary.html"]

    monkeypatch.setattr(app_rerun, "execute", lambda *_: None)
    monkeypatch.setattr(app_rerun, "_article_figures", lambda *_: None)
    monkeypatch.setattr(app_rerun, "write_pages", pages)
    try:
        assert main(["rerun", str(path), "--name", "a-test-of-keep", "--keep", "sector"]) == 0
    finally:
        shutil.rmtree(run_folder("a-test-of-keep"), ignore_errors=True)
    assert "2 of 13 experts share sector with fewer than 2 others" in capsys.readouterr().out
    assert len(written["attributes"].splitlines()) == 14


def test_side_information_that_names_people_is_refused(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    path = by_hand["csv"](
        tmp_path / "in.csv", [*header, "contact"], [[*row, "a@b.kz"] for row in rows]
    )
    with pytest.raises(
        PanelProblems, match="row 2, column contact: found what looks like an e-mail address"
    ):
        read_answers(path, model, keep=["contact"])
    with pytest.raises(PanelProblems, match="column phone: found no such column to keep"):
        read_answers(path, model, keep=["phone"])


def test_k_anonymity_looks_at_combinations():
    attributes = pd.DataFrame({"sex": list("ffffmmmm"), "city": list("aaabaaab")})
    assert smallest_groups(attributes[["sex"]]) == []
    assert smallest_groups(attributes)[0].startswith("2 of 8 experts share sex and city")
    assert smallest_groups(attributes.iloc[:0]) == []


def test_cells_that_would_run_as_formulas_are_neutralised(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    sectors = ["=1+1", "=1+1", "=1+1", *["@state"] * 5, *["-none"] * 5]
    path = by_hand["csv"](
        tmp_path / "in.csv",
        [*header, "=sector"],
        [[*row, sector] for row, sector in zip(rows, sectors, strict=False)],
    )
    answers = read_answers(path, model, keep=["=sector"])
    for path in write_panel(answers, tmp_path / "out")[:-1]:
        for line in path.read_text().splitlines():
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line.split(",")), line
    assert "'@state" in (tmp_path / "out" / "attributes.csv").read_text()


def test_old_codes_are_kept_out_of_what_answers_say(values, asked, by_hand, tmp_path, model):
    answers = read_answers(
        by_hand["csv"](tmp_path / "in.csv", *by_hand["wide"](values, asked)), model
    )
    assert all(old.startswith("KZ-") for old in answers.key)
    assert "KZ-" not in repr(answers) + answers.report()


@pytest.mark.parametrize(
    "heading", ["full_name", "deviceid", "_submitted_by", "group/username", "ФИО", "start", "token"]
)
def test_columns_of_persons_and_devices_are_not_kept_whatever_stands_in_them(
    heading, values, asked, by_hand, tmp_path, model
):
    header, rows = by_hand["wide"](values, asked)
    path = by_hand["csv"](
        tmp_path / "in.csv",
        [*header, heading],
        [[*row, "x" if i % 2 else "y"] for i, row in enumerate(rows)],
    )
    with pytest.raises(PanelProblems, match="a column of names, devices, places or times"):
        read_answers(path, model, keep=[heading])


def test_a_column_that_tells_most_experts_apart_is_not_kept(
    values, asked, by_hand, tmp_path, model
):
    header, rows = by_hand["wide"](values, asked)
    path = by_hand["csv"](
        tmp_path / "in.csv", [*header, "who"], [[*row, f"k{i}"] for i, row in enumerate(rows)]
    )
    with pytest.raises(
        PanelProblems,
        match="13 of 13 values belong to one expert alone; accepted: groups of people",
    ):
        read_answers(path, model, keep=["who"])
