"""Figures of a panel's own answers: what is drawn is what the tables hold, in every language."""

import re
import warnings
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text
from quick_p import quick_p

from smartgov.article.published import CONCLUSION_NAMES
from smartgov.audit.printed import parse_printed
from smartgov.delphi import panel_results, second_round
from smartgov.delphi.ranking import ranking_choices
from smartgov.files.layout import PANELS
from smartgov.model import questionnaire, read_model
from smartgov.panels import read_panel, signed_values
from smartgov.present.panel_figures import (
    draw_comparison,
    draw_open_questions,
    draw_panel_concordance,
    draw_panel_mean_ranks,
    draw_priorities,
    draw_rank_choices,
    draw_standing,
)
from smartgov.present.style import PROVENANCES
from smartgov.words import LANGUAGES, catalogue, say, use_language

FIELDS = ["expert", "round", "context", "left", "right", "favours", "intensity"]
MODEL = read_model()
MIDDLE, DIMENSIONS = MODEL.ring("middle"), list(MODEL.dimensions.index)
ASKED = questionnaire(MODEL)
RULE = {"most_iqr": 2.0, "most_moved": 0.15}
WHITE = to_rgba("white")


def tidy(values) -> pd.DataFrame:
    """Signed values, experts × the model's questions, one judgement a row; NaN has none."""
    questions = list(ASKED[["context", "left", "right"]].itertuples(index=False, name=None))
    rows = [
        (
            f"expert_{number:02d}",
            1,
            *question,
            "left" if value > 0 else "right" if value < 0 else "equal",
            int(abs(value)) + 1,
        )
        for number, answers in enumerate(values, start=1)
        for question, value in zip(questions, answers, strict=True)
        if not np.isnan(value)
    ]
    return pd.DataFrame(rows, columns=FIELDS)


def tables_of(panel: pd.DataFrame) -> dict[str, object]:
    """Every table that a figure is drawn from, with few random panels behind its p-values."""
    with quick_p():
        concordance = panel_results.panel_concordance(panel, MODEL)
    m = panel["expert"].nunique()
    return {
        "m": m,
        "concordance": concordance,
        "mean ranks": panel_results.panel_mean_ranks(panel, MODEL, "inner"),
        "priorities": panel_results.panel_priorities(panel, MODEL, "middle"),
        "choices": ranking_choices(panel, MODEL, "middle"),
        "scores": panel_results.component_scores(panel, MODEL, "middle"),
        "measures": measures_of(panel) if m > 1 else None,
    }


def measures_of(panel: pd.DataFrame, share_moving: float = 0.3) -> pd.DataFrame:
    _, questions, before = signed_values(panel, ASKED)
    after = second_round.synthetic_round(before, share_moving, seed=5)
    asked = second_round.stability(before, after, questions)
    return asked.join(second_round.open_questions(asked, **RULE)).reset_index()


def drawing(tables: dict, model=MODEL) -> dict:
    """Every figure of a panel, to be drawn for a provenance."""
    return {
        "concordance": lambda provenance: draw_panel_concordance(
            tables["concordance"], model, provenance
        ),
        "mean ranks": lambda provenance: draw_panel_mean_ranks(
            tables["mean ranks"], model, provenance
        ),
        "priorities": lambda provenance: draw_priorities(tables["priorities"], model, provenance),
        "rank choices": lambda provenance: draw_rank_choices(tables["choices"], model, provenance),
        "third round": lambda provenance: draw_open_questions(
            tables["measures"], model, provenance, **RULE
        ),
        "standing": lambda provenance: draw_standing(
            tables["scores"], model, provenance, pd.Series([tables["m"]])
        ),
    }


FIGURES = ("concordance", "mean ranks", "priorities", "rank choices", "third round", "standing")


@pytest.fixture(scope="module")
def tables():
    return tables_of(read_panel(PANELS / "reconstructed.csv", MODEL))


@pytest.fixture(autouse=True)
def restored():
    yield
    plt.close("all")
    use_language("en")


def figure_of(drawn) -> Figure:
    return drawn if isinstance(drawn, Figure) else drawn.figure


def words_in(drawn) -> list[str]:
    return [text.get_text() for text in drawn.findobj(Text) if text.get_text()]


