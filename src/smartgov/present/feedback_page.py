"""One sheet an expert between two rounds: their own answers beside the group's, as HTML and XLSX.

The files are named after the expert's code and hold no other expert's answer. In a very small
group the quartiles still give answers away; :func:`write_feedback` names the questions concerned.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from smartgov.files.spreadsheet_safety import neutral
from smartgov.files.workbook import save_sheets
from smartgov.instruments.feedback import (
    SMALLEST_GROUP,
    answer_words,
    expert_feedback,
    expert_priorities,
    group_answers,
    inconsistency_sentences,
    least_consistent,
    safe_codes,
    small_groups,
    stakeholder_medians,
)
from smartgov.instruments.names import asked_questions
from smartgov.instruments.settled import REASONS, Settled
from smartgov.model import Model
from smartgov.panels import privacy
from smartgov.present.page import render
from smartgov.words import catalogue, say

SIGNED = {"own": "own", "median": "median", "lower": "low", "upper": "high", "of_group": "of_group"}
"""Message and column of the signed numbers in the workbook."""


@dataclass(frozen=True)
class Feedback:
    """What was written (an HTML and an XLSX file a sheet), and sentences to think about before
    sending it."""

    files: list[Path]
    warnings: list[str]


def write_feedback(
    panel: pd.DataFrame,
    model: Model,
    folder: Path,
    settled: Settled | None = None,
    *,
    groups: pd.Series | None = None,
    round: int = 1,
    language: str = "en",
) -> Feedback:
    """Write one feedback sheet for every expert who answered in a round.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers: ``expert, round, context, left, right, favours, intensity``.
    model : Model
    folder : Path
        Made if it does not exist. ``feedback_round_1_CODE.html`` and ``.xlsx`` are written there.
    settled : Settled, optional
        Which questions are settled, and why; nothing is said of it by default.
    groups : pandas.Series, optional
        The stakeholder group of each expert (the index), empty where not known: its median is
        shown, as far as it hides who answered. By default nothing is said of groups.
    round : int
        The round just closed.
    language : str
        ``en``, ``kk`` or ``ru``.

    Raises
    ------
    ValueError
        If a code cannot name a file, nobody answered in the round, or the model lacks names in
        the language. Nothing is written then.
    """
    catalogue(language)
    asked_questions(model, [language])
    safe_codes(panel)
    group = group_answers(panel, model, round)
    states = settled.reasons.replace("", "open") if settled else pd.Series("", group.index)
    experts = panel.loc[panel["round"] == round, "expert"].unique()
    sheets = {expert: expert_feedback(panel, model, expert, round) for expert in experts}
    if groups is not None:
        groups = groups.reindex(experts, fill_value="")
        members = {name: part.index for name, part in groups.groupby(groups) if name}
        medians = {
            name: stakeholder_medians(panel, model, each, round) for name, each in members.items()
        }
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for expert, everything in sheets.items():
        of_group = np.nan if groups is None else medians.get(groups[expert], np.nan)
        everything = everything.assign(state=states, of_group=of_group)
        numbers = everything[everything["n"] > 0]
        words = _in_words(numbers, model, language)
        if groups is None:
            numbers, words = (table.drop(columns="of_group") for table in (numbers, words))
        about = _about(numbers, words, expert, round, language)
        about["your_group"] = (
            "" if groups is None else _your_group(groups[expert], members, language)
        )
        about["settled"] = _settled_line(settled, states, language)
        worst = least_consistent(panel, model, expert, round)
        contradictions = inconsistency_sentences(worst, model, language)
        weights = _weights(expert_priorities(panel, model, expert, round), model, language)
        stem = folder / f"feedback_round_{round}_{expert}"
        page, book = stem.with_suffix(".html"), stem.with_suffix(".xlsx")
        html = _page(numbers, words, about, contradictions, weights, language)
        page.write_text(html, encoding="utf-8")
        lines = [*filter(None, about.values()), *map(": ".join, contradictions.items())]
        _save_workbook(numbers, words, lines, weights, language, book)
        files += [page, book]
    return Feedback(files, _warnings(group))


def _warnings(group: pd.DataFrame) -> list[str]:
    """What the researcher should know about the answers of a group."""
    small, unanswered = small_groups(group), int((group["n"] == 0).sum())
    found = []
    if len(small):
        found.append(
            f"{len(small)} of {len(group)} questions were answered by fewer than {SMALLEST_GROUP}"
            " experts: with their own answer and the group's quartiles, an expert can work out"
            " what the others answered."
        )
    if unanswered:
        found.append(
            f"{unanswered} of {len(group)} questions were answered by nobody in this round."
        )
    return found


def _in_words(numbers: pd.DataFrame, model: Model, language: str) -> pd.DataFrame:
    """An expert's feedback in words, the columns named by the messages that head them."""
    rows = []
    for row in numbers.itertuples():
        left, right = model.label(row.left, language), model.label(row.right, language)
        own, median, start, end, of_group = (
            say("feedback.blank", language)
            if pd.isna(value)
            else answer_words(value, left, right, language)
            for value in (row.own, row.median, row.high, row.low, row.of_group)
        )
        whole = row.low == row.high or not row.n
        half = end if whole else say("feedback.half_range", language, start=start, end=end)
        towards = {"towards_left": left, "towards_right": right}.get(row.stands)
        key = "towards" if towards else row.stands
        stands = say(f"stands.{key}", language, name=towards)
        context = model.label(row.context, language)
        state = say(f"state.{row.state}", language) if row.state else ""
        told = own, median, half, of_group, row.n, stands, state
        rows.append((context, left, right, *told))
    columns = ["context", "left", "right", "own", "median", "half", "of_group", "n"]
    return pd.DataFrame(rows, columns=[*columns, "stands", "state"], index=numbers.index)


