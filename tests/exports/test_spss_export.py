"""A panel in SPSS's form, and PSPP as an independent program that repeats every test."""

import os
import re
import shutil
import subprocess

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from signed import from_signed

from smartgov import stats
from smartgov.exports import wide_table, write_sav
from smartgov.exports.syntax import repeated_tests
from smartgov.model import questionnaire
from smartgov.panels import (
    SignedValues,
    equal_shares,
    question_numbers,
    signed_values,
)


@pytest.fixture(scope="module")
def written(panel, model, tmp_path_factory):
    return write_sav(panel, model, tmp_path_factory.mktemp("spss"))


def test_a_panel_comes_back_from_the_file(written, panel, model):
    table, _ = pyreadstat.read_sav(str(written[0]))
    numbers, experts = question_numbers(model), table["expert"].tolist()
    rounds = []
    for round_, prefix in ((1, ""), (2, "r2_")):
        there = {name: asked for name, asked in numbers.items() if prefix + name in table}
        questions = pd.DataFrame(list(there.values()), columns=["context", "left", "right"])
        values = table[[prefix + name for name in there]].to_numpy()
        rounds.append(from_signed(SignedValues(experts, questions, values), round_))
    order = ["expert", "round", "context", "left", "right"]
    back = pd.concat(rounds).sort_values(order, ignore_index=True)
    pd.testing.assert_frame_equal(
        back, panel.sort_values(order, ignore_index=True), check_dtype=False
    )


def test_the_file_does_not_say_when_it_was_written(written):
    _, meta = pyreadstat.read_sav(str(written[0]))
    assert str(meta.creation_time) == str(meta.modification_time) == "2000-01-01 00:00:00"
    assert meta.file_label == "Answers of a Delphi panel"


def test_labels_and_missing_values(written, panel, model):
    table, meta = pyreadstat.read_sav(str(written[0]), user_missing=True)
    questions = [name for name in table.columns if re.fullmatch(r"(r2_)?q\d+", name)]
    assert len(questions) == 135 + 27
    assert (
        meta.column_names_to_labels["q001"]
        == "Round 1, Smart city: Economic growth (+) or Policy making (-)"
    )
    assert (
        meta.column_names_to_labels["r2_q109"]
        == "Round 2, Economic growth: Emerging technologies (+) or ICT innovation (-)"
    )
    assert meta.column_names_to_labels["equal_Q27"] == "Round 1, share of equal judgements, Q27"
    for name in questions:
        labels = meta.variable_value_labels[name]
        assert (labels[8], labels[0], labels[-8], labels[-99]) == (
            "left, intensity 9",
            "equal",
            "right, intensity 9",
            "not answered",
        )
        assert meta.missing_ranges[name] == [{"lo": -99.0, "hi": -99.0}]
        assert meta.variable_measure[name] == "ordinal"
        assert set(table[name]) <= set(labels)
    experts_by_rounds = 11 * 135 + 11 * 27
    assert (table[questions] == -99).sum().sum() == experts_by_rounds - len(panel)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_labels_in_other_languages(language, panel, model, tmp_path):
    data, _ = write_sav(panel, model, tmp_path, language)
    meta = pyreadstat.read_sav(str(data), metadataonly=True)[1]
    assert model.label("policy_making", language) in meta.column_names_to_labels["q001"]


def test_the_wide_table_holds_signed_values_and_shares(panel, model):
    table = wide_table(panel, model).set_index("expert")
    asked = list(
        questionnaire(model)[["context", "left", "right"]].itertuples(index=False, name=None)
    )
    np.testing.assert_array_equal(
        table[[f"q{n:03d}" for n in range(1, 136)]], signed_values(panel, asked, 1).values
    )
    shares = equal_shares(panel, model, 1).set_index(["expert", "column"])["share"]
    np.testing.assert_allclose(table["equal_E3"], shares.xs("E3", level="column"))


