"""Rankings under every choice: recomputed by LAPACK and by hand, and what must not change them."""

import warnings
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.stats import rankdata

from smartgov.delphi.panel_results import expert_consistency
from smartgov.delphi.ranking import CUTOFFS, base_ranking, ranking_choices, ranking_stability
from smartgov.files.layout import PANELS
from smartgov.model import questionnaire, read_model
from smartgov.panels import read_panel

FIELDS = ["expert", "round", "context", "left", "right", "favours", "intensity"]
TURNED = {"left": "right", "right": "left", "equal": "equal"}
MODEL = read_model()
MIDDLE, DIMENSIONS = MODEL.ring("middle"), list(MODEL.dimensions.index)
THREE = replace(MODEL, components=MODEL.components.loc[[*MIDDLE[:3], *MODEL.ring("inner")]])
FIVE = replace(MODEL, components=MODEL.components.loc[[*MIDDLE[:5], *MODEL.ring("inner")]])
CHOICES = ["ring", "context", "choice", "detail", "experts", "component", "rank"]
STABILITY = ["ring", "context", "choice", "detail", "experts", "tau", "leader", "moved", "furthest"]


def tidy(values, model=MODEL) -> pd.DataFrame:
    """Signed values of the middle ring, experts × dimensions × pairs, as judgements; NaN has
    none."""
    asked = questionnaire(model).query("ring == 'middle'")[["context", "left", "right"]]
    rows = [
        (
            f"expert_{number:02d}",
            1,
            *question,
            "left" if value > 0 else "right" if value < 0 else "equal",
            int(abs(value)) + 1,
        )
        for number, answers in enumerate(np.asarray(values, float), start=1)
        for question, value in zip(asked.itertuples(index=False), answers.ravel(), strict=True)
        if not np.isnan(value)
    ]
    return pd.DataFrame(rows, columns=FIELDS)