def offsets(collection: PathCollection) -> np.ndarray:
    return np.ma.filled(np.ma.asarray(collection.get_offsets(), dtype=float), np.nan)


def circles(axes, x) -> PathCollection:
    """The points of an Axes that stand at `x`, in this order."""
    for collection in axes.collections:
        if isinstance(collection, PathCollection):
            drawn = offsets(collection)[:, 0]
            if drawn.shape == np.shape(x) and np.allclose(
                drawn, np.asarray(x, float), equal_nan=True
            ):
                return collection
    raise AssertionError(f"no points at {list(x)}")


def bars(axes) -> set[tuple]:
    """Low and high end and height of every horizontal bar with ends."""
    lines = [
        segment
        for c in axes.collections
        if isinstance(c, LineCollection)
        for segment in c.get_segments()
    ]
    return {
        (round(float(a[0]), 9), round(float(b[0]), 9), round(float(a[1]), 9))
        for a, b in lines
        if not np.isnan([a, b]).any()
    }


def expected_bars(low, high, y) -> set[tuple]:
    return {
        (round(float(a), 9), round(float(b), 9), round(float(c), 9))
        for a, b, c in zip(low, high, y, strict=True)
        if a == a
    }


def rows_named(axes) -> list[str]:
    return [tick.get_text() for tick in axes.get_yticklabels()]


def printed(texts) -> list[float]:
    return [float(parse_printed(text).value) if text else np.nan for text in texts]


# The numbers drawn ------------------------------------------------------------------------------


def test_concordance_circles_bars_and_diamonds_are_the_tables(tables):
    table = tables["concordance"]
    figure = draw_panel_concordance(table, MODEL, "reconstructed")
    assert rows_named(figure.axes[0]) == [MODEL.label(row) for row in MIDDLE]
    for axes, context in zip(figure.axes, (*DIMENSIONS, "Q27"), strict=True):
        part = table[table["context"] == context]
        y = part["row"].map(MIDDLE.index)
        assert axes.get_title(loc="left") == say(f"dimension.{context}")
        assert offsets(circles(axes, part["W"]))[:, 1].tolist() == y.tolist()
        assert bars(axes) == expected_bars(part["W_low"], part["W_high"], y)
        diamonds = offsets(circles(axes, printed(part["printed_W"])))[:, 1]
        assert (np.abs(diamonds - y) < 0.5).all(), "the article's W stands in the same row"


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.4])
def test_circles_are_full_where_the_corrected_p_is_below_alpha(tables, alpha):
    rng = np.random.default_rng(1)
    table = tables["concordance"].assign(
        p_corrected=rng.choice([0.001, 0.01, 0.05, 0.3, 1.0, np.nan], 30)
    )
    figure, full = draw_panel_concordance(table, MODEL, "reconstructed", alpha), 0
    for axes, context in zip(figure.axes, (*DIMENSIONS, "Q27"), strict=True):
        part = table[table["context"] == context]
        hollow = [tuple(colour) == WHITE for colour in circles(axes, part["W"]).get_facecolor()]
        assert hollow == [not p < alpha for p in part["p_corrected"]]
        full += hollow.count(False)
    assert full == (table["p_corrected"] < alpha).sum() > 0


def test_mean_ranks_are_full_and_the_articles_open(tables):
    table = tables["mean ranks"]
    axes = draw_panel_mean_ranks(table, MODEL, "your panel")
    assert rows_named(axes) == [MODEL.label(row) for row in MIDDLE]
    for _, part in table.groupby(["left", "right"], sort=False):
        own, article = circles(axes, part["mean_rank"]), circles(axes, printed(part["printed"]))
        assert WHITE not in map(tuple, own.get_facecolor()) and set(
            map(tuple, article.get_facecolor())
        ) == {WHITE}
        assert offsets(own)[:, 1].tolist() == offsets(article)[:, 1].tolist()
        assert np.round(offsets(own)[:, 1]).tolist() == list(range(9)), (
            "three comparisons share the row of a component"
        )
    low, high = axes.get_xlim()
    assert low < 1 and high > 3


