"""A CSV of printed figures in, a CSV of verdicts out."""

import csv
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@pytest.mark.parametrize("dash", ["-", "–", "—", "NA", "n/a"])
def test_a_dash_stands_for_what_is_not_printed(dash, table):
    with_dashes, blank = read_table(
        table(f"a,13,8,.227,{dash},7,.004,{dash}\nb,13,8,.227,,7,.004,\n")
    )
    assert with_dashes.figures.keys() == blank.figures.keys() and with_dashes.chi2 is None


@pytest.mark.parametrize("further", [",,6,,", ",,,,4.1;3.9;4;4;4;4;4"])
def test_raters_and_items_exchanged(further, table):
    right, wrong = audit_rows(read_table(table(f"a,13,7,{further}\nb,7,13,{further}\n")))
    assert right["verdict"] != "contradicted"
    assert wrong["verdict"] == "contradicted"
    assert wrong["explanation"].endswith("are m, the raters, and n, the items, exchanged?")


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


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "found nothing"),
        (b"\0" * 500, "found bytes that are no text"),
        (random.Random(0).randbytes(3000), "not UTF-8"),
        ((HEADER + "é,,,.5,,,,\n").encode("latin-1"), "not UTF-8"),
        ((HEADER + "a,,,.5,,,,\n").encode("utf-16"), "not UTF-8"),
    ],
)
def test_files_that_are_no_text(tmp_path, content, found):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=found):
        read_table(path)


def test_files_that_cannot_be_read(table, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="no such file"):
        read_table(tmp_path / "absent.csv")
    with pytest.raises(ValueError, match="found a folder"):
        read_table(tmp_path)
    with pytest.raises(ValueError, match="cannot be read"):
        read_table(tmp_path / ("x" * 300))
    monkeypatch.setattr("smartgov.audit.table.MAX_BYTES", 50)
    with pytest.raises(ValueError, match="split the table"):
        read_table(table("a,13,8,.227,,,.004,\n" * 3))


# Rows that no other may pay for ------------------------------------------------------------------

NASTY = [
    "power,12,4,0.5,18.0,3,4.4 × 10^-3,",
    "W,5,4,1e309,,,.01,",
    "p,13,8,.227,,,1e-400,",
    "chi2,5,4,.5,10^400,,.01,",
    "ranks,,,,,,,1e300;2;3",
    "negative,,,-.5,-20,,-1,-1;2;5",
    "ns,13,8,.227,,,n.s.,",
    "between,13,8,.227,,,.01 < p < .05,",
    "about,13,8,≈ .3,~ 12,,≪ .001,",
    "thousands,100,50,0.3,1.470,49,,",
    "tiny,40,3,1.00,80.0,2,5e-18,",
    "impossible,40,3,1.50,,,5e-18,1.0003;2.0031;2.9966",
    "no m,,3,.300,13.0,2,.5,",
    "disagree,4,5,.5,9,2,.1,1;2;3",
    "wide,20,,.5,,,.5," + ";".join(["500.5"] * 999),
    "nothing,,,,,,,",
    "=1+1,4,3,,4.65,2,,",
]
UNREADABLE_ROWS = [
    "digits," + "1" * 4400 + ",8,.2,,,.01,",
    "cell,13,8,.2,,," + "9" * 140_000 + ",",
    "nul\0,13,8,.2,,,.0\0,",
    "raters,1000000000,8,.2,,,.01,",
    "items,10,1000000000,.2,,,.01,",
    "long ranks,,,,,,," + ";".join(["1"] * 50_000),
    '"unclosed,13,8,.227,,,.004,',
    '"unclosed far,13,8,.227,,,.004,' + "x" * 140_000,
    "stars,13,8,.227,,,**,",
    "w in words,13,8,ns,,,.004,",
    "w is p,13,8,p < .05,,,.004,",
    'separated m,"12,000",8,.227,,,.004,',
    "few,13",
]


@pytest.mark.parametrize("nasty", [*NASTY, *UNREADABLE_ROWS], ids=lambda line: line[:9])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=3, derandomize=True, deadline=None)
def test_one_row_never_costs_another(tmp_path_factory, nasty, seed):
    rng = random.Random(seed)
    lines = [
        f"r{k},{rng.randint(3, 20)},{rng.randint(3, 8)},0.{rng.randint(0, 999):03d},,,.0{k}4,"
        for k in range(3)
    ]
    rows = {}
    for body in ([nasty], *([line] for line in lines), [lines[0], nasty, *lines[1:]]):
        path = tmp_path_factory.mktemp("rows") / "table.csv"
        path.write_text(HEADER + "\n".join(body) + "\n", encoding="utf-8", newline="")
        rows[len(rows)] = list(audit_rows(read_table(path)))
    (bad,), *alone, (first, again, *others) = rows.values()
    assert [first, *others] == [record for (record,) in alone]
    assert (bad["verdict"] == "unreadable") == (nasty in UNREADABLE_ROWS)
    assert again["verdict"] == bad["verdict"] and "Not judged" not in bad["explanation"]
    assert len(bad["explanation"]) < 3000


def test_a_row_whose_judging_fails_is_said_and_the_others_are_judged(table, monkeypatch):
    import smartgov.audit.table as module

    judge = module.judge_row
    monkeypatch.setattr(
        module, "judge_row", lambda row, reading: judge(row, reading) if row.id != "b" else 1 / 0
    )
    path = table("".join(f"{name},13,8,.227,,,.004,\n" for name in "abc"))
    a, b, c = audit_rows(read_table(path))
    assert [a["verdict"], b["verdict"], c["verdict"]] == ["consistent", "unreadable", "consistent"]
    assert "ZeroDivisionError" in b["explanation"]


def test_a_quotation_mark_that_is_never_closed_ends_with_its_line(table):
    path = table('"a,13,8,.227,,,.004,\nb,13,8,.227,,,.004,\n"c\nd",13,8,.227,,,.004,\n')
    a, b, c = audit_rows(read_table(path))
    assert "line 2: found a quotation mark that is never closed" in a["explanation"]
    assert [b["verdict"], c["verdict"], c["id"]] == ["consistent", "consistent", "c\nd"]


def test_no_id_runs_as_a_formula(table, tmp_path):
    path = table("=1+1,13,8,.227,,,.004,\n@x,13,8,x,,,.004,\n-3,13,8,.227,,,.050,\n")
    run_audit_table(path, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [record["id"] for record in csv.DictReader(file)] == ["'=1+1", "'@x", "'-3"]


@pytest.mark.parametrize(
    ("chi2", "verdict", "words"),
    [
        # 100 × 49 × 0.3 = 1470; 1.47 fits no number of raters
        ('"1,470"', "consistent", "Fits only if chi2 1,470 is 1470."),
        ("1.470", "consistent", "Fits only if chi2 1.470 is 1470."),
        ('"1,470.0"', "consistent", ""),
        ('"1.470,0"', "consistent", ""),
        ('"2,470"', "contradicted", "chi2 2,470"),
    ],
)
def test_thousands_are_read_as_the_row_lets_them(table, chi2, verdict, words):
    (record,) = audit_rows(read_table(table(f"a,100,50,0.3,{chi2},49,,\n")))
    assert record["verdict"] == verdict and words in record["explanation"]


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
