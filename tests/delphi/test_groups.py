"""The panel by stakeholder group: each group as a panel of its own, small ones never shown."""

import numpy as np
import pandas as pd
import pytest
from signed import from_signed

from smartgov import stats
from smartgov.delphi.consensus import priority_consensus
from smartgov.delphi.groups import (
    expert_priorities,
    group_agreement,
    group_results,
    stakeholder_groups,
)
from smartgov.delphi.next_round import judged_questions
from smartgov.delphi.panel_results import panel_priorities, panel_w
from smartgov.model import questionnaire, read_model
from smartgov.panels import SignedValues, comparison_matrices

MODEL = read_model()
ASKED = questionnaire(MODEL)[["context", "left", "right"]]
EXPERTS = [f"expert_{number:02d}" for number in range(1, 12)]
ATTRIBUTES = pd.DataFrame(
    {
        "sector": ["state"] * 5 + ["firm"] * 3 + ["ngo"] * 2 + [""],
        "seniority": ["long", "short"] * 5 + ["long"],
    },
    index=EXPERTS,
)
SHOWN = {"sector": ["firm", "state"], "seniority": ["long", "short"]}


def panel_of(values) -> pd.DataFrame:
    return from_signed(SignedValues(EXPERTS[: len(values)], ASKED, np.asarray(values, float)))


@pytest.fixture(scope="module")
def panel():
    return panel_of(np.random.default_rng(1).integers(-8, 9, (11, len(ASKED))))


def of_group(table: pd.DataFrame, heading: str, value: str) -> pd.DataFrame:
    found = table[(table["attribute"] == heading) & (table["group"] == value)]
    return found.drop(columns=["attribute", "group"]).reset_index(drop=True)


def test_small_groups_and_experts_without_a_value_are_in_none(panel):
    groups = stakeholder_groups(panel, ATTRIBUTES)
    assert list(groups) == [("", ""), *((h, v) for h, values in SHOWN.items() for v in values)]
    assert groups["sector", "firm"]["expert"].unique().tolist() == EXPERTS[5:8]
    for table in (
        group_results(panel, ATTRIBUTES, MODEL),
        group_agreement(panel, ATTRIBUTES, MODEL),
    ):
        assert "ngo" not in set(table["group"])


def test_a_group_has_the_results_of_a_panel_of_its_own(panel):
    results, agreement = (of(panel, ATTRIBUTES, MODEL) for of in (group_results, group_agreement))
    for (heading, value), part in stakeholder_groups(panel, ATTRIBUTES).items():
        own = of_group(results, heading, value)
        for ring in ("middle", "inner"):
            expected = panel_priorities(part, MODEL, ring).reset_index(drop=True)
            found = own[own["ring"] == ring].reset_index(drop=True)
            pd.testing.assert_frame_equal(found, expected[list(found)])
        w = of_group(agreement, heading, value)
        assert w["W"].tolist() == panel_w(part, MODEL)["W"].tolist()
        assert set(w["m"]) == {part["expert"].nunique()}


def test_a_context_that_too_few_of_a_group_answered_is_not_shown():
    values = np.random.default_rng(2).integers(-8, 9, (11, len(ASKED))).astype(float)
    values[5, (ASKED["context"] == "E2").to_numpy()] = np.nan  # one of three in firms
    panel = panel_of(values)
    firm = of_group(group_results(panel, ATTRIBUTES, MODEL), "sector", "firm")
    assert "E2" not in set(firm["context"]) and "E1" in set(firm["context"])
    w = of_group(group_agreement(panel, ATTRIBUTES, MODEL), "sector", "firm")
    assert "E2" not in set(w["context"]) and "E1" in set(w["context"])


def test_every_experts_priorities_are_their_own(panel):
    own = expert_priorities(panel, MODEL)
    assert len(own) == 11 * (3 * 9 + 9 * 3)
    for group in MODEL.groups():
        part = own[own["context"] == group.context]
        table = part.pivot(index="expert", columns="row", values="priority")
        expected = stats.priorities(comparison_matrices(panel, group))
        assert table[list(group.components)].to_numpy() == pytest.approx(expected)


def test_camps_are_clusters_in_both_tables():
    one = np.random.default_rng(3).integers(-8, 9, len(ASKED))
    panel = panel_of([*[one] * 4, *[-one] * 5])
    own = expert_priorities(panel, MODEL).drop_duplicates(["context", "expert"])
    by_context = own.groupby("context")["cluster"].apply(list)
    assert set(map(tuple, by_context)) == {(1,) * 4 + (2,) * 5}
    consensus = priority_consensus(panel, MODEL, "middle")
    assert set(consensus["clusters"]) == {2} and set(consensus["sizes"]) == {"4 + 5"}


def test_a_question_is_settled_by_a_small_spread_of_enough_experts():
    values = np.zeros((6, len(ASKED)))
    values[:3, 0], values[:, 1] = 8, (0, 1, 2, 2, 1, 0)
    values[2:, 2] = np.nan
    still_open = judged_questions(panel_of(values), MODEL, most_iqr=2, fewest=3)["open"]
    assert still_open[:3].tolist() == [True, False, True] and not still_open[3:].any()
    assert not judged_questions(panel_of(values), MODEL, most_iqr=2, fewest=2)["open"][2]