def test_priorities_bars_and_ranks_are_the_tables(tables):
    table = tables["priorities"]
    figure = draw_priorities(table, MODEL, "your panel")
    assert rows_named(figure.axes[0]) == [MODEL.label(row) for row in MIDDLE]
    for axes, dimension in zip(figure.axes, DIMENSIONS, strict=True):
        part = table[table["context"] == dimension]
        y = np.arange(9)
        assert offsets(circles(axes, part["priority"]))[:, 1].tolist() == y.tolist()
        assert bars(axes) == expected_bars(part["low"], part["high"], y)
        ranks = {
            round(text.get_position()[1]): text for text in axes.texts if text.get_text().isdigit()
        }
        assert [int(ranks[place].get_text()) for place in y] == part["rank"].tolist()
        assert [ranks[place].get_weight() == "bold" for place in y] == (part["rank"] == 1).tolist()
        assert any(f"{part['median_cr'].iloc[0]:.2f}" in text.get_text() for text in axes.texts)
        assert any(np.allclose(line.get_xdata(), 1 / 9) for line in axes.lines), (
            "the line where all are equal"
        )
        assert axes.get_xlim()[1] >= table["high"].max()


def cells(axes) -> dict[tuple[int, int], str]:
    """Words in the cells of a table, by row and column."""
    return {
        (round(text.get_position()[1]), round(text.get_position()[0])): text.get_text()
        for text in axes.texts
    }


def test_rank_choices_of_a_large_panel_have_no_column_of_experts_left_out_and_say_so(tables):
    table = tables["choices"]
    figure = draw_rank_choices(table[table["choice"] != "without"], MODEL, "your panel")
    whole = table.loc[table["choice"] != "without", ["choice", "detail"]].drop_duplicates()
    assert len(cells(figure.axes[0])) == 9 * len(whole)
    words = " ".join(text.get_text().replace("\n", " ") for text in figure.findobj(Text))
    assert say("rank_choices.many", most=1000) in words
    assert say("rank_choices.single") not in words


def test_rank_choices_are_the_tables_in_the_order_of_the_base(tables):
    table = tables["choices"]
    figure = draw_rank_choices(table, MODEL, "reconstructed")
    for axes, dimension in zip(figure.axes, DIMENSIONS, strict=True):
        part, drawn = table[table["context"] == dimension], cells(axes)
        whole, single = part[part["choice"] != "without"], part[part["choice"] == "without"]
        ranks = {
            key: choice.set_index("component")["rank"]
            for key, choice in whole.groupby(["choice", "detail"], sort=False)
        }
        names = ranks["base", ""].sort_values().index
        assert rows_named(axes) == [MODEL.label(name) for name in names]
        for (row, name), (place, key) in product(enumerate(names), enumerate(ranks)):
            rank = ranks[key][name]
            assert drawn[row, place] == ("–" if np.isnan(rank) else f"{rank:.0f}")
        low, high = (single.groupby("component")["rank"].agg(end)[names] for end in ("min", "max"))
        for row, (a, b) in enumerate(zip(low, high, strict=True)):
            assert drawn[row, len(ranks)] == (f"{a:.0f}" if a == b else f"{a:.0f}–{b:.0f}")
        assert len(drawn) == 9 * (len(ranks) + 1)
        kept = whole.groupby(["choice", "detail"], sort=False)["experts"].first()
        for tick, experts in zip(axes.get_xticklabels(), kept, strict=False):
            assert f"({experts})" in tick.get_text()
    assert "–" in set().union(*(cells(axes).values() for axes in figure.axes)), (
        "a cut-off that keeps fewer than two experts"
    )


def counted(axes) -> dict[tuple[float, float], int]:
    """The numbers of questions that are written into the cells of the third round's figure."""
    return {t.get_position(): int(t.get_text()) for t in axes.texts if t.get_text().isdigit()}


def test_every_question_is_counted_once_in_the_picture_of_the_third_round(tables):
    measures = tables["measures"]
    axes = draw_open_questions(measures, MODEL, "synthetic", **RULE)
    assert sum(counted(axes).values()) == len(measures)
    words = say("next_round.open", n=int(measures["open"].sum()), of=len(measures))
    assert words in [text.get_text() for text in axes.texts]
    assert 0 < measures["open"].sum() < len(measures)


