"""A CSV of printed figures in, a CSV of verdicts out."""

import csv

import pytest

from smartgov.audit.row import Reading
from smartgov.audit.table import (
    OUTPUT_COLUMNS,
    UnreadableRow,
    audit_rows,
    read_table,
    run_audit_table,
)

HEADER = "id,m,n,W,chi2,df,p,mean_ranks\n"


@pytest.fixture
def table(tmp_path):
    def write(text, header=HEADER, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes((header + text).encode(encoding))
        return path

    return write


def test_every_way_to_print_a_figure(table):
    path = table(
        "a,13,8,.227,,,.004,\n"
        'b,13,8,"0,227","20,66",7,"0,004*",\n'
        "c,13,8,0.500,,7,0.000,\n"
        "d,13,8,0.500,,7,< .001,\n"
        "e,13,8,0.125,,7,> 0.05,\n"
        "f,13,8,0.154,,7,≤ 0.05,\n"
        "g,13,8,0.320,,7,1.3e-4,\n"
        "h,13,8,0.320,,7,1.3 × 10^-4,\n"
        "i,4,3,1.00,8.0,2,.018,1.00;2.00;3.00\n"
    )
    # hand-worked: 91 * 0.32 = 29.12, and P(chi2_7 > 29.12) = 1.34e-4
    assert {r["id"]: r["verdict"] for r in audit_rows(read_table(path))} == dict.fromkeys(
        "abcdefghi", "consistent"
    )


def test_records_hold_sizes_conflicts_and_the_nearest_row(table):
    path = table("x,12,8,.227,,,.004,\ny,,,,,,,1.33;2.00;2.87\nz,,3,0.40,,,,\n")
    x, y, z = audit_rows(read_table(path), Reading(p=("chi2",)))
    assert tuple(x) == OUTPUT_COLUMNS
    assert (x["verdict"], x["feasible_m"], x["against"]) == ("contradicted", "13", "m n W p")
    assert x["nearest"] == "m=13"
    assert "No panel of 12 raters and 8 items prints W .227 with p .004" in x["explanation"]
    assert (y["verdict"], y["against"]) == ("contradicted", "mean_ranks")
    assert (z["verdict"], z["feasible_m"]) == ("not_checkable", "")


def test_runs_of_sizes_are_shortened(table):
    (record,) = audit_rows(read_table(table("a,,,,,,,1.5;1.5\n")), Reading(m_sizes=range(2, 13)))
    assert record["feasible_m"] == "2-12"
    (record,) = audit_rows(read_table(table("a,,,,,,,1.33;1.67\n")), Reading(m_sizes=range(2, 13)))
    assert record["feasible_m"] == "3;6;9;12"


def test_unreadable_rows_are_reported_and_leave_the_others(table, tmp_path, capsys):
    path = table(
        "good,13,8,.227,,,.004,\n"
        "word,13,8,n.s.,,,.004,\n"
        "half,12.5,8,.227,,,.004,\n"
        "comma,13,8,0,227,,,.004,\n"
        "one,13,8,.227,,,.004,1.5\n"
        f"long,13,8,.{'2' * 5000},,,.004,\n"
        "\n"
        "bad,13,8,.227,,,.050,\n"
    )
    out = tmp_path / "out.csv"
    assert run_audit_table(path, out) == 3
    with out.open(encoding="utf-8", newline="") as file:
        records = {record["id"]: record for record in csv.DictReader(file)}
    assert [record["verdict"] for record in records.values()] == [
        "consistent",
        *["unreadable"] * 5,
        "contradicted",
    ]
    err = capsys.readouterr().err
    for line, words in [
        (3, "W: 'n.s.' is not a printed figure"),
        (4, "m: found '12.5'; accepted are whole numbers from 2 to 100000"),
        (5, "found 9 fields where the header has 8"),
        (6, "mean_ranks: found one; accepted are those of all items"),
        (7, "W: found 5001 characters; accepted are up to 200."),
    ]:
        assert f"line {line}: {words}" in err
    assert "line 3" in records["word"]["explanation"]


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ("a,13,8,.227,,,.004,\nb,,,.3,,,,\n", 0),
        ("a,13,8,.227,,,.050,\n", 1),
        ("a,13,8,nothing,,,.004,\n", 2),
        ("", 0),
    ],
)
def test_exit_status(table, tmp_path, rows, status):
    assert run_audit_table(table(rows), tmp_path / "out.csv") == status


