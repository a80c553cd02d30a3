"""The two forms of the design, in every encoding, separator and kind of file."""

import csv
import datetime

import duckdb
import pandas as pd
import pytest

from smartgov.files import sheets
from smartgov.panels import PanelProblems, read_answers, read_panel

from .conftest import EXPERTS, wide_table, write_csv


def write_parquet(path, header, rows, kinds):
    """A Parquet file written by DuckDB; `kinds` gives the types of columns that are no texts."""
    columns = ", ".join(
        '"{}" {}'.format(name.replace('"', '""'), kinds.get(name, "VARCHAR")) for name in header
    )
    place = str(path).replace("'", "''")
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE answers ({columns})")
        cells = [[None if cell == "" else cell for cell in row] for row in rows]
        engine.executemany(f"INSERT INTO answers VALUES ({', '.join('?' * len(header))})", cells)
        engine.execute(f"COPY answers TO '{place}' (FORMAT parquet)")
    return path


def test_tidy_and_wide_files_of_every_kind_give_one_panel(
    values, asked, by_hand, tmp_path, same_answers
):
    tidy, wide = by_hand["tidy"](values, asked), by_hand["wide"](values, asked)
    paired_header = [
        "expert",
        *(f"{'__'.join(q)}__{part}" for q in asked for part in ("side", "intensity")),
    ]
    paired = [
        [e, *(cell for v in row for cell in by_hand["side_and_intensity"](v))]
        for e, row in zip(by_hand["experts"], values, strict=False)
    ]
    for path in (
        by_hand["csv"](tmp_path / "tidy.csv", *tidy),
        by_hand["xlsx"](tmp_path / "tidy.xlsx", *tidy),
        by_hand["csv"](tmp_path / "wide.tsv", *wide, separator="\t"),
        by_hand["csv"](tmp_path / "pairs.csv", paired_header, paired, separator=";"),
    ):
        panel = read_panel(path)
        same_answers(panel)
        assert panel.dtypes["intensity"] == "int64" and list(panel)[0] == "expert"


def test_parquet_in_both_forms_with_numbers_of_any_type(
    values, asked, by_hand, tmp_path, same_answers
):
    header, rows = by_hand["tidy"](values, asked)
    same_answers(
        read_panel(
            write_parquet(
                tmp_path / "tidy.parquet",
                header,
                rows,
                {"round": "DOUBLE", "intensity": "DECIMAL(4,2)"},
            )
        )
    )
    header, rows = by_hand["wide"](values, asked)
    for number in ("TINYINT", "DOUBLE", "VARCHAR"):
        same_answers(
            read_panel(
                write_parquet(
                    tmp_path / "wide.parquet", header, rows, dict.fromkeys(header[1:], number)
                )
            )
        )


def test_parquet_export_with_columns_of_other_kinds(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["kobo"](values, asked)
    kinds = {
        "start": "TIMESTAMP",
        "end": "TIMESTAMPTZ",
        "_submission_time": "TIMESTAMP",
        "_id": "BIGINT",
        "where": "STRUCT(x DOUBLE)",
    }
    kinds |= {heading: "DOUBLE" for heading in header if heading.endswith("__intensity")} | {
        'a "quoted" one': "BOOLEAN"
    }
    rows = [[*row, {"x": 43.2}, True] for row in rows]
    answers = read_answers(
        write_parquet(tmp_path / "kobo.parquet", [*header, "where", 'a "quoted" one'], rows, kinds),
        model,
    )
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].dates == (datetime.date(2026, 3, 1), datetime.date(2026, 3, 13))
    assert {"where", 'a "quoted" one'} <= set(answers.dropped_columns)


@pytest.mark.parametrize(
    "name",
    ["it's one", 'a "quote"', "two  blanks", "Ответы эксперттер", "answers (1) [2]", "a*", "x=1"],
)
def test_parquet_in_a_file_of_any_name(name, values, asked, by_hand, tmp_path, same_answers):
    folder = tmp_path / name
    folder.mkdir()
    header, rows = by_hand["wide"](values, asked)
    path = write_parquet(folder / f"{name}.parquet", header, rows, {})
    write_parquet(
        folder / f"{name}b.parquet", ["other"], [["table"]], {}
    )  # what a pattern would also match
    same_answers(read_panel(path))


def test_parquet_that_is_damaged_or_too_large(tidy, tmp_path, monkeypatch):
    path = write_parquet(tmp_path / "tidy.parquet", *tidy, {})
    whole = path.read_bytes()
    for damaged in (
        b"PAR1",
        whole[:-40],
        whole[:200] + bytes(400) + whole[600:],
        b"expert,round\na,1\n",
    ):
        path.write_bytes(damaged)
        with pytest.raises(
            PanelProblems,
            match=(
                "tidy.parquet: found a damaged Parquet file; accepted: a Parquet file as it was"
                " written"
            ),
        ):
            read_panel(path)
    path.write_bytes(whole)
    monkeypatch.setattr(sheets, "MAX_CELLS", 500)
    with pytest.raises(
        PanelProblems, match=f"found {len(tidy[1]) * 7} cells; accepted: up to 500 cells"
    ):
        read_panel(path)