def test_the_syntax_holds_every_test_of_the_tables(written, panel, model):
    tests = repeated_tests(wide_table(panel, model), model, [1, 2])
    kinds = pd.Series([(test.kind, test.round) for test in tests]).value_counts()
    # seven of nine components have two comparisons or more in each of three dimensions; nine inner
    # groups
    assert kinds[("KENDALL", 1)] == 7 * 3 + 9 and kinds[("KENDALL", 2)] == 9
    assert kinds[("FRIEDMAN", 1)] == 1 and kinds[("WILCOXON", 1)] == 3
    text = written[1].read_text(encoding="utf-8")
    assert text.count("NPAR TESTS") == len(tests)
    assert "* Round 1: Smart services in Smart city.\nNPAR TESTS /KENDALL=q034 q035." in text
    assert text.isascii()


# PSPP.


@pytest.fixture(scope="module")
def printed(written):
    """Tables of results that PSPP prints for the syntax file, one a test, in its order."""
    if shutil.which("pspp") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("pspp is not installed; on Debian and Ubuntu: apt-get install pspp")
        pytest.skip(
            "pspp is not installed (apt-get install pspp), so its figures cannot be compared"
        )
    program = written[1].with_name("six_digits.sps")
    # PSPP prints p with three digits; here with six, so that more than rounding is compared
    digits = "OUTPUT MODIFY /SELECT TABLES /TABLECELLS SELECT=[SIGNIFICANCE] FORMAT=F8.6.\n"
    program.write_text(digits + written[1].read_text(encoding="utf-8"), encoding="utf-8")
    run = subprocess.run(
        ["pspp", "-O", "format=csv", program.name],
        cwd=program.parent,
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "error" not in run.stdout.lower()
    tables = re.findall(r"Table: Test Statistics\n(.*?)(?:\n\n|\Z)", run.stdout, re.DOTALL)
    return [
        {line.rsplit(",", 1)[0]: line.rsplit(",", 1)[1] for line in table.splitlines()}
        for table in tables
    ]


def expected_w(test, panel, model):
    context, what = test.place
    (group,) = (each for each in model.groups() if each.context == context)
    asked = [pair for pair in group.pairs if what in (pair[1], group.ring)]
    items = signed_values(panel, asked, test.round).values
    return stats.kendall_w(items, undefined="nan")


def test_pspp_prints_our_w_chi_square_and_p(printed, panel, model):
    tests = repeated_tests(wide_table(panel, model), model, [1, 2])
    assert len(printed) == len(tests)
    compared = 0
    for test, table in zip(tests, printed, strict=False):
        if test.kind != "KENDALL":
            continue
        ours = expected_w(test, panel, model)
        assert int(table["N"]) == ours.m, test
        assert int(table["df"]) == ours.df
        if np.isnan(ours.w):
            assert table["Kendall's W"] in ("", "NaN", "."), table
            continue
        compared += 1
        assert float(table["Kendall's W"]) == pytest.approx(ours.w, abs=5.1e-7), test
        assert float(table["Chi-Square"]) == pytest.approx(ours.chi2, abs=5.1e-7)
        assert float(table["Asymp. Sig."]) == pytest.approx(ours.p, abs=5.1e-7)
    assert compared >= 35


def test_pspp_prints_our_tests_of_the_shares(printed, panel, model):
    shares = equal_shares(panel, model, 1).pivot(index="expert", columns="column", values="share")
    tests = repeated_tests(wide_table(panel, model), model, [1, 2])
    found = {
        (test.kind, test.place): table
        for test, table in zip(tests, printed, strict=False)
        if test.round == 1
    }
    overall = stats.paired_dimensions(shares[["E1", "E2", "E3"]].to_numpy())
    friedman = found["FRIEDMAN", ("E1", "E2", "E3")]
    assert float(friedman["Chi-Square"]) == pytest.approx(overall.chi2, abs=5.1e-7)
    assert float(friedman["Asymp. Sig."]) == pytest.approx(overall.p, abs=5.1e-7)
    for a, b in (("E1", "E2"), ("E1", "E3"), ("E2", "E3")):
        ours = stats.wilcoxon_signed_rank(shares[b], shares[a], method="normal")
        table = found["WILCOXON", (a, b)]
        assert abs(float(table["Z"])) == pytest.approx(abs(ours.z), abs=5.1e-7), (a, b)
        assert float(table["Asymp. Sig. (2-tailed)"]) == pytest.approx(ours.p, abs=5.1e-7)