def test_output_is_the_same_from_run_to_run(table, tmp_path):
    path = table("a,13,8,.227,,,.050,\nb,13,7,.095,,,.346,\nc,5,3,.6,,,.002,1.6;2;2.6\n")
    outs = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for out in outs:
        run_audit_table(path, out)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert b"\r" not in outs[0].read_bytes()


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators(table, mark):
    header = HEADER.replace(",", mark)
    ranks = "1,00;2,00;3,00"
    row = mark.join(["a", "4", "3", "1,000", "8,00", "2", "0,018", f'"{ranks}"'])
    (record,) = audit_rows(read_table(table(row + "\n", header)))
    assert record["verdict"] == "consistent"


def test_a_spreadsheets_mark_and_missing_or_extra_columns(table, capsys):
    path = table("row 1,0.5,4,6.0,3\n", "\ufeffid,W,n,chi2,source\n")
    (record,) = audit_rows(read_table(path))
    assert (record["verdict"], record["feasible_m"]) == ("consistent", "4")  # 6 = 4 * 3 * 0.5
    assert "columns not used: source" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("header", "body", "message"),
    [
        ("", "", "found nothing"),
        ("m,n,W\n", "", "the header needs id"),
        ("id,W,W\n", "", "stands there twice"),
        ("id,name\n", "", "the header needs id"),
    ],
)
def test_files_that_are_no_such_table(table, header, body, message):
    with pytest.raises(ValueError, match=message):
        read_table(table(body, header))


def test_files_that_cannot_be_read(table, tmp_path):
    with pytest.raises(ValueError, match="no such file"):
        read_table(tmp_path / "absent.csv")
    with pytest.raises(ValueError, match="not UTF-8"):
        read_table(table("é,,,.5,,,,\n", encoding="latin-1"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(rule="up"), "half_up, half_even, truncate, either"),
        (dict(p_methods=("asymptotic",)), "chi2, F, exact, permutation"),
        (dict(p_methods=()), "found p methods none"),
        (dict(m_max=1), "accepted are 2 to 100000 raters"),
    ],
)
def test_options_that_are_not_accepted(table, tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        run_audit_table(table("a,13,8,.227,,,.004,\n"), tmp_path / "out.csv", **options)


def test_options_change_the_verdict(table, tmp_path):
    path = table("a,13,8,.227,,,.005,\n")
    out = tmp_path / "out.csv"
    assert run_audit_table(path, out) == 1
    assert run_audit_table(path, out, p_methods=("permutation",)) == 0
    cut = table("a,13,4,0.255,9.98,,,\n")  # hand-worked: 39 * 0.2559 = 9.98
    assert run_audit_table(cut, out) == 1
    assert run_audit_table(cut, out, rule="truncate") == 0


def test_very_large_panels_and_very_many_decimals(table):
    thirds = "1.33333333333333333333;2.00000000000000000000;2.66666666666666666667"
    path = table(
        f"thirds,99999,3,,,,,{thirds}\n"
        f"no thirds,100000,3,,,,,{thirds}\n"
        "tiny p,60,900,0.50,26970,899,1e-300,\n"
        "right p,60,900,,3400,899,2.7e-286,\n"
        "million,1000000,3,0.5,,,,\n"
    )
    verdicts = [record["verdict"] for record in audit_rows(read_table(path), Reading(p=("chi2",)))]
    assert verdicts == ["consistent", "contradicted", "contradicted", "consistent", "unreadable"]


def test_rows_keep_their_order_and_place(table):
    path = table(
        "".join(f"r{k},13,8,.{100 + k},,,,\n" for k in range(1200)).replace("r700,13", "r700,x")
    )
    rows = read_table(path)
    assert isinstance(rows[700], UnreadableRow)
    assert rows[700].line == 702
    assert [record["id"] for record in audit_rows(read_table(path))] == [
        f"r{k}" for k in range(1200)
    ]
