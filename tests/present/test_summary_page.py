"""The page that sums up a run: whole, safe, silent about the answers' files, in the reader's
language."""

import csv
import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook
from quick_p import quick_p
from signed import from_signed

from smartgov.delphi import groups, panel_results, second_round
from smartgov.delphi.consensus import concordance_intervals, priority_consensus, question_consensus
from smartgov.delphi.next_round import judged_questions
from smartgov.delphi.ranking import ranking_choices, ranking_stability
from smartgov.files.layout import NOTEBOOKS, STANDARDS
from smartgov.model import questionnaire, read_model
from smartgov.panels import SignedValues, last_round, read_answers
from smartgov.panels.understood import FORMATS
from smartgov.present.result_tables import Run, random_warnings, result_tables
from smartgov.present.summary_page import write_pages
from smartgov.words import LANGUAGES, catalogue, say, use_language

MODEL = read_model()
ASKED = list(questionnaire(MODEL)[["context", "left", "right"]].itertuples(index=False, name=None))
EXPERTS = ("KZ-07", "KZ-03", "KZ-11", "KZ-01", "KZ-09", "KZ-02", "KZ-04")
RINGS = ("middle", "inner")
SETTINGS = {
    "alpha": 0.05,
    "level": 0.95,
    "correction": "holm",
    "most_iqr": 2.0,
    "most_moved": 0.15,
    "most_open": 0.1,
    "fewest": 3,
    "seed": 3,
}
VOID = {"meta", "img", "br", "hr", "input", "link", "col"}
SECRET = "Zhanar_Bolatova"
"""In the names of the answers' files, which may be those of people."""


def write_page(*run) -> Path:
    """The page, the last of what is written."""
    return write_pages(*run)[-1]


# A run made small -------------------------------------------------------------------------------


def drawn(seed: int, m: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).integers(-8, 9, (m, len(ASKED))).astype(float)