@pytest.mark.parametrize("m", [8, 13, 20])
@pytest.mark.parametrize("rule", [RULE, {"most_iqr": 1.5, "most_moved": 0.3}])
def test_open_questions_lie_within_the_corner_and_no_settled_one_does(m, rule):
    """One of 8 experts is 0.125, two of 13 are 0.154: settled and open by a rule of 0.15."""
    grid = pd.DataFrame(
        product((0, 1, 1.75, 2, 2.25, 3, 6), range(m + 1)), columns=["iqr_after", "moved"]
    )
    measures = grid.assign(moved=grid["moved"] / m, column="E1", experts=m)
    measures = measures.join(second_round.open_questions(measures, **rule))
    axes = draw_open_questions(measures, MODEL, "synthetic", **rule)
    (line,) = axes.lines
    left, bottom = line.get_xdata()[0], line.get_ydata()[1]
    inside = sum(n for (x, y), n in counted(axes).items() if x > left and y > bottom)
    assert inside == measures["open"].sum()
    assert sum(counted(axes).values()) == len(measures)


def test_standing_is_the_mean_signed_judgement_best_first(tables):
    scores = tables["scores"]
    axes = draw_standing(scores, MODEL, "your panel", pd.Series([13, 13, 12]))
    assert "12–13" in axes.figure.get_supxlabel()
    ordered = scores.loc[scores.mean(axis=1).sort_values(ascending=False).index]
    assert rows_named(axes) == [MODEL.label(name) for name in ordered.index]
    for dimension in DIMENSIONS:
        assert offsets(circles(axes, ordered[dimension]))[:, 1].tolist() == list(range(9))
    assert bars(axes) == expected_bars(ordered.min(axis=1), ordered.max(axis=1), range(9))
    bold = [
        name
        for name, tick in zip(ordered.index, axes.get_yticklabels(), strict=True)
        if tick.get_weight() == "bold"
    ]
    assert set(bold) == set(CONCLUSION_NAMES)
    low, high = axes.get_xlim()
    assert -low == high >= scores.abs().max().max(), "0 stands in the middle"


def test_comparison_of_panels_shows_every_rank():
    index = pd.MultiIndex.from_product([["E1", "E2"], MIDDLE], names=["context", "component"])
    rng = np.random.default_rng(4)
    ranks = pd.DataFrame(
        {
            name: [*(rng.permutation(9) + 1), *(rng.permutation(9) + 1)]
            for name in ("almaty", "astana")
        },
        index,
        dtype="Int64",
    )
    ranks.loc["E2", "astana"] = pd.NA
    agreement = pd.DataFrame(
        {"W": [0.75, np.nan], "p": [0.123, np.nan]},
        index=pd.MultiIndex.from_product([["middle"], ["E1", "E2"]], names=["ring", "context"]),
    )
    figure = draw_comparison(ranks, agreement, MODEL)
    assert not [word for word in words_in(figure) if "nan" in word.lower()], (
        "E2 has one panel, and no agreement"
    )
    agreed = [word for word in words_in(figure.axes[0]) if "0.75" in word]
    assert len(agreed) == 1 and "0.123" in agreed[0]
    for axes, dimension in zip(figure.axes, ("E1", "E2"), strict=True):
        by_label = ranks.loc[dimension].rename(index=MODEL.label)
        drawn, shown = cells(axes), rows_named(axes)
        assert sorted(shown) == sorted(by_label.index)
        for row, name in enumerate(shown):
            expected = ["–" if pd.isna(rank) else str(rank) for rank in by_label.loc[name]]
            assert [drawn[row, 0], drawn[row, 1]] == expected
        bold = {tick.get_text() for tick in axes.get_yticklabels() if tick.get_weight() == "bold"}
        assert bold == {MODEL.label(name) for name in CONCLUSION_NAMES}
    assert say("provenance.your_panel") in figure.get_supxlabel()


# Where the numbers come from --------------------------------------------------------------------


@pytest.mark.parametrize("name", FIGURES)
def test_the_caption_says_where_the_numbers_come_from(tables, name):
    for provenance in ("synthetic", "your panel"):
        figure = figure_of(drawing(tables)[name](provenance))
        words = figure.get_supxlabel()
        others = [
            say("provenance." + other.replace(" ", "_"))
            for other in PROVENANCES
            if other != provenance
        ]
        assert words.startswith(say("provenance." + provenance.replace(" ", "_")))
        assert not words.startswith(tuple(others))
        assert "13" in words.split() or name == "rank choices", (
            "the number of experts; a choice has its own"
        )