def drawn(m: int, seed: int, k: int = 9) -> np.ndarray:
    return np.random.default_rng(seed).integers(-8, 9, (m, 3, k * (k - 1) // 2)).astype(float)


def rounded(weights) -> list[int]:
    """Signed values of the weights' ratios, rounded to Saaty's scale."""
    ratios = [max(a, b) / min(a, b) * (1 if a >= b else -1) for a, b in combinations(weights, 2)]
    return [int(np.sign(ratio)) * (min(9, round(abs(ratio))) - 1) for ratio in ratios]


def of_one_mind(weights, m: int = 3) -> np.ndarray:
    """Experts who judge alike in every dimension, from one set of weights."""
    return np.tile(np.array(rounded(weights), float), (m, 3, 1))


def matrices_of(answers: np.ndarray, k: int = 9) -> np.ndarray:
    """Reciprocal matrices, experts × k × k, from signed values in the order of the upper
    triangle."""
    matrices = np.tile(np.eye(k), (len(answers), 1, 1))
    for place, (i, j) in enumerate(combinations(range(k), 2)):
        value = answers[:, place]
        matrices[:, i, j] = (np.abs(value) + 1) ** np.where(value < 0, -1.0, 1.0)
        matrices[:, j, i] = 1 / matrices[:, i, j]
    return matrices


WORTH = {
    "logarithmic": lambda steps: np.log(steps + 1) / np.log(2),
    "power": lambda steps: steps**2,
    "balanced": lambda steps: (0.45 + steps / 20) / (1 - 0.45 - steps / 20),
}


def on_scale(matrices: np.ndarray, worth) -> np.ndarray:
    """Judgements of 1 to 9 worth something else; the other side has the reciprocal."""
    return np.where(matrices < 1, 1 / worth(1 / matrices), worth(matrices.clip(1)))


def eigenvector(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eig(matrix)
    vector = np.abs(vectors[:, values.real.argmax()].real)
    return vector / vector.sum()


def geometric(stack: np.ndarray, axis: int = 0) -> np.ndarray:
    return np.exp(np.log(stack).mean(axis=axis))


def part_of(choices: pd.DataFrame, dimension: str, choice: str, detail: str = "") -> pd.DataFrame:
    return choices[
        (choices["context"] == dimension)
        & (choices["choice"] == choice)
        & (choices["detail"] == detail)
    ]


def ranks(choices: pd.DataFrame, dimension: str, choice: str, detail: str = "") -> list[float]:
    return part_of(choices, dimension, choice, detail)["rank"].tolist()


def table(**rankings: tuple) -> pd.DataFrame:
    """Choices of one dimension over the components a, b and c."""
    rows = [
        ("middle", "E1", choice, "", 5, name, float(rank))
        for choice, given in rankings.items()
        for name, rank in zip("abc", given, strict=True)
    ]
    return pd.DataFrame(rows, columns=CHOICES)


# Every choice recomputed ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_ranks_of_every_choice_recomputed(seed):
    values = drawn(5, seed)
    found = ranking_choices(tidy(values), MODEL, "middle")
    assert list(found) == CHOICES and list(dict.fromkeys(found["context"])) == DIMENSIONS
    for place, dimension in enumerate(DIMENSIONS):
        matrices = matrices_of(values[:, place])
        group = geometric(matrices)
        expected = {
            ("base", ""): eigenvector(group),
            ("geometric", ""): geometric(group, axis=1),
            ("priorities", ""): geometric(np.array([eigenvector(matrix) for matrix in matrices])),
            **{
                ("without", f"expert_{n:02d}"): eigenvector(
                    geometric(np.delete(matrices, n - 1, axis=0))
                )
                for n in range(1, 6)
            },
            **{
                ("scale", scale): eigenvector(geometric(on_scale(matrices, worth)))
                for scale, worth in WORTH.items()
            },
        }
        for (choice, detail), priorities in expected.items():
            assert ranks(found, dimension, choice, detail) == rankdata(-priorities).tolist(), (
                dimension,
                choice,
                detail,
            )
        assert (
            found[found["context"] == dimension]
            .groupby(["choice", "detail"])["component"]
            .apply(list)
            .map(lambda names: names == MIDDLE)
            .all()
        )


def test_ranks_by_hand():
    """Consistent experts: a : b : c as 4 : 2 : 1 and as many as 1 : 2 : 1; together 2 : 2 : 1."""
    values = np.tile(np.array([[1.0, 3, 1], [-1, 0, 1]] * 3)[:, None], (1, 3, 1))
    found = ranking_choices(tidy(values, THREE), THREE, "middle")
    for choice in ("base", "geometric", "priorities"):
        assert ranks(found, "E1", choice) == [1, 1, 3]
    stability = ranking_stability(found).query("choice not in ('without', 'scale')")
    assert len(stability) == 3 * 5, "all experts are consistent"
    assert (stability["leader"] == " = ".join(MIDDLE[:2])).all()
    assert stability["tau"].to_numpy() == pytest.approx(1.0) and (
        stability[["moved", "furthest"]] == 0
    ).all(axis=None)


def test_without_one_expert_is_the_others_ranking():
    values = drawn(4, seed=12, k=5)
    found = ranking_choices(tidy(values, FIVE), FIVE, "middle")
    for expert in range(4):
        others = ranking_choices(tidy(np.delete(values, expert, axis=0), FIVE), FIVE, "middle")
        for dimension in DIMENSIONS:
            assert ranks(found, dimension, "without", f"expert_{expert + 1:02d}") == ranks(
                others, dimension, "base"
            )
    assert found[found["choice"].isin(["base", "geometric", "priorities"])]["experts"].eq(4).all()
    assert found[found["choice"] == "without"]["experts"].eq(3).all()


# Cut-offs ---------------------------------------------------------------------------------------


def mixed(seed: int = 4, m: int = 6) -> np.ndarray:
    """Experts between consistent and not: consistent judgements with some moved by a step or
    more."""
    rng = np.random.default_rng(seed)
    values = of_one_mind((9, 5, 4, 3, 1), m)
    moves = rng.integers(-1, 2, values.shape) * np.arange(m)[:, None, None]
    return np.clip(values + moves, -8, 8)


@pytest.mark.parametrize("cutoffs", [CUTOFFS, (0.05, 0.1, 0.35, 0.8), ()])
def test_cutoffs_keep_exactly_the_experts_within(cutoffs):
    values = mixed()
    panel = tidy(values, FIVE)
    found, kept_some, kept_all = ranking_choices(panel, FIVE, "middle", cutoffs), 0, 0
    for place, dimension in enumerate(DIMENSIONS):
        matrices = matrices_of(values[:, place], 5)
        # Consistency ratio (Saaty, 1980): (largest eigenvalue - n) / (n - 1) over 1.12 for five
        # items.
        ratios = np.array(
            [(np.linalg.eigvals(matrix).real.max() - 5) / 4 / 1.12 for matrix in matrices]
        )
        for cutoff in cutoffs:
            within, part = ratios <= cutoff, part_of(found, dimension, "cr", f"{cutoff:.2f}")
            assert len(part) == 5 and (part["experts"] == within.sum()).all()
            if within.sum() < 2:
                assert part["rank"].isna().all()
                continue
            assert (
                part["rank"].tolist()
                == rankdata(
                    -eigenvector(geometric(matrices[within])).round(12), method="min"
                ).tolist()
            )
            kept_some, kept_all = kept_some + (within.sum() < 6), kept_all + 1
    assert (found["choice"] == "cr").any() == bool(cutoffs)
    assert not cutoffs or 0 < kept_some <= kept_all


def test_an_expert_exactly_at_the_cutoff_is_kept():
    panel = tidy(mixed(), FIVE)
    ratio = expert_consistency(panel, FIVE, "middle")["E1"].sort_values().iloc[3]
    found = ranking_choices(panel, FIVE, "middle", (ratio,))
    assert part_of(found, "E1", "cr", f"{ratio:.2f}")["experts"].eq(4).all()


def test_an_expert_with_a_gap_is_within_the_cutoff_that_the_others_are():
    values = of_one_mind((9, 5, 4, 3, 1), 3)
    values[0, 0, 2] = np.nan
    found = ranking_choices(tidy(values, FIVE), FIVE, "middle")
    kept = found.drop_duplicates(CHOICES[:4]).set_index(CHOICES[1:4])["experts"]
    assert (
        kept["E1", "base", ""] == 3
        and kept["E1", "cr", "0.10"] == 3
        and kept["E2", "cr", "0.10"] == 3
    )
    assert ranks(found, "E1", "without", "expert_01") == ranks(found, "E1", "base")


def test_a_choice_that_keeps_fewer_than_two_experts_has_no_ranks():
    found = ranking_choices(tidy(drawn(2, 3, k=5), FIVE), FIVE, "middle")
    without = found["choice"].isin(["cr", "without"])
    assert found[without]["rank"].isna().all() and set(found[without]["experts"]) == {
        0,
        1,
    }, "two experts, both of them inconsistent"
    assert found[~without]["rank"].notna().all()
    stability = ranking_stability(found).set_index(["context", "choice", "detail"])
    for choice in (("cr", "0.10"), ("without", "expert_02")):
        row = stability.loc[("E1", *choice)]
        assert row[["tau", "moved", "furthest"]].isna().all() and row["leader"] == ""


def test_base_ranking_is_the_base_of_all_choices():
    values = mixed()
    values[1:, 1] = np.nan
    panel = tidy(values, FIVE)
    found, choices = base_ranking(panel, FIVE, "middle"), ranking_choices(panel, FIVE, "middle")
    assert list(found) == DIMENSIONS and list(found.index) == MIDDLE[:5]
    for dimension in ("E1", "E3"):
        assert found[dimension].tolist() == ranks(choices, dimension, "base")
    assert found["E2"].isna().all(), "one expert is no group"


# Stability --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "tau", "leader", "moved", "furthest"),
    [
        ((1, 2, 3), 1, "a", 0, 0),
        ((2, 1, 3), 1 / 3, "b", 2, 1),
        ((2, 3, 1), -1 / 3, "c", 3, 2),
        ((3, 2, 1), -1, "c", 2, 2),
        ((1, 1, 3), 2 / np.sqrt(2 * 3), "a = b", 1, 1),
        ((2, 2, 1), -2 / np.sqrt(2 * 3), "c", 2, 2),
    ],
)
def test_stability_of_three_components_by_hand(other, tau, leader, moved, furthest):
    """Kendall's tau-b: concordant less discordant pairs over the root of the untied pairs'
    product."""
    found = ranking_stability(table(base=(1, 2, 3), other=other))
    assert list(found) == STABILITY and found["choice"].tolist() == ["base", "other"]
    row = found.loc[1]
    assert row["tau"] == pytest.approx(tau)
    assert (row["experts"], row["leader"], row["moved"], row["furthest"]) == (
        5,
        leader,
        moved,
        furthest,
    )
    assert found.loc[0, STABILITY[5:]].tolist() == [1, "a", 0, 0]


def test_every_dimension_has_its_own_base():
    one, other = (
        table(base=(1, 2, 3), x=(3, 2, 1)),
        table(base=(3, 2, 1), x=(3, 2, 1)).assign(context="E2"),
    )
    found = ranking_stability(pd.concat([one, other]))["tau"]
    assert found.tolist() == [1, -1, 1, 1]


def test_components_are_matched_by_name():
    choices = table(base=(1, 2, 3), x=(1, 2, 3))
    shuffled = pd.concat([choices[3:].iloc[::-1], choices[:3]])
    assert ranking_stability(shuffled)[["tau", "moved"]].to_numpy().tolist() == [[1, 0], [1, 0]]


def test_a_ranking_without_order_has_no_tau():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ranking_stability(table(base=(1, 1, 1), x=(1, 2, 3)))
    assert (
        found["tau"].isna().all()
        and found["leader"].tolist() == ["a = b = c", "a"]
        and found["moved"].tolist() == [0, 2]
    )


def test_no_choices_have_no_rows():
    found = ranking_stability(table())
    assert found.empty and list(found) == STABILITY


# What must not change anything ------------------------------------------------------------------


@settings(derandomize=True, max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=5, max_size=5), st.integers(6, 8))
def test_experts_of_one_mind_are_ranked_alike_under_every_choice(weights, m):
    """Rounded ratios keep the order of the weights row by row, so that every method keeps it
    too."""
    found = ranking_choices(tidy(of_one_mind(weights, m), FIVE), FIVE, "middle")
    found = found[found["experts"] > 1]
    rankings = found.pivot(
        index=["context", "choice", "detail"], columns="component", values="rank"
    )[MIDDLE[:5]].drop_duplicates()
    assert len(rankings) == 1
    ranking = rankings.iloc[0].tolist()
    assert all(
        ranking[i] <= ranking[j] for i in range(5) for j in range(5) if weights[i] >= weights[j]
    )
    stability = ranking_stability(found)
    if len(set(ranking)) > 1:
        assert stability["tau"].to_numpy() == pytest.approx(1.0)
    assert (stability[["moved", "furthest"]] == 0).all(axis=None)


def test_experts_of_one_mind_with_nine_components():
    found = ranking_choices(tidy(of_one_mind((9, 8, 7, 6, 5, 4, 3, 2, 1), 6)), MODEL, "middle")
    assert (
        found.groupby(["choice", "detail"])["rank"]
        .apply(list)
        .map(lambda r: r == list(range(1, 10)) * 3)
        .all()
    )
    made = set(zip(found["choice"], found["detail"], strict=True))
    assert {
        ("base", ""),
        ("geometric", ""),
        ("priorities", ""),
        ("cr", "0.10"),
        ("cr", "0.20"),
        ("without", "expert_02"),
    } <= made
    assert (ranking_stability(found)["tau"] == 1).all()


def test_experts_names_and_order_change_no_ranking():
    panel = tidy(mixed(seed=7), FIVE)
    names = {f"expert_{n:02d}": f"expert_{50 - n}" for n in range(1, 7)}
    renamed = panel.assign(expert=panel["expert"].map(names)).sort_values("expert", kind="stable")
    back = ranking_choices(renamed, FIVE, "middle")
    back["detail"] = back["detail"].replace({new: old for old, new in names.items()})
    keys = ["context", "choice", "detail", "component"]
    ours = ranking_choices(panel, FIVE, "middle")
    assert ours[ours["choice"] == "cr"]["rank"].notna().any()
    assert_frame_equal(
        ours.sort_values(keys, ignore_index=True), back.sort_values(keys, ignore_index=True)
    )


def test_exchanging_the_sides_changes_nothing():
    panel = tidy(mixed(seed=8), FIVE)
    turned = panel.assign(favours=panel["favours"].map(TURNED)).rename(
        columns={"left": "right", "right": "left"}
    )[FIELDS]
    assert_frame_equal(
        ranking_choices(panel, FIVE, "middle"), ranking_choices(turned, FIVE, "middle")
    )


def test_a_mirrored_panel_has_the_opposite_ranking_by_geometric_means():
    """And is as consistent, so that the same experts are within a cut-off."""
    panel = tidy(mixed(seed=10), FIVE)
    mirrored = panel.assign(favours=panel["favours"].map(TURNED))
    ours, theirs = ranking_choices(panel, FIVE, "middle"), ranking_choices(mirrored, FIVE, "middle")
    for dimension in DIMENSIONS:
        one = ranks(ours, dimension, "geometric")
        assert sorted(one) == [1, 2, 3, 4, 5]
        assert ranks(theirs, dimension, "geometric") == [6 - rank for rank in one]
    assert ours[CHOICES[:5]].equals(theirs[CHOICES[:5]])


# Small and damaged panels -----------------------------------------------------------------------


def damaged_panels() -> dict[str, np.ndarray]:
    scattered = drawn(6, 40)
    scattered[np.random.default_rng(40).random(scattered.shape) < 0.1] = np.nan
    without_e2, disjoint = drawn(4, 41), drawn(3, 42)
    without_e2[:, 1] = np.nan
    disjoint[0, 0] = disjoint[1:, 1] = np.nan
    return {
        "one expert": drawn(1, 43),
        "two experts": drawn(2, 44),
        "three experts": drawn(3, 45),
        "all equal": np.zeros((4, 3, 36)),
        "a tenth missing": scattered,
        "without E2": without_e2,
        "E1 by two, E2 by one": disjoint,
    }


DAMAGED = damaged_panels()
USABLE = {
    "one expert": {},
    "without E2": {"E1": 4, "E3": 4},
    "E1 by two, E2 by one": {"E1": 2, "E3": 3},
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_panels_keep_the_shape_that_is_promised(name):
    values = DAMAGED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        choices = ranking_choices(tidy(values), MODEL, "middle")
        stability = ranking_stability(choices)
    usable = USABLE.get(name, dict.fromkeys(DIMENSIONS, len(values)))
    assert list(choices) == CHOICES and list(stability) == STABILITY
    base = (
        choices[choices["choice"] == "base"]
        .drop_duplicates("context")
        .set_index("context")["experts"]
    )
    assert base.to_dict() == usable
    left_out = (
        choices[choices["choice"] == "without"].groupby("context")["detail"].nunique().to_dict()
    )
    assert left_out == usable
    assert (choices.groupby(CHOICES[:4]).size() == 9).all() and choices["rank"].dropna().between(
        1, 9
    ).all()
    assert (choices["rank"].notna() == (choices["experts"] >= 2)).all() and len(stability) == len(
        choices
    ) / 9
    assert ((stability["leader"] != "") == (stability["experts"] >= 2)).all()
    ranked = stability["experts"] >= 5
    assert (stability[["moved", "furthest"]].notna().all(axis=1) == ranked).all()
    assert stability["tau"].dropna().between(-1, 1).all()
    assert (
        stability["tau"].isna().all()
        if name == "all equal"
        else (stability["tau"].notna() == ranked).all()
    )


def test_the_reconstructed_panels_base_is_its_priorities_ranking():
    from smartgov.delphi.panel_results import panel_priorities

    panel = read_panel(PANELS / "reconstructed.csv", MODEL)
    choices, priorities = (
        ranking_choices(panel, MODEL, "middle"),
        panel_priorities(panel, MODEL, "middle"),
    )
    assert choices.loc[choices["choice"] == "base", "rank"].tolist() == priorities["rank"].tolist()
    assert ranking_stability(choices).query("choice == 'base'")["experts"].tolist() == [13, 13, 13]


def test_of_too_many_experts_none_is_left_out_and_nothing_else_changes(monkeypatch):
    panel = tidy(drawn(6, 2))
    choices = ranking_choices(panel, MODEL, "middle")
    monkeypatch.setattr("smartgov.delphi.ranking.MOST_LEFT_OUT", 5)
    fewer = ranking_choices(panel, MODEL, "middle")
    kept = choices[choices["choice"] != "without"].reset_index(drop=True)
    assert len(kept) < len(choices)
    pd.testing.assert_frame_equal(fewer, kept)