def answers_file(
    path: Path, values: np.ndarray, extra: dict[str, str] | None = None, consent: tuple = ()
) -> Path:
    """Answers in wide form, with further columns of one text each."""
    extra = extra or {}
    header = [
        "expert",
        *(["consent"] if consent else []),
        *("__".join(question) for question in ASKED),
        *extra,
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(header)
        for place, row in enumerate(values):
            cells = ["" if np.isnan(value) else int(value) for value in row]
            rows.writerow(
                [EXPERTS[place], *([consent[place]] if consent else []), *cells, *extra.values()]
            )
    return path


def save(table: pd.DataFrame, folder: Path, name: str, provenance: str) -> None:
    table.round(6).assign(provenance=provenance).to_csv(
        folder / "data" / "derived" / f"{name}.csv", index=False
    )


def run_folder(answers, folder: Path) -> Path:
    """The tables that notebook 07 writes of a panel, and a file for every figure of 03 and 07."""
    (folder / "data" / "derived").mkdir(parents=True)
    (folder / "figures").mkdir()
    for notebook in sorted(NOTEBOOKS.glob("0[37]_*.ipynb")):
        code = "".join(
            line
            for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            for line in cell["source"]
        )
        for name in re.findall(r"\"(0[37]_\w+)(?:\{ring\})?\"", code):
            for ring in RINGS if name[-1] == "_" else [""]:
                (folder / "figures" / f"{name}{ring}.svg").touch()
    panel, last = answers.panel, last_round(answers.panel)
    with quick_p():
        tables = {"panel_concordance": panel_results.panel_concordance(last, MODEL)}
    of_rings = {
        function: {ring: function(last, MODEL, ring) for ring in RINGS}
        for function in (
            panel_results.panel_priorities,
            panel_results.expert_consistency,
            panel_results.component_scores,
        )
    }
    priorities, ratios, scores = of_rings.values()
    tables |= {
        "panel_priorities": pd.concat(priorities.values()),
        "ranking_stability": ranking_stability(ranking_choices(last, MODEL, "middle")),
        "expert_consistency": panel_results.in_long_form(ratios, "cr"),
        "component_scores": panel_results.in_long_form(scores, "score"),
        "expert_priorities": groups.expert_priorities(last, MODEL),
        "settings": pd.DataFrame([SETTINGS]),
    }
    if len(answers.attributes.columns):
        tables["group_priorities"] = groups.group_results(last, answers.attributes, MODEL)
        tables["group_agreement"] = groups.group_agreement(last, answers.attributes, MODEL)
    judged = judged_questions(panel, MODEL)
    if panel["round"].nunique() > 1:
        asked = int((judged["round"] == panel["round"].max()).sum())
        decided = second_round.decision(judged, 0.1, asked) | {"most_open": 0.1}
        tables["next_round"] = pd.DataFrame([decided])
        tables["round_priorities"] = second_round.priorities_by_round(panel, MODEL, "middle")
    questions = question_consensus(last, MODEL)
    tables["question_consensus"] = questions.assign(settled=~judged["open"])
    for name, table in tables.items():
        save(table, folder, name, "your panel")
    return folder


@pytest.fixture(scope="module")
def two_rounds(tmp_path_factory):
    """Answers of two rounds with what a survey tool and people leave in a file, and their run."""
    folder = tmp_path_factory.mktemp("answers")
    before = drawn(1)
    after = np.clip(before + np.random.default_rng(2).integers(-1, 2, before.shape), -8, 8)
    extra = {"<b>Sector</b>": "<i>health</i>", "comment": "call me on +7 701 555 01 02"}
    files = [
        answers_file(folder / f"{SECRET}_1.csv", before, extra),
        answers_file(folder / f"{SECRET}_2.csv", after),
    ]
    answers = read_answers(files[0], MODEL, round2=files[1])
    return answers, run_folder(answers, tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(autouse=True)
def english_again():
    yield
    use_language("en")


class Page(HTMLParser):
    """Tags that are opened and closed, attributes, and the words in each kind of element."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.open: list[str] = []
        self.found: list[tuple[str, dict]] = []
        self.words: list[tuple[str, str]] = []
        self.feed(self.source)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
            self.words.append((tag, ""))

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        tag = self.open[-1] if self.open else ""
        if self.words and self.words[-1][0] == tag:
            self.words[-1] = (tag, self.words[-1][1] + data)
        elif data.strip():
            self.words.append((tag, data))

    def all(self, tag: str) -> list[dict]:
        return [attributes for found, attributes in self.found if found == tag]

    def texts(self, *tags: str) -> list[str]:
        return [words.strip() for tag, words in self.words if tag in tags and words.strip()]

    def tables(self) -> list[pd.DataFrame]:
        """Tables as they are read: strings, rows of as many cells as there are headings."""
        found = []
        for part in re.findall(r"<table.*?</table>", self.source, flags=re.DOTALL):
            rows = [
                re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL)
                for row in re.findall(r"<tr.*?</tr>", part, flags=re.DOTALL)
            ]
            found.append(pd.DataFrame(rows[1:], columns=rows[0]))
        return found


@pytest.fixture(scope="module")
def page(two_rounds):
    answers, folder = two_rounds
    return Page(write_page(answers, "almaty", folder, MODEL))


# The page as a whole ----------------------------------------------------------------------------


def test_the_page_stands_in_the_runs_folder_and_is_balanced(page, two_rounds):
    answers, folder = two_rounds
    path = write_page(answers, "almaty", folder, MODEL)
    assert path == folder / "summary.html" and path.read_text(encoding="utf-8") == page.source
    assert page.source.startswith("<!doctype html>")
    assert [len(page.all(tag)) for tag in ("html", "head", "body", "title", "h1")] == [1] * 5
    assert page.texts("title") == page.texts("h1") and "almaty" in page.texts("h1")[0]
    assert not page.all("script") and not page.all("link"), (
        "nothing runs and nothing is loaded from elsewhere"
    )
    assert "http" not in page.source


def test_every_picture_is_there_and_has_a_text_beside_it(page, two_rounds):
    pictures = page.all("img")
    assert len(pictures) == len({picture["src"] for picture in pictures}) == 13
    for picture in pictures:
        assert (two_rounds[1] / picture["src"]).is_file(), picture["src"]
        assert len(picture["alt"]) > 20
    assert {link["href"] for link in page.all("a")} == {picture["src"] for picture in pictures}
    assert len({picture["alt"] for picture in pictures}) == len(pictures), (
        "each says which picture it is"
    )


def test_what_the_article_prints_stands_right_of_what_the_panel_gives(page):
    sources = [picture["src"] for picture in page.all("img")]
    own = [source for source in sources if "/07_" in source]
    assert {
        "figures/03_p_from_w.svg",
        "figures/03_mean_rank_ruler.svg",
        "figures/03_equal_shares.svg",
    } <= set(sources)
    assert sources.index("figures/03_p_from_w.svg") == sources.index("figures/07_agreement.svg") + 1
    captions = page.texts("figcaption")
    assert len(captions) == len(sources)
    whose = dict(zip(sources, captions, strict=True))
    assert {whose[source] for source in own} == {say("summary.yours")}
    assert whose["figures/03_p_from_w.svg"] == say("summary.articles")


def test_names_of_files_old_codes_and_what_was_dropped_stay_out(page):
    for secret in (SECRET, "Zhanar", "Bolatova", ".csv:", *EXPERTS, "health", "555 01 02"):
        assert secret not in page.source, secret
    assert "comment" in page.source, "which columns were dropped is said"


def test_html_in_a_heading_is_shown_and_not_obeyed(page):
    assert "&lt;b&gt;Sector&lt;/b&gt;" in page.source
    assert not page.all("b") and not page.all("i")


def test_html_in_the_runs_name_is_shown_and_not_obeyed(two_rounds):
    answers, folder = two_rounds
    named = Page(write_page(answers, "<u>a & b</u>", folder, MODEL))
    assert not named.all("u") and "&lt;u&gt;a &amp; b&lt;/u&gt;" in named.source


def test_html_in_a_components_name_is_shown_and_not_obeyed(two_rounds):
    answers, folder = two_rounds
    named = replace(
        MODEL,
        components=MODEL.components.assign(
            en=MODEL.components["en"].replace("Accountability", "<s>Account</s> & so on")
        ),
    )
    page = Page(write_page(answers, "almaty", folder, named))
    assert not page.all("s") and page.source.count("&lt;s&gt;Account&lt;/s&gt; &amp; so on") >= 5


# Its numbers ------------------------------------------------------------------------------------


def derived(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(
        folder / "data" / "derived" / f"{name}.csv", dtype={"printed_W": str, "printed_p": str}
    )


def headed(page: Page, *keys: str) -> pd.DataFrame:
    """The table of the page with these headings."""
    wanted = {say(f"column.{key}") for key in keys}
    tables = [table.rename(columns=unescape) for table in page.tables()]
    (table,) = (table for table in tables if wanted <= set(table.columns))
    return table


def test_agreement_is_the_tables_with_the_articles_strings(page, two_rounds):
    table, found = headed(page, "W", "printed_W"), derived(two_rounds[1], "panel_concordance")
    assert len(table) == len(found) == 30
    assert table[say("column.W")].tolist() == [f"{w:.3f}" for w in found["W"]]
    assert table[say("column.printed_W")].tolist() == found["printed_W"].tolist()
    assert table[say("column.printed_p")].tolist() == found["printed_p"].tolist()
    assert set(found["method"]) == {"exact", "permutation"}
    for shown, p, method in zip(
        table[say("column.p_exact")], found["p_exact"], found["method"], strict=True
    ):
        assert shown.endswith(f"{p:.3f}" if p >= 0.001 else "0.001")
        assert ("≈" in shown) == (method == "permutation"), "a p from shuffled panels is marked"
    for shown, low, high in zip(
        table[say("column.W_range")], found["W_low"], found["W_high"], strict=True
    ):
        assert re.findall(r"\d\.\d+", shown) == [f"{low:.2f}", f"{high:.2f}"]
    assert table[say("column.component")].tolist() == [MODEL.label(row) for row in found["row"]]


def test_w_has_its_interval_and_priorities_their_consensus(page, two_rounds):
    first = last_round(two_rounds[0].panel)
    intervals = concordance_intervals(first, MODEL)
    consensus = pd.concat([priority_consensus(first, MODEL, ring) for ring in RINGS])
    assert len(intervals) == 30 and intervals["low"].notna().all()
    shown = headed(page, "W", "printed_W")[say("column.W_interval")]
    assert shown.tolist() == [
        f"{low:.2f}–{high:.2f}"
        for low, high in zip(intervals["low"], intervals["high"], strict=True)
    ]
    table = headed(page, "consensus")
    assert table[say("column.consensus")].tolist() == [f"{s:.2f}" for s in consensus["consensus"]]
    assert table[say("column.experts")].tolist() == ["5"] * 12


def test_priorities_are_the_tables_dimension_by_dimension(page, two_rounds):
    found = derived(two_rounds[1], "panel_priorities")
    middle, inner = (
        next(t for t in page.tables() if heading in t.columns).set_index(side)
        for heading, side in (
            (say("dimension.E2"), say("column.component")),
            (MODEL.label("data"), say("column.context")),
        )
    )
    assert middle.index.tolist() == [MODEL.label(name) for name in MODEL.ring("middle")]
    for context, part in found.groupby("context"):
        name = MODEL.title(context)
        shown = middle[name] if name in middle else inner.loc[name]
        for cell, row in zip(shown, part.itertuples(), strict=True):
            assert re.findall(r"\d+(?:\.\d+)?", cell) == [
                f"{row.priority:.2f}",
                f"{row.low:.2f}",
                f"{row.high:.2f}",
                str(row.rank),
            ]


def test_stability_shows_every_shared_choice_and_the_expert_who_matters_most(page, two_rounds):
    table, found = headed(page, "tau", "leader"), derived(two_rounds[1], "ranking_stability")
    single = found["choice"] == "without"
    assert len(table) == (~single).sum() + found.loc[single, "context"].nunique()
    for dimension, part in found.groupby("context"):
        rows = table[table[say("column.context")] == say(f"dimension.{dimension}")]
        lowest = part.loc[part["choice"] == "without", "tau"].min()
        alone = rows[rows[say("column.choice")].str.contains("expert_")]
        assert alone[say("column.tau")].tolist() == [f"{lowest:.2f}" if lowest == lowest else "–"]
        shared = part.loc[part["choice"] != "without"]
        assert rows.loc[~rows.index.isin(alone.index), say("column.tau")].tolist() == [
            f"{tau:.2f}" if tau == tau else "–" for tau in shared["tau"]
        ]
        assert (
            rows.loc[~rows.index.isin(alone.index), say("column.experts")].astype(int).tolist()
            == shared["experts"].tolist()
        )
    leaders = {name for cell in table[say("column.leader")] for name in cell.split(" = ")}
    assert leaders <= {"–", *(MODEL.label(name) for name in MODEL.ring("middle"))}
    assert table[say("column.choice")].str.contains("0.20").sum() == 3 and len(leaders) > 1


def test_consistency_counts_experts_within(page, two_rounds):
    long = derived(two_rounds[1], "expert_consistency").query("ring == 'middle'")
    ratios = long.pivot(index="expert", columns="context", values="cr")
    table = headed(page, "with_ratio").set_index(say("column.context"))
    assert table[say("column.with_ratio")].astype(int).tolist() == [5, 5, 5]
    for cutoff in ("0.10", "0.20"):
        within = table[say("column.within", cutoff=cutoff)].astype(int)
        assert within.tolist() == (ratios <= float(cutoff)).sum().tolist()


def test_counts_of_what_was_read_are_said(page, two_rounds):
    lines = page.texts("li")
    for place in (0, 1):
        assert {"5", "135", "0"} <= set(re.findall(r"\d+", lines[place]))
        assert say("summary.format.wide") in lines[place]
    assert len(two_rounds[0].understood) == 2


# From round to round ----------------------------------------------------------------------------


@pytest.mark.parametrize("needed", [True, False])
def test_a_second_round_of_the_panel_is_judged_by_the_rule(two_rounds, needed):
    answers, folder = two_rounds
    table = derived(folder, "next_round")
    table.assign(open=31, questions=135, needed=needed).to_csv(
        folder / "data" / "derived" / "next_round.csv", index=False
    )
    try:
        page = Page(write_page(answers, "almaty", folder, MODEL))
    finally:
        table.to_csv(folder / "data" / "derived" / "next_round.csv", index=False)
    words = " ".join(page.texts("p"))
    assert re.search(r"\b31\b.*\b135\b", words)
    assert (say("summary.needed") in words, say("summary.not_needed") in words) == (
        needed,
        not needed,
    )


def test_priorities_of_both_rounds_stand_side_by_side(page, two_rounds):
    table, found = (
        next(t for t in page.tables() if say("column.priority_round", n=2) in t.columns),
        derived(two_rounds[1], "round_priorities"),
    )
    for number, part in found.groupby("round"):
        assert table[say("column.context")].tolist() == [
            say(f"dimension.{dimension}") for dimension in part["context"]
        ]
        assert table[say("column.component")].tolist() == [MODEL.label(row) for row in part["row"]]
        priorities = table[say("column.priority_round", n=number)]
        assert priorities.tolist() == [f"{priority:.2f}" for priority in part["priority"]]
        ranks = table[say("column.rank_round", n=number)]
        assert ranks.astype(int).tolist() == part["rank"].tolist()
    last = headed_by_dimension(page)
    for row in found[found["round"] == 2].itertuples():
        cell = last.at[MODEL.label(row.row), say(f"dimension.{row.context}")]
        assert cell.startswith(f"{row.priority:.2f} ") and cell.endswith(f", {row.rank}.")


def headed_by_dimension(page: Page) -> pd.DataFrame:
    """The table of priorities, which are those of the last round."""
    table = next(t for t in page.tables() if say("dimension.E2") in t.columns)
    return table.set_index(say("column.component"))


def test_the_round_that_the_results_are_of_is_said(page, two_rounds, damaged):
    words = " ".join(page.texts("p"))
    assert say("summary.last_round", last=2) in words and "not asked again" not in words
    answers, folder = damaged
    alone = replace(answers, panel=answers.panel.assign(round=2))
    words = " ".join(Page(write_page(alone, "later", folder, MODEL)).texts("p"))
    assert say("summary.one_round", round=2) in words


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """One round of two experts, who left out the second dimension and one the inner ring."""
    values = drawn(6, 2)
    contexts = np.array([question[0] for question in ASKED])
    values[:, contexts == "E2"] = np.nan
    values[1, ~np.isin(contexts, ("E1", "E2", "E3"))] = np.nan
    answers = read_answers(
        answers_file(tmp_path_factory.mktemp("answers") / f"{SECRET}.csv", values), MODEL
    )
    return answers, run_folder(answers, tmp_path_factory.mktemp("run") / "run")


def test_one_round_has_no_pictures_of_a_second(damaged):
    answers, folder = damaged
    page = Page(write_page(answers, "small", folder, MODEL))
    assert not [picture for picture in page.all("img") if "/04_" in picture["src"]]
    assert all((folder / picture["src"]).is_file() for picture in page.all("img"))


def test_what_a_damaged_panel_has_no_number_for_is_a_dash(damaged):
    answers, folder = damaged
    page = Page(write_page(answers, "small", folder, MODEL))
    shown = [cell for table in page.tables() for cell in table.to_numpy().ravel()]
    assert not [cell for cell in shown if re.search(r"\b(nan|NaN|None|inf)\b|<NA>", cell)]
    undefined = derived(folder, "panel_concordance")["W"].isna()
    assert undefined.sum() == 7 + 9
    table = headed(page, "W", "printed_W")
    assert (table.loc[undefined.to_numpy(), say("column.W")] == "–").all() and not (
        table.loc[~undefined.to_numpy(), say("column.W")] == "–"
    ).any()
    assert (table[say("column.W_range")] == "–").all(), "two experts: no range without one of them"
    assert (table[say("column.W_interval")] == "–").all(), "nor an interval"
    agreed = headed(page, "consensus").set_index(say("column.context"))[say("column.consensus")]
    assert (agreed == "–").tolist() == [False, True, False] + 9 * [True]
    priorities = next(t for t in page.tables() if say("dimension.E1") in t.columns)
    assert say("dimension.E2") not in priorities.columns
    assert not priorities[say("dimension.E1")].str.contains("[()–]").any(), (
        "too few experts for an interval"
    )
    assert (table[say("column.printed_W")] != "–").all(), (
        "the article's figure stands there all the same"
    )
    consistency = headed(page, "with_ratio").set_index(say("column.context"))[
        say("column.with_ratio")
    ]
    assert consistency.astype(int).tolist() == [2, 0, 2]


# What a paper takes -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """One round of 7 experts in groups of 4 and 3, and its page in every language."""
    folder = tmp_path_factory.mktemp("grouped")
    values = drawn(6, 7)
    values[:, :20] = np.clip(values[:, :20] / 4, -1, 1).round()  # a few questions are settled
    file = answers_file(folder / "answers.csv", values)
    table = pd.read_csv(file, dtype=str).assign(sector=["state"] * 4 + ["firm"] * 3)
    table.to_csv(file, index=False)
    answers = read_answers(file, MODEL, keep=["sector"])
    run = run_folder(answers, folder / "run")
    pages = {}
    for language in ("en", "kk", "ru"):
        use_language(language)
        model = read_model(language=language)
        pages[language] = Page(write_page(answers, "almaty", run, model))
    use_language("en")
    write_page(answers, "almaty", run, MODEL)
    return answers, run, pages


def test_open_questions_are_named_and_every_question_is_in_the_table(grouped):
    _, run, pages = grouped
    found, page = derived(run, "question_consensus"), pages["en"]
    assert found["settled"].any() and not found["settled"].all()
    table = headed(page, "iqr", "settled")
    assert len(table) == len(ASKED) == len(found)
    shown = table[say("column.settled")].map(
        {say("tables.settled"): True, say("tables.open"): False}
    )
    assert shown.tolist() == found["settled"].tolist()
    assert table[say("column.iqr")].tolist() == [f"{iqr:.2f}" for iqr in found["iqr"]]
    lines = " ".join(page.texts("li"))
    for row in found.itertuples():
        pair = f"{MODEL.label(row.left)} : {MODEL.label(row.right)}"
        assert row.settled or pair in lines, pair
    counts = say(
        "tables.open_count",
        questions=len(found),
        settled=found["settled"].sum(),
        open=(~found["settled"]).sum(),
    )
    assert counts in page.texts("p")


def test_groups_stand_beside_all_experts_with_their_number(grouped):
    answers, run, pages = grouped
    found = derived(run, "group_priorities").fillna({"group": ""})
    heads = {"": f"{say('tables.all_experts')} (7)", "state": "state (4)", "firm": "firm (3)"}
    priorities, w = (t for t in pages["en"].tables() if heads["state"] in t.columns)
    for group, part in found.groupby("group"):
        assert priorities[heads[group]].tolist() == [
            f"{row.priority:.2f} ({row.rank})" for row in part.itertuples()
        ]
    assert len(w) == 30 and w[heads["firm"]].str.fullmatch(r"\d\.\d{3}|–").all()


@pytest.mark.parametrize(("language", "mark"), [("en", "."), ("kk", ","), ("ru", ",")])
def test_the_methods_paragraph_has_the_runs_numbers_and_the_authors_blanks(grouped, language, mark):
    _, run, pages = grouped
    found, page = derived(run, "panel_concordance"), pages[language]
    paragraph = max(re.findall(r"<p>(.*?)</p>", page.source, flags=re.DOTALL), key=len)
    words = unescape(re.sub("<.*?>", "", paragraph))
    largest = found.loc[found["W"].idxmax()]
    for figure in (largest["W"], found["W"].min(), largest["p_corrected"]):
        assert f"{figure:.3f}".replace(".", mark) in words
    ratios = derived(run, "expert_consistency")["cr"].dropna()
    for count in (len(ASKED), 7, len(found), (ratios <= 0.1).sum(), len(ratios), 20_000):
        assert re.search(rf"\b{count}\b", words), count
    assert words.count("⟨") == paragraph.count("<mark>") >= 3
    assert "smartgov" in words and "NumPy" in words


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_number_of_a_page_has_another_languages_decimal_mark(grouped, language):
    page = grouped[2][language]
    cells = [cell for t in page.tables() for cell in t.to_numpy().ravel()]
    text = " ".join([*cells, *page.texts("p")])
    text = re.sub(r"smartgov .*?pandas [\d.]+", "", text)
    assert not re.findall(r"\d\.\d", text)


def test_the_checklist_has_every_item_and_says_what_is_for_the_authors(grouped):
    items = pd.read_csv(STANDARDS / "reporting_items.csv", dtype=str, keep_default_na=False)
    assert items.groupby("standard").size().to_dict() == {
        "ACCORD": 35,
        "CREDES": 16,
        "DELPHISTAR": 38,
    }
    table = headed(grouped[2]["en"], "standard", "item").map(unescape)
    assert table[say("column.label")].tolist() == items["en"].tolist()
    blank = table[say("column.known")].str.contains(say("reporting.author"))
    assert (blank == (items["known"] == "")).all()
    groups = table[table[say("column.item")] == "11"][say("column.known")].iloc[0]
    assert "sector" in groups


def test_beyond_as_many_experts_as_are_clustered_no_table_lists_each(grouped, monkeypatch):
    answers, folder, _ = grouped
    every = result_tables(Run(folder, MODEL), answers.panel)
    monkeypatch.setattr("smartgov.present.result_tables.MOST_APART", 6)
    few = result_tables(Run(folder, MODEL), answers.panel)
    assert set(every) - set(few) == {f"experts_{ring}" for ring in RINGS}
    assert "6 experts" in few["consensus"].note and "expert_priorities.csv" in few["consensus"].note


def test_every_table_is_in_the_document_the_workbook_and_a_latex_file(grouped):
    run = grouped[1] / "tables"
    sources = {path.stem: path.read_text(encoding="utf-8") for path in run.glob("*.tex")}
    document = Document(run / "tables.docx")
    sheets = load_workbook(run / "tables.xlsx").worksheets[1:]
    assert len(sources) == len(document.tables) == len(sheets) == 13
    for table, sheet in zip(document.tables, sheets, strict=True):
        source = sources[next(name for name in sources if sheet.title.endswith(f" {name}"))]
        assert (
            len(table.rows)
            == sheet.max_row
            == source.count("\\\\\n") - 1 - ("multicolumn" in source)
        )
    own = load_workbook(run / "tables.xlsx")[f"{len(sheets) - 1} experts_middle"]
    assert own.max_row == 1 + 3 * 7 and isinstance(own["E2"].value, float)
    assert not any(code in source for source in sources.values() for code in EXPERTS)
    (standards,) = Document(run / "reporting_checklist.docx").tables
    assert len(standards.rows) == 1 + 35 + 38 + 16


# Notes ------------------------------------------------------------------------------------------


def test_notes_say_which_file_they_are_about_without_its_name(tmp_path):
    """The name of one file may be the end of the other's."""
    before = drawn(3)
    files = (
        answers_file(tmp_path / "answers.csv", before),
        answers_file(
            tmp_path / "my answers.csv", before, consent=("yes", "yes", "no", "yes", "yes")
        ),
    )
    answers = read_answers(files[0], MODEL, round2=files[1], attrition="accept")
    assert any(note.startswith("my answers.csv: ") for note in answers.warnings)
    page = Page(write_page(answers, "almaty", run_folder(answers, tmp_path / "run"), MODEL))
    notes = [
        line
        for line in page.texts("li")
        if "row" in line and "4" in line and "experts," not in line
    ]
    assert len(notes) == 1
    assert "answers.csv" not in page.source
    assert not notes[0].startswith("my ")
    assert say("summary.file", round=1, format=say("summary.format.wide")) not in notes[0], (
        "the note is about the file of round two"
    )


# Languages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_headings_are_in_the_language_of_the_run(two_rounds, page, language):
    answers, folder = two_rounds
    use_language(language)
    model = read_model(language=language)
    translated = Page(write_page(answers, "almaty", folder, model))
    assert translated.all("html")[0]["lang"] == language
    headings = translated.texts("h1", "h2", "h3", "th", "figcaption", "title")
    english = {
        message for key, message in catalogue("en").items() if catalogue(language)[key] != message
    }
    assert not english & set(headings)
    assert not set(page.texts("h1", "h2", "h3", "figcaption")) & set(headings)
    for heading in translated.texts("h1", "h2", "h3", "figcaption"):
        assert re.search("[а-яәғқңөұүһі]", heading.lower()), heading
    alternatives = [picture["alt"] for picture in translated.all("img")]
    assert len(set(alternatives)) == 13 and not set(alternatives) & {
        picture["alt"] for picture in page.all("img")
    }
    cells = {cell for table in translated.tables() for cell in table.to_numpy().ravel()}
    assert model.label("citizen_engagement") in cells and not cells & set(MODEL.components["en"])
    assert [len(table) for table in translated.tables()] == [len(table) for table in page.tables()]


def test_every_format_has_its_words():
    assert all(say(f"summary.format.{name}", each) for name in FORMATS for each in LANGUAGES)


def test_answers_typed_from_paper_by_the_place_of_a_box_are_warned_of():
    """As consistent experts answered, and with the sides of a third of the questions exchanged."""
    rng, asked = np.random.default_rng(8), questionnaire(MODEL)
    weights = dict(zip(MODEL.components.index, rng.uniform(1, 6, 12), strict=False))
    steps = [2.5 * np.log2(weights[left] / weights[right]) for _, left, right in ASKED]
    given = np.clip(np.rint(steps + rng.normal(0, 0.7, (13, len(ASKED)))), -8, 8)
    typed = np.where(rng.random(given.shape) < 0.36, -given, given)
    right, wrong = (
        random_warnings(from_signed(SignedValues([*"abcdefghijklm"], asked, each)), MODEL, own=True)
        for each in (given, typed)
    )
    assert right == []
    assert "In Smart city (E1), Open government (E2), Digital government (E3) half" in wrong[0]
    assert "typed by the place of a box" in wrong[0]