@pytest.mark.parametrize("name", FIGURES)
def test_an_unknown_provenance_is_refused(tables, name):
    with pytest.raises(ValueError, match="'guessed' is none of"):
        drawing(tables)[name]("guessed")


@pytest.mark.parametrize("name", ["priorities", "rank choices", "third round", "standing"])
def test_what_the_article_does_not_print_is_not_passed_off_as_its_own(tables, name):
    words = " ".join(figure_of(drawing(tables)[name]("your panel")).get_supxlabel().split())
    assert say("article.named" if name == "standing" else "article.prints_none") in words


# Languages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "name"), list(product(LANGUAGES, FIGURES)))
def test_every_figure_draws_in_every_language(tables, language, name):
    use_language(language)
    model = read_model(language=language)
    drawn = drawing(tables, model)[name]("your panel")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter that the font lacks, or a layout without room
        figure_of(drawn).draw_without_rendering()
    english = {
        message for key, message in catalogue("en").items() if catalogue(language)[key] != message
    }
    shown = set(words_in(figure_of(drawn)))
    assert shown & set(catalogue(language).values())
    assert not shown & english and not shown & (
        set(MODEL.components["en"]) if language != "en" else set()
    )


def test_the_language_is_english_again_afterwards():
    assert say("verdict.reproduced") == catalogue("en")["verdict.reproduced"]


# Small and damaged panels -----------------------------------------------------------------------


def damaged_panels() -> dict[str, tuple[np.ndarray, tuple]]:
    """Signed values, and the figures that they have no numbers for."""
    rng = np.random.default_rng(8)

    def drawn(m):
        return rng.integers(-8, 9, (m, len(ASKED))).astype(float)

    scattered, without_e2, without_inner, only_e2 = drawn(5), drawn(4), drawn(4), drawn(4)
    scattered[rng.random(scattered.shape) < 0.1] = np.nan
    without_e2[:, (ASKED["context"] == "E2").to_numpy()] = np.nan
    without_inner[:, (ASKED["ring"] == "inner").to_numpy()] = np.nan
    only_e2[:, (ASKED["context"] != "E2").to_numpy()] = np.nan
    group_only = ("priorities", "rank choices", "third round")
    return {
        "one expert": (drawn(1), group_only),
        "two experts": (drawn(2), ()),
        "a tenth missing": (scattered, ()),
        "without E2": (without_e2, ()),
        "without the inner ring": (without_inner, ()),
        "E2 alone": (only_e2, ()),
        "all equal": (np.zeros((4, len(ASKED))), ()),
    }


DAMAGED = damaged_panels()


@pytest.fixture(scope="module")
def damaged():
    """The tables of every damaged panel, made once."""
    made = {}

    def tables(name: str) -> dict:
        if name not in made:
            made[name] = tables_of(tidy(DAMAGED[name][0]))
        return made[name]

    return tables


@pytest.mark.parametrize(
    ("panel", "name"),
    [(panel, name) for panel, name in product(DAMAGED, FIGURES) if name not in DAMAGED[panel][1]],
)
def test_figures_of_damaged_panels_are_drawn_without_a_warning(damaged, panel, name):
    tables = damaged(panel)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = drawing(tables)[name]("your panel")
    assert figure_of(drawn).get_supxlabel()
    assert not [word for word in words_in(figure_of(drawn)) if re.search(r"\bnan\b", word)], (
        "a number that is not there is not written"
    )
    points = np.vstack(
        [
            offsets(c)
            for axes in figure_of(drawn).axes
            for c in axes.collections
            if isinstance(c, PathCollection)
        ]
        or [np.empty((0, 2))]
    )
    numbers = {
        "concordance": lambda: tables["concordance"]["W"].notna().sum() + 30,
        "mean ranks": lambda: tables["mean ranks"]["mean_rank"].notna().sum() + 27,
        "priorities": lambda: len(tables["priorities"]),
        "rank choices": lambda: 0,
        "third round": lambda: 0,
        "standing": lambda: tables["scores"].notna().sum().sum(),
    }
    assert np.isfinite(points).all(axis=1).sum() == numbers[name]()