def test_packages_for_single_formats_are_imported_for_them_only():
    assert not {"duckdb", "openpyxl"} & vars(sheets).keys()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with BOM"), ("cp1251", "Windows-1251")],
)
def test_encodings_and_separators_are_recognised(
    separator, encoding, name, values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["tidy"](values, asked)
    words = {"left": "слева", "right": "справа", "equal": "одинаково"}
    rows = [[*row[:5], words[row[5]], row[6]] for row in rows]
    answers = read_answers(
        by_hand["csv"](tmp_path / "ответы.csv", header, rows, separator, encoding), model
    )
    same_answers(answers.panel, answers.key)
    (understood,) = answers.understood
    assert understood.encoding == name
    assert understood.separator == {",": "comma", ";": "semicolon", "\t": "tab"}[separator]


def test_kazakh_letters_in_an_eight_bit_file(values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand["tidy"](values, asked)
    words = {"left": "сол жақ", "right": "оң жақ", "equal": "тең"}
    rows = [
        [*row[:2], *(model.label(i, "kk") for i in row[2:5]), words[row[5]], row[6]] for row in rows
    ]
    answers = read_answers(by_hand["csv"](tmp_path / "kk.csv", header, rows, ";", "kz1048"), model)
    same_answers(answers.panel, answers.key)


def test_decimal_zeros_are_read_and_decimals_refused(tidy, by_hand, tmp_path, same_answers):
    header, rows = tidy
    spreadsheet = [[*row[:6], f"{row[6]},0"] for row in rows]
    same_answers(read_panel(by_hand["csv"](tmp_path / "zeros.csv", header, spreadsheet, ";")))
    spreadsheet[4][6] = "3,5"
    with pytest.raises(
        PanelProblems,
        match=(
            "row 6, column intensity: found '3,5' \\(a decimal comma\\); accepted: a whole number"
        ),
    ):
        read_panel(by_hand["csv"](tmp_path / "decimals.csv", header, spreadsheet, ";"))


def test_blank_rows_and_a_line_for_excel_do_not_shift_row_numbers(tidy, by_hand, tmp_path):
    header, rows = tidy
    rows[1][6] = 77
    path = by_hand["csv"](tmp_path / "blank.csv", header, [rows[0], [], rows[1], *rows[2:]], ";")
    path.write_text("sep=;\n" + path.read_text())
    with pytest.raises(PanelProblems) as refused:
        read_panel(path)
    assert [(p.row, p.column, p.found) for p in refused.value.problems] == [
        (4, "intensity", "'77'")
    ]


def test_a_pair_asked_twice_with_one_answer_stands_once(tidy, by_hand, tmp_path, same_answers):
    header, rows = tidy
    expert, round_, context, left, right, favours, intensity = rows[0]
    turned = [
        expert,
        round_,
        context,
        right,
        left,
        {"left": "right", "right": "left"}.get(favours, favours),
        intensity,
    ]
    panel = read_panel(by_hand["csv"](tmp_path / "twice.csv", header, [*rows, turned]))
    assert len(panel) == len(rows)
    same_answers(panel)


def test_read_panel_takes_no_other_columns(tidy, by_hand, tmp_path):
    header, rows = tidy
    path = by_hand["csv"](tmp_path / "more.csv", [*header, "name"], [[*row, "x"] for row in rows])
    with pytest.raises(
        PanelProblems,
        match="row 1, column name: found a column of another kind.*go through make rerun",
    ):
        read_panel(path)


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("kobo", "a file of KoboToolbox, ODK or another form"),
        ("limesurvey", "a LimeSurvey export"),
        ("", "headings of no known form: a, b"),
    ],
)
def test_read_panel_sends_other_files_to_rerun(form, found, values, asked, by_hand, tmp_path):
    table = by_hand[form](values, asked) if form else (["a", "b"], [[1, 2]])
    with pytest.raises(PanelProblems) as refused:
        read_panel(by_hand["csv"](tmp_path / "answers.csv", *table))
    (problem,) = refused.value.problems
    assert problem.found == found
    assert (
        problem.accepted.startswith("a panel in tidy or wide form")
        and "make rerun PANEL=… NAME=…" in problem.accepted
    )


def test_quoted_cells_may_hold_the_separator_and_line_breaks(
    values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["wide"](values, asked)
    rows = [[*row, "too long; really,\nI stopped"] for row in rows]
    path = by_hand["csv"](
        tmp_path / "text.csv", [*header, "remark"], rows, ";", quoting=csv.QUOTE_ALL
    )
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    assert answers.dropped_columns == ("remark",)


def test_a_folder_of_files_that_experts_saved_is_one_panel(model, values, asked, tmp_path):
    header, rows = wide_table(values, asked)
    (tmp_path / "saved").mkdir()
    for number, row in enumerate(rows):
        write_csv(tmp_path / "saved" / f"{number:02d}.csv", header, [row])
    (tmp_path / "saved" / "desktop.ini").write_text("no answers")
    one = read_answers(write_csv(tmp_path / "one.csv", header, rows), model)
    together = read_answers(tmp_path / "saved", model)
    assert [each.experts for each in together.understood] == [len(EXPERTS)]
    old = {new: code for code, new in one.key.items()}
    coded = one.panel.assign(expert=one.panel["expert"].map(lambda new: together.key[old[new]]))
    by = ["expert", "context", "left", "right"]
    pd.testing.assert_frame_equal(
        *(
            panel.astype({"expert": "str"}).sort_values(by, ignore_index=True)
            for panel in (coded, together.panel)
        )
    )


def test_files_of_a_folder_that_do_not_fit_are_refused(model, values, asked, tmp_path):
    header, rows = wide_table(values, asked)
    with pytest.raises(PanelProblems, match="a folder without .csv files"):
        read_answers(tmp_path, model)
    write_csv(tmp_path / "a.csv", header, rows[:2])
    write_csv(tmp_path / "b.csv", header[:-1], [row[:-1] for row in rows[2:]])
    with pytest.raises(PanelProblems, match="b.csv, row 1: found other headings; .* of a.csv"):
        read_answers(tmp_path, model)
