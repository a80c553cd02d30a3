"""The two forms of the design, in every encoding, separator and kind of file."""

import csv
from importlib.util import find_spec

import pandas as pd
import pytest

from smartgov.study.panels import PanelProblems, read_answers, read_panel


def test_tidy_and_wide_files_of_every_kind_give_one_panel(values, asked, by_hand, tmp_path, same_answers):
    tidy, wide = by_hand["tidy"](values, asked), by_hand["wide"](values, asked)
    paired_header = ["expert", *(f"{'__'.join(q)}__{part}" for q in asked for part in ("side", "intensity"))]
    paired = [[e, *(cell for v in row for cell in by_hand["side_and_intensity"](v))] for e, row in zip(by_hand["experts"], values)]
    for path in (
        by_hand["csv"](tmp_path / "tidy.csv", *tidy),
        by_hand["xlsx"](tmp_path / "tidy.xlsx", *tidy),
        by_hand["csv"](tmp_path / "wide.tsv", *wide, separator="\t"),
        by_hand["csv"](tmp_path / "pairs.csv", paired_header, paired, separator=";"),
    ):
        panel = read_panel(path)
        same_answers(panel)
        assert panel.dtypes["intensity"] == "int64" and list(panel)[0] == "expert"


def test_parquet_is_read_or_says_what_it_needs(tidy, tmp_path, same_answers):
    header, rows = tidy
    path = tmp_path / "tidy.parquet"
    if find_spec("pyarrow"):
        pd.DataFrame(rows, columns=header).to_parquet(path)
        same_answers(read_panel(path))
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(PanelProblems, match="a damaged Parquet file"):
            read_panel(path)
    else:
        path.write_bytes(b"PAR1")
        with pytest.raises(PanelProblems, match="accepted: a CSV or XLSX file, or this one once the package pyarrow is installed"):
            read_panel(path)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(("encoding", "name"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with BOM"), ("cp1251", "Windows-1251")])
def test_encodings_and_separators_are_recognised(separator, encoding, name, values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand["tidy"](values, asked)
    words = {"left": "слева", "right": "справа", "equal": "одинаково"}
    rows = [[*row[:5], words[row[5]], row[6]] for row in rows]
    answers = read_answers(by_hand["csv"](tmp_path / "ответы.csv", header, rows, separator, encoding), model)
    same_answers(answers.panel, answers.key)
    (understood,) = answers.understood
    assert understood.encoding == name
    assert understood.separator == {",": "comma", ";": "semicolon", "\t": "tab"}[separator]


def test_kazakh_letters_in_an_eight_bit_file(values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand["tidy"](values, asked)
    words = {"left": "сол жақ", "right": "оң жақ", "equal": "тең"}
    rows = [[*row[:2], *(model.label(i, "kk") for i in row[2:5]), words[row[5]], row[6]] for row in rows]
    answers = read_answers(by_hand["csv"](tmp_path / "kk.csv", header, rows, ";", "kz1048"), model)
    same_answers(answers.panel, answers.key)


def test_decimal_zeros_are_read_and_decimals_refused(tidy, by_hand, tmp_path, same_answers):
    header, rows = tidy
    spreadsheet = [[*row[:6], f"{row[6]},0"] for row in rows]
    same_answers(read_panel(by_hand["csv"](tmp_path / "zeros.csv", header, spreadsheet, ";")))
    spreadsheet[4][6] = "3,5"
    with pytest.raises(PanelProblems, match="row 6, column intensity: found '3,5' \\(a decimal comma\\); accepted: a whole number"):
        read_panel(by_hand["csv"](tmp_path / "decimals.csv", header, spreadsheet, ";"))


def test_blank_rows_and_a_line_for_excel_do_not_shift_row_numbers(tidy, by_hand, tmp_path):
    header, rows = tidy
    rows[1][6] = 77
    path = by_hand["csv"](tmp_path / "blank.csv", header, [rows[0], [], rows[1], *rows[2:]], ";")
    path.write_text("sep=;\n" + path.read_text())
    with pytest.raises(PanelProblems) as refused:
        read_panel(path)
    assert [(p.row, p.column, p.found) for p in refused.value.problems] == [(4, "intensity", "'77'")]


def test_a_pair_asked_twice_with_one_answer_stands_once(tidy, by_hand, tmp_path, same_answers):
    header, rows = tidy
    expert, round_, context, left, right, favours, intensity = rows[0]
    turned = [expert, round_, context, right, left, {"left": "right", "right": "left"}.get(favours, favours), intensity]
    panel = read_panel(by_hand["csv"](tmp_path / "twice.csv", header, [*rows, turned]))
    assert len(panel) == len(rows)
    same_answers(panel)


def test_read_panel_takes_no_other_columns(tidy, by_hand, tmp_path):
    header, rows = tidy
    path = by_hand["csv"](tmp_path / "more.csv", [*header, "name"], [[*row, "x"] for row in rows])
    with pytest.raises(PanelProblems, match="row 1, column name: found a column of another kind"):
        read_panel(path)


def test_quoted_cells_may_hold_the_separator_and_line_breaks(values, asked, by_hand, tmp_path, model, same_answers):
    header, rows = by_hand["wide"](values, asked)
    rows = [[*row, "too long; really,\nI stopped"] for row in rows]
    path = by_hand["csv"](tmp_path / "text.csv", [*header, "remark"], rows, ";", quoting=csv.QUOTE_ALL)
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    assert answers.dropped_columns == ("remark",)
