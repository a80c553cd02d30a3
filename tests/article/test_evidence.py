"""What the printed tables imply, against what can be worked out with pencil and paper."""

import pandas as pd
import pytest

from smartgov.article import timeline
from smartgov.article.definitions import coder_table, definitional_links
from smartgov.article.published import table
from smartgov.article.rounds import corrected_p
from smartgov.audit.granularity import column_sizes
from smartgov.model import comparisons_after, larger_models, question_counts, questionnaire


def test_table2_implies_lengths_and_panel(evidence):
    assert evidence.lengths == {"E1": 37, "E2": 37, "E3": 37, "Q27": 27}
    assert evidence.panel_size == 13
    assert evidence.above_half == {"E1": 4, "E2": 4, "E3": 5, "Q27": 6, "overall": 5}


def test_every_excluded_length_has_a_cell_that_no_count_prints(evidence):
    """Re-proved here with integers: |100 k - 100 n x| <= n / 2 for a share printed at two
    decimals."""
    for column in evidence.lengths:
        cells = list(evidence.shares[column])
        for n in range(1, 71):
            counted = [
                any(abs(200 * k - 2 * n * int(cell.value * 100)) <= n for k in range(n + 1))
                for cell in cells
            ]
            assert all(counted) == (n in column_sizes(cells, 70)), (column, n)


def test_counts_pool_to_the_overall_share(evidence):
    overall = evidence.equal_counts.sum(axis=1) / 138
    printed = evidence.shares["overall"].map(lambda cell: float(cell.value))
    assert ((overall - printed).abs() <= 0.005).all()


def test_table4_implies_the_same_panel_and_one_extra_item(evidence):
    assert evidence.table4_size.m == evidence.panel_size
    left = comparisons_after(evidence.model)
    extra = {row: evidence.items_in_row(row) - left[row] for row in evidence.table4_size.items}
    assert {row: n for row, n in extra.items() if n} == {"key_enablers": 1}
    assert sum(left.values()) + sum(extra.values()) == evidence.lengths["E1"]


def test_model_and_questionnaire_counts(evidence):
    assert question_counts(evidence.model)["questions"].to_dict() == {
        "E1": 36,
        "E2": 36,
        "E3": 36,
        "Q27": 27,
    }
    questions = questionnaire(evidence.model)
    assert len(questions) == 135 and questions["question_id"].is_unique
    pairs = questions.apply(lambda q: (q["context"], frozenset((q["left"], q["right"]))), axis=1)
    assert pairs.is_unique
    tenth = larger_models(evidence.model).set_index("thirteenth_in")
    assert (tenth.loc["middle", "per_dimension"], tenth.loc["inner", "inner_ring"]) == (45, 54)


def test_reconstructed_panel_prints_what_can_be_printed(evidence):
    """Read back from the committed file and recomputed with the statistics alone."""
    from smartgov import panels
    from smartgov.delphi import panel_results
    from smartgov.files.layout import PANELS

    answers = panels.read_panel(PANELS / "reconstructed.csv", evidence.model)
    shares = panels.equal_shares(answers, evidence.model)
    equal = shares.pivot(index="expert", columns="column", values="equal")[list(evidence.lengths)]
    pd.testing.assert_frame_equal(
        equal, evidence.equal_counts, check_names=False, check_dtype=False
    )
    found = panel_results.panel_concordance(answers, evidence.model)
    four = found[
        (found["context"] != "Q27") & (found["row"] != "key_enablers") & (found["printed_W"] != "")
    ]
    for cell in four.itertuples():
        assert f"{cell.W:.3f}".replace(".", ",") == cell.printed_W
        if evidence.dimension_cells[cell.row, cell.context].feasible():
            assert f"{cell.p:.3f}".replace(".", ",") == cell.printed_p


def test_timeline_arithmetic():
    assert str(timeline.read_span("2021 жылғы қыркүйек")) == "2021-09"
    events, rules = timeline.printed_events(), timeline.read_rules()
    assert timeline.conflicts(events, rules) == []
    long = timeline.conflicts({**events, "review_duration": "18 ай"}, rules)
    assert [c.events for c in long] == [("review_duration", "review_start", "review_end")]
    strict = [timeline.conflicts(events, other) for other in rules["other_readings"]]
    assert [[c.events for c in found] for found in strict] == [
        [("review_duration", "search_first", "search_second")],
        [("panel_met", "ahp_end")],
    ]
    with pytest.raises(ValueError, match="no year"):
        timeline.read_span("көктемде")
    with pytest.raises(ValueError, match="months in digits"):
        timeline.read_months("жеті ай")


def test_second_coder_never_sees_the_codes(evidence):
    decisions = coder_table(evidence.coding_rules)
    assert len(decisions) == 18 and decisions["agree"].sum() == 16
    links = definitional_links(evidence.coding_rules)
    assert links.loc["definition_6", "through"] == "smart_government"
    assert (links.drop("definition_6")["through"] == "").all()


def test_corrected_p_by_hand():
    """Holm: the k-th smallest of all 30 printed p-values times 31 - k, never falling, at most 1."""
    found = corrected_p()
    printed = [*table(3)["p"].str.rstrip("*"), *table(4).filter(like=".p").to_numpy().ravel()]
    ps = sorted(float(text.replace(",", ".")) for text in printed)
    assert found["p"].tolist() == ps and len(ps) == 9 + 3 * 7
    steps = [min(1, p * (len(ps) - k)) for k, p in enumerate(ps)]
    expected = [max(steps[: k + 1]) for k in range(len(ps))]
    assert found["corrected"].tolist() == pytest.approx(expected)
    assert found["dimension"].value_counts().to_dict() == {"Q27": 9, "E1": 7, "E2": 7, "E3": 7}
