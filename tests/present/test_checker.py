"""The checker's page: its arithmetic, run under Node, is held to the package's.

What it contradicts is contradicted by the audit too, over every published row and thousands of
random ones; tails, exact distributions and matrices agree with `stats` and `audit` in their digits.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from smartgov.article.evidence import Evidence, inner_row
from smartgov.article.published import table
from smartgov.audit.fitting import may_be_larger, printable
from smartgov.audit.p_values import chi2_p, f_p
from smartgov.audit.printed import parse_printed
from smartgov.audit.row import Reading, Row
from smartgov.audit.row_audit import impossible_alone, is_checkable, judge_row
from smartgov.audit.table import read_table
from smartgov.files.layout import ROOT
from smartgov.model import comparisons_after
from smartgov.present.checker_page import LISTED_HERE, PATH, checker_page, constants
from smartgov.stats.ahp import comparison_matrix
from smartgov.stats.ahp_consistency import consistency, inconsistent_judgements
from smartgov.stats.exact import w_distribution
from smartgov.words import LANGUAGES, catalogue

SCRIPTS = ROOT / "src" / "smartgov" / "present" / "templates"
PUBLISHED = ROOT / "tests" / "audit" / "published_results.csv"
READING = Reading()
RUN = """
const { given, script, calls } = JSON.parse(require("fs").readFileSync(0, "utf8"));
globalThis.GIVEN = given;
const checker = require(script);
checker.judged = (texts) => {
  const { row, wrong } = checker.readRow(texts);
  return wrong.length ? { verdict: "unreadable" } : checker.judge(row);
};
console.log(JSON.stringify(calls.map(([name, ...given]) => checker[name](...given))));
"""


def run(calls: list[list]) -> list:
    """What functions of checker.js return, each call its name and arguments."""
    if not shutil.which("node"):
        pytest.skip("needs Node.js: apt-get install nodejs")
    asked = {"given": constants(), "script": str(SCRIPTS / "checker.js"), "calls": calls}
    done = subprocess.run(
        ["node", "-e", RUN], input=json.dumps(asked), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# The page -----------------------------------------------------------------------------------------


def test_the_page_in_the_repository_is_the_one_that_is_made():
    assert PATH.read_text(encoding="utf-8") == checker_page(), "make checker writes it anew"


def test_the_page_loads_nothing():
    page = checker_page()
    assert not re.search(r"https?:|@import|url\(|\bsrc=|<link|fetch\(|XMLHttp|\bimport\b", page)


def test_every_message_of_the_scripts_is_in_every_language():
    scripts = "".join((SCRIPTS / f"{name}.js").read_text() for name in ("checker", "checker_page"))
    keys = set(re.findall(r'"(checker\.[\w.]*\w)"', scripts))
    assert len(keys) > 40
    assert all(keys <= catalogue(language).keys() for language in LANGUAGES)


def test_every_input_has_a_label():
    page = checker_page()
    named = re.findall(r"<(?:input|select)[^>]* id=(\w+)", page)
    assert len(named) == 11 and set(named) == set(re.findall(r"<label for=(\w+)", page))


# Its arithmetic -----------------------------------------------------------------------------------


def test_tails_to_ten_digits():
    rng = np.random.default_rng(14)
    chi2, df = 10 ** rng.uniform(-3, 3, 3000), rng.integers(1, 1000, 3000)
    df[::2] = rng.integers(1, 20, 1500)
    found = run([["chi2P", *pair] for pair in zip(chi2.tolist(), df.tolist(), strict=True)])
    np.testing.assert_allclose(found, chi2_p(chi2, df), rtol=1e-10, atol=1e-290)
    w, n = rng.uniform(size=3000), rng.integers(2, 40, 3000)
    m = (10 ** rng.uniform(0.4, 4.9, 3000)).astype(int)
    for first, degrees in ((n - 1 - 2 / m, "kendall"), (n - 1, "iman-davenport")):
        calls = zip(w.tolist(), m.tolist(), first.tolist(), strict=True)
        found = np.array(run([["fP", *call] for call in calls]), dtype=float)
        np.testing.assert_allclose(found, f_p(w, m, n, degrees), rtol=1e-10, atol=1e-290)


@pytest.mark.parametrize(("m", "n"), [(60, 2), (13, 3), (8, 4), (5, 5), (3, 6), (2, 7)])
def test_every_w_and_its_exact_p(m, n):
    assert m <= LISTED_HERE[n]
    (found,), exact = run([["exactTail", m, n]]), w_distribution((m, n))
    np.testing.assert_allclose([point["w"] for point in found], exact.w, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose([point["p"] for point in found], exact.tail, rtol=1e-10)


@pytest.mark.parametrize("n", range(3, 10))
def test_priorities_and_consistency(n):
    rng = np.random.default_rng(n)
    scale = [1 / k for k in range(9, 1, -1)] + list(range(1, 10))
    ratios = rng.choice(scale, size=(30, n * (n - 1) // 2)).tolist()
    for given, found in zip(ratios, run([["consistency", one, n] for one in ratios]), strict=True):
        matrix = comparison_matrix(given)
        own, worst = consistency(matrix), inconsistent_judgements(matrix)
        np.testing.assert_allclose(found["priorities"], own.priorities, rtol=1e-9)
        numbers = [found[name] for name in ("lambda", "ci", "cr")]
        np.testing.assert_allclose(numbers, [own.lambda_max, own.ci, own.cr], rtol=1e-9, atol=1e-12)
        assert [found["worst"][name] for name in "ij"] == [worst.row[0], worst.column[0]]
        np.testing.assert_allclose(found["worst"]["factor"], worst.factor[0], rtol=1e-9)


def test_notations_of_a_judgement():
    accepted = {"3": 3, "1/5": 0.2, "0,2": 0.2, " 1 / 9 ": 1 / 9, "0.11": 0.11}
    refused = ("10", "1/10", "0", "-3", "1/0", "3/", "x", "< 3", "1/2/3")
    found = run([["readJudgement", text] for text in (*accepted, *refused)])
    assert found == [*accepted.values(), *[None] * len(refused)]


# Its verdicts -------------------------------------------------------------------------------------


def texts_of(row: Row) -> dict[str, str]:
    """A row as it is typed into the page."""
    typed = {name: str(getattr(row, name) or "") for name in ("m", "n", "df")}
    typed |= {name: cell.text for name in ("W", "chi2", "p") if (cell := getattr(row, name))}
    return typed | {"mean_ranks": ";".join(cell.text if cell else "" for cell in row.mean_ranks)}


def contradicted(row: Row) -> bool:
    """What `judge_row` says, without its search for reasons."""
    if impossible_alone(row, READING) or not is_checkable(row):
        return bool(impossible_alone(row, READING))
    beyond = not row.items or (row.m is None and may_be_larger(row, READING))
    if printable(row, READING) or beyond:
        return False
    other = row.chi2 and row.chi2.with_thousands
    return not (other and printable(replace(row, chi2=other), READING))


def figure(value: float, places: int, random: Random) -> str:
    """A number as a table prints it, once in a while with a wrong digit."""
    text = f"{value:.{places}f}"
    if random.random() < 0.2:
        place = random.choice([k for k, sign in enumerate(text) if sign.isdigit()])
        text = text[:place] + random.choice("0123456789") + text[place + 1 :]
    return text.replace(".", ",") if random.random() < 0.3 else text


def random_row(random: Random, rng: np.random.Generator) -> Row:
    """What a panel with ties would print, with blanks, misprints, bounds and stars."""
    m, n = random.choice([2, 3, 4, 5, 9, 13, 20, 60]), random.choice([2, 3, 3, 4, 5, 7, 8, 12])
    levels, order = random.choice([3, 5, 9]), rng.normal(size=n) * random.uniform(0, 2)
    ratings = np.round((order + rng.normal(size=(m, n))) * levels / 6)
    less, more = (ratings[:, :, None] > ratings[:, None]), (ratings[:, :, None] < ratings[:, None])
    deviations = less.sum(-1) - more.sum(-1)
    corrected, sums = random.random() < 0.8, deviations.sum(axis=0)
    divisor = (deviations**2).sum() if corrected else m * n * (n**2 - 1) / 3
    w = float((sums**2).sum() / (m * divisor)) if divisor else 0.0
    chi2 = m * (n - 1) * w
    degrees = random.choice(["kendall", "iman-davenport"])
    p = float(
        np.nan_to_num(f_p(w, m, n, degrees) if random.random() < 0.2 else chi2_p(chi2, n - 1))
    )
    places = random.choice([1, 2, 2, 3, 3, 4])
    ranks = [figure((n + 1) / 2 + d / (2 * m), places, random) for d in sums]
    shown = figure(p, places, random)
    if random.random() < 0.25:
        other = ["< .05", "< 0,001", "> .05", "n.s.", f"{shown}*", "<= .01", ".01 < p < .05"]
        shown = random.choice([*other, f"≈ {shown}"])
    printed = {"W": figure(w, places, random), "chi2": figure(chi2, places, random), "p": shown}
    every = {name: parse_printed(text) for name, text in printed.items()}
    every |= {"m": m, "n": n, "df": n - 1 + (random.random() < 0.03)}
    every["mean_ranks"] = tuple(
        None if random.random() < 0.05 else parse_printed(text) for text in ranks
    )
    return Row(**{name: value for name, value in every.items() if random.random() < 0.65})


def article_rows() -> list[Row]:
    evidence = Evidence()
    m, items = evidence.panel_size, comparisons_after(evidence.model)
    rows = [replace(inner_row(name, cells), m=m) for name, cells in table(3).iterrows()]
    for name, cells in table(4).iterrows():
        for dimension in ("E1", "E2", "E3"):
            W, p = (parse_printed(cells[f"{dimension}.{what}"]) for what in ("W", "p"))
            rows.append(Row(m=m, n=items[name], W=W, p=p))
    return rows


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    random, rng = Random(14), np.random.default_rng(14)
    published = [row for row in read_table(PUBLISHED) if isinstance(row, Row)]
    return article_rows() + published + [random_row(random, rng) for _ in range(2000)]


@pytest.fixture(scope="module")
def verdicts(rows) -> list[str]:
    return [one["verdict"] for one in run([["judged", texts_of(row)] for row in rows])]


def test_every_row_is_read(verdicts):
    assert "unreadable" not in verdicts


def test_nothing_is_contradicted_that_the_audit_does_not_contradict(rows, verdicts):
    """And it sees nearly all that the audit sees: what it does not takes a list of panels."""
    own = np.array([verdict == "contradicted" for verdict in verdicts])
    audit = np.array([contradicted(row) for row in rows])
    assert not (own & ~audit).any()
    assert (own & audit).sum() / audit.sum() > 0.9 and audit.sum() > 500
    for row in np.array(rows, dtype=object)[audit & ~own]:
        assert (row.n_items or 0) <= 5, "panels of more items are never listed"


def test_the_short_way_to_a_verdict_is_the_audits(rows):
    for row in rows[:150]:
        assert contradicted(row) == (judge_row(row).verdict == "contradicted")


def test_the_articles_own_rows(rows, verdicts):
    """Seven of the nine rows of Table 3, and 0,346 beside 0,095, need no list of panels."""
    seen = dict(zip((row.id for row in rows[:9]), verdicts, strict=False))
    unseen = [name for name, verdict in seen.items() if verdict != "contradicted"]
    assert unseen == ["table3.interoperability", "table3.key_enablers"]
    own = [row.p and row.p.text for row in rows].index("0,346")
    assert verdicts[own] == "contradicted"


@pytest.mark.parametrize(
    ("typed", "against"),
    [
        ({"n": "3", "df": "3", "W": "0.5"}, "checker.line.items"),
        ({"m": "13", "mean_ranks": "1,6; 1,86; 2,54"}, "checker.line.rank_none"),
        ({"m": "13", "mean_ranks": "1.6; 1.9; 2.7"}, "checker.line.sum"),
        ({"m": "3", "mean_ranks": "1.0; 1.0; 4.0"}, "checker.line.rank_alone"),
        ({"m": "3", "mean_ranks": "1.00; 1.33; 3.00; 4.67"}, "checker.line.rank_alone"),
        ({"m": "6", "mean_ranks": "1.17; 1.17; 3.67; 4.00"}, "checker.line.share_most"),
        ({"m": "9", "n": "5", "W": "1.2", "chi2": "4.0"}, "checker.line.w_alone"),
        ({"m": "9", "n": "5", "W": "0.50", "chi2": "17.0"}, "checker.line.chi2"),
        ({"m": "13", "mean_ranks": "1.00; 2.00; 3.00", "W": "0.35"}, "checker.line.w_ranks"),
        ({"m": "13", "n": "7", "W": "0,095", "p": "0,346"}, "checker.line.p"),
        ({"n": "7", "m": "13", "p": "1.2", "W": "0.1"}, "checker.line.p_alone"),
    ],
)
def test_the_line_that_a_row_fails(typed, against):
    (found,) = run([["judged", typed]])
    assert found["verdict"] == "contradicted"
    assert against in [line["key"] for line in found["lines"] if line["against"]]


def test_worked_numbers():
    """By hand: 1.86 × 26 = 48.36, 48/26 = 1.85, 49/26 = 1.88; 13 × 6 × 0.095 = 7.41, p = 0.285."""
    ranks, own = run(
        [
            ["judged", {"m": "13", "mean_ranks": "1,6; 1,86; 2,54"}],
            ["judged", {"m": "13", "n": "7", "W": "0,095", "p": "0,346"}],
        ]
    )
    line = next(one for one in ranks["lines"] if one["values"].get("printed") == "1,86")["values"]
    assert [line[name]["shown"] for name in ("product", "below", "above")] == [
        "48.36",
        "1.85",
        "1.88",
    ]
    product, p = (one["values"] for one in own["lines"][:2])
    assert product["product"]["shown"] == "7.41" and p["at"]["shown"] == "0.285"
