"""Which questions are settled: the rule of notebook 07, round after round."""

from __future__ import annotations

import inspect

import nbformat
import numpy as np
import pandas as pd
from signed import from_signed

from smartgov.delphi.next_round import judged_questions
from smartgov.delphi.second_round import open_questions, stability
from smartgov.files.layout import NOTEBOOKS
from smartgov.instruments.settled import Settled
from smartgov.model import questionnaire, read_model
from smartgov.panels import SignedValues

MODEL = read_model()
ASKED = questionnaire(MODEL)[["context", "left", "right"]]
EXPERTS = [f"e{number}" for number in range(1, 8)]


def panel_of(*rounds: np.ndarray) -> pd.DataFrame:
    """Answers of seven experts, round after round; NaN where a question was not asked."""
    parts = [
        from_signed(SignedValues(EXPERTS, ASKED, values), number)
        for number, values in enumerate(rounds, start=1)
    ]
    return pd.concat(parts, ignore_index=True)


def drawn(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-8, 9, (7, len(ASKED))).astype(float)


def test_the_rule_is_that_of_notebook_07():
    book = nbformat.read(NOTEBOOKS / "07_your_panel.ipynb", as_version=4)
    cells = [cell for cell in book.cells if "parameters" in cell.metadata.get("tags", [])]
    stated: dict[str, object] = {}
    exec(cells[0].source, stated)
    for name, given in inspect.signature(judged_questions).parameters.items():
        assert given.default is inspect.Parameter.empty or given.default == stated[name]


def test_after_one_round_agreement_alone_settles():
    values = drawn(1)
    values[:, 0], values[:, 1] = 3, [0, 0, 1, 1, 2, 2, 2]  # quartiles 0.5 and 2
    values[:, 2] = [0, 0, 0, 1, 3, 3, 3]  # quartiles 0 and 3
    judged = judged_questions(panel_of(values), MODEL)
    assert judged["agreed"].tolist()[:3] == [True, True, False] and not judged["stable"].any()
    spread = np.subtract(*np.percentile(values, [75, 25], axis=0))
    assert judged["agreed"].tolist() == (spread <= 2).tolist()


def test_after_two_rounds_it_is_the_notebooks_rule():
    first, second = drawn(1), drawn(2)
    second[:, 40:] = first[:, 40:]
    judged = judged_questions(panel_of(first, second), MODEL)
    rule = open_questions(stability(first, second, ASKED), 2.0, 0.15, 3)
    assert judged[["agreed", "stable"]].to_numpy().tolist() == (
        rule[["agreed", "stable"]].to_numpy().tolist()
    )
    assert judged["stable"][40:].all() and not judged["stable"][:40].any()


def test_what_a_round_left_out_stays_as_it_was_left():
    first, second = drawn(3), drawn(4)
    first[:, :20] = 1
    second[:, :20] = np.nan
    judged = judged_questions(panel_of(first, second), MODEL)
    assert judged["agreed"][:20].all() and not judged["stable"][:20].any()
    third = np.where(np.arange(len(ASKED)) < 30, np.nan, second)
    later = judged_questions(panel_of(first, second, third), MODEL)
    assert later["stable"][30:].all(), "rounds two and three are the same"
    assert later[:30].equals(judged[:30])


def test_a_question_without_a_comparison_is_settled_by_agreement_alone():
    first, second = drawn(5), drawn(6)
    first[:, :2] = np.nan  # new in round two
    first[:3, 2:4] = np.nan  # of round one's experts none is there again
    second[:, [0, 2]], second[:, [1, 3]] = 2, np.array([-8, 0, 8, -8, 0, 8, 0])[:, None]
    second[3:, 2:4] = np.nan
    first[:, 4], first[:, 5] = np.arange(-3, 4) * 2, 1  # left out, the one still open
    second[:, 4:6] = np.nan
    judged = judged_questions(panel_of(first, second), MODEL)
    assert judged["open"][:6].tolist() == [False, True, False, True, True, False]
    assert judged["round"][:7].tolist() == [2, 2, 2, 2, 1, 1, 2] and not judged["stable"][:6].any()
    asked_next = Settled(judged, 2.0, 0.15).still_open(ASKED).index
    assert asked_next.tolist() == judged.index[judged["open"]].tolist()


def test_too_few_experts_settle_nothing():
    values = np.ones((7, len(ASKED)))
    values[2:] = np.nan
    assert not judged_questions(panel_of(values), MODEL)["agreed"].any()