def _about(
    numbers: pd.DataFrame, words: pd.DataFrame, expert: str, round: int, language: str
) -> dict[str, str]:
    """What a sheet says before its rows."""
    values = {
        "title": {"round": round},
        "code": {"code": expert},
        "intro": {},
        "reading": {"name": words["left"].iloc[0]},
        "summary": {
            "answered": numbers["own"].notna().sum(),
            "questions": len(numbers),
            "outside": numbers["stands"].isin(["towards_left", "towards_right"]).sum(),
        },
    }
    return {key: say(f"feedback.{key}", language, **filled) for key, filled in values.items()}


def _your_group(name: str, members: dict[str, pd.Index], language: str) -> str:
    """Which stakeholder group an expert is of, how many answered, and where it is not shown."""
    if not name:
        return say("feedback.no_group", language)
    n, least = len(members[name]), privacy.SMALLEST_GROUP
    return say("feedback.your_group", language, name=name, n=n, least=least)


def _settled_line(settled: Settled | None, states: pd.Series, language: str) -> str:
    """How many questions are settled, and why; empty if none is."""
    counts = states.value_counts()
    why = [
        settled.because(reason, language, n=counts[reason])
        for reason in REASONS
        if reason in counts
    ]
    return " ".join([say("feedback.settled", language), *why]) if why else ""


def _weights(priorities: pd.DataFrame, model: Model, language: str) -> pd.DataFrame:
    """Priorities in words and per cent."""
    names = priorities[["context", "component"]].map(lambda name: model.label(name, language))
    shares = priorities[["own", "group"]].map(
        lambda share: say("feedback.blank", language) if pd.isna(share) else f"{100 * share:.0f} %"
    )
    return names.join(shares)


def _page(
    numbers: pd.DataFrame,
    words: pd.DataFrame,
    about: dict[str, str],
    contradictions: dict[str, str],
    weights: pd.DataFrame,
    language: str,
) -> str:
    """The sheet as a page that stands alone."""
    signed = numbers[["low", "high"]].assign(
        signed_own=numbers["own"],
        signed_median=numbers["median"],
        settled=numbers["state"].isin(REASONS),
    )
    rows = words.join(signed).groupby("context", sort=False)
    sections = [
        (
            context,
            contradictions.get(context),
            list(weights[weights["context"] == context].itertuples()),
            list(part.itertuples()),
        )
        for context, part in rows
    ]
    return render("feedback.html", language, about=about, sections=sections)


def _save_workbook(
    numbers: pd.DataFrame,
    words: pd.DataFrame,
    about: list[str],
    weights: pd.DataFrame,
    language: str,
    path: Path,
) -> None:
    """The sheet as a workbook: words, then signed numbers; priorities; then what they mean."""

    def head(key: str) -> str:
        return say(f"feedback.{key}", language)

    shown = words if words["state"].any() else words.drop(columns="state")
    cells = shown.map(neutral).rename(columns=head)
    for key, column in SIGNED.items():
        if column not in numbers:
            continue
        heading = say("feedback.signed", language, what=head(key))
        cells[heading] = numbers[column].astype(object).where(numbers[column].notna(), "")
    lines = [{head("about"): neutral(line)} for line in about]
    heads = {"own": head("own_priority"), "group": head("group_priority")}
    shares = weights.map(neutral).rename(columns=lambda key: heads.get(key) or head(key))
    sheets = {head("sheet"): cells.to_dict("records")}
    sheets |= {head("priorities"): shares.to_dict("records")} if len(shares) else {}
    save_sheets(sheets | {head("about"): lines}, path, {head("n"): 12, head("about"): 110})
