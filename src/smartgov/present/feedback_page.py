"""One sheet an expert between two rounds: their own answers beside the group's, as HTML and XLSX.

The files are named after the expert's code and hold no other expert's answer. In a very small
group the quartiles still give answers away; :func:`write_feedback` names the questions concerned.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from smartgov.files.spreadsheet_safety import neutral
from smartgov.files.workbook import save_sheets
from smartgov.instruments.feedback import (
    SMALLEST_GROUP,
    answer_words,
    expert_feedback,
    group_answers,
    safe_codes,
    small_groups,
)
from smartgov.instruments.names import asked_questions
from smartgov.instruments.wording import Wording
from smartgov.model import Model
from smartgov.present.instrument_page import instrument_wording
from smartgov.present.page import html_page


@dataclass(frozen=True)
class Feedback:
    """What was written, and what to think about before sending it.

    Attributes
    ----------
    files : list of Path
        Two a sheet: HTML and XLSX.
    warnings : list of str
        Sentences; empty where nothing is to be said.
    """

    files: list[Path]
    warnings: list[str]


def write_feedback(
    panel: pd.DataFrame, model: Model, folder: Path, *, round: int = 1, language: str = "en"
) -> Feedback:
    """Write one feedback sheet for every expert who answered in a round.

    Parameters
    ----------
    panel : pandas.DataFrame
        Tidy answers: ``expert, round, context, left, right, favours, intensity``.
    model : Model
    folder : Path
        Made if it does not exist. ``feedback_round_1_CODE.html`` and ``.xlsx`` are written there.
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
    wording = instrument_wording([language])
    asked_questions(model, [language])
    safe_codes(panel)
    group = group_answers(panel, model, round)
    experts = list(dict.fromkeys(panel.loc[panel["round"] == round, "expert"]))
    sheets = {
        expert: described(expert_feedback(panel, model, expert, round), model, wording, language)
        for expert in experts
    }
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for expert, sheet in sheets.items():
        stem = f"feedback_round_{round}_{expert}"
        page = folder / f"{stem}.html"
        page.write_text(feedback_page(sheet, expert, round, wording, language), encoding="utf-8")
        files += [
            page,
            _save_workbook(sheet, expert, round, wording, language, folder / f"{stem}.xlsx"),
        ]
    return Feedback(files, _warnings(group))


def _warnings(group: pd.DataFrame) -> list[str]:
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


def described(table: pd.DataFrame, model: Model, wording: Wording, language: str) -> pd.DataFrame:
    """An expert's feedback in words.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`smartgov.instruments.feedback.expert_feedback` returns it.

    Returns
    -------
    pandas.DataFrame
        The same with ``context_name, left_name, right_name, own_words, median_words, half_words,
        stands_words``.
    """
    blank = wording.say("feedback.blank", language)
    rows = []
    for row in table.itertuples():
        left, right = model.label(row.left, language), model.label(row.right, language)

        def words(value: float, left: str = left, right: str = right) -> str:
            return blank if pd.isna(value) else answer_words(value, left, right, wording, language)

        half = wording.say(
            "feedback.half_range", language, start=words(row.high), end=words(row.low)
        )
        towards = {"towards_left": left, "towards_right": right}.get(row.stands)
        stands = (
            wording.say("stands.towards", language, name=towards)
            if towards
            else wording.say(f"stands.{row.stands}", language)
        )
        rows.append(
            (
                model.label(row.context, language),
                left,
                right,
                words(row.own),
                words(row.median),
                words(row.low) if row.low == row.high or row.n == 0 else half,
                stands,
            )
        )
    columns = [
        "context_name",
        "left_name",
        "right_name",
        "own_words",
        "median_words",
        "half_words",
        "stands_words",
    ]
    return pd.concat([table, pd.DataFrame(rows, columns=columns, index=table.index)], axis=1)


def _counts(sheet: pd.DataFrame) -> dict[str, int]:
    outside = sheet["stands"].isin(["towards_left", "towards_right"])
    return {
        "answered": int(sheet["own"].notna().sum()),
        "questions": len(sheet),
        "outside": int(outside.sum()),
    }


# The workbook ------------------------------------------------------------------------------------


def _save_workbook(
    sheet: pd.DataFrame, expert: str, round: int, wording: Wording, language: str, path: Path
) -> Path:
    def say(key: str, **values: object) -> str:
        return wording.say(f"feedback.{key}", language, **values)

    figures = {"own": "own", "median": "median", "lower": "low", "upper": "high"}
    words = {
        "context": "context_name",
        "left": "left_name",
        "right": "right_name",
        "own": "own_words",
        "median": "median_words",
        "half": "half_words",
        "n": "n",
        "stands": "stands_words",
    }
    rows = []
    for row in sheet.to_dict("records"):
        cells = {say(key): neutral(row[column]) for key, column in words.items()}
        cells |= {
            say("signed", what=say(key)): "" if pd.isna(row[column]) else row[column]
            for key, column in figures.items()
        }
        rows.append(cells)
    about = [
        say("title", round=round),
        say("code", code=expert),
        say("intro"),
        _reading(sheet, wording, language),
        say("summary", **_counts(sheet)),
    ]
    sheets = {say("sheet"): rows, say("about"): [{say("about"): neutral(line)} for line in about]}
    return save_sheets(sheets, path, {say("n"): 12, say("about"): 110})


def _reading(sheet: pd.DataFrame, wording: Wording, language: str) -> str:
    return wording.say("feedback.reading", language, name=sheet["left_name"].iloc[0])


# The page ----------------------------------------------------------------------------------------


def feedback_page(
    sheet: pd.DataFrame, expert: str, round: int, wording: Wording, language: str
) -> str:
    """One expert's sheet as a page that stands alone; `sheet` as :func:`described` returns it."""

    def say(key: str, **values: object) -> str:
        return escape(wording.say(f"feedback.{key}", language, **values))

    parts = [
        f"<h1>{say('title', round=round)}</h1>",
        f"<p><b>{say('code', code=expert)}</b><br>{say('summary', **_counts(sheet))}</p>",
        f"<p>{say('intro')}</p>\n<p class=soft>{escape(_reading(sheet, wording, language))}</p>",
        f"<p class='soft keys'>{_keys(wording, language)}</p>",
    ]
    for context, rows in sheet.groupby("context_name", sort=False):
        parts.append(f"<h2>{escape(context)}</h2>")
        parts += [_row(row, wording, language) for row in rows.itertuples()]
    return html_page(
        wording.say("feedback.title", language, round=round), "\n".join(parts), language
    )


def _row(row, wording: Wording, language: str) -> str:
    told = {
        "own": row.own_words,
        "median": row.median_words,
        "half": row.half_words,
        "stands": row.stands_words,
    }
    words = " ".join(
        f"<span><i>{escape(wording.say(f'feedback.{key}', language))}:</i> {escape(text)}</span>"
        for key, text in told.items()
    )
    sides = "".join(f"<span>{escape(name)}</span>" for name in (row.left_name, row.right_name))
    names = f"<div class=names>{sides}</div>"
    return f"<div class=row><div>{names}{_strip(row)}</div><p class=told>{words}</p></div>"


def _place(value: float) -> float:
    """Where a signed answer stands on the strip: left alternatives to the left."""
    return 88 - 10 * value


def _strip(row) -> str:
    """The scale from 9 left over equal to 9 right, with the group's middle half, median and own
    answer."""
    ticks = "".join(
        f'<line x1="{_place(v)}" x2="{_place(v)}" y1="{13 if v else 9}" y2="{19 if v else 23}"'
        ' stroke="#b9c3cf"/>'
        for v in range(-8, 9)
    )
    marks = []
    if row.n:
        start, end = _place(row.high), _place(row.low)
        marks.append(
            f'<rect x="{start - 3:g}" y="10" width="{end - start + 6:g}" height="12" rx="3"'
            ' fill="#1f5f99" fill-opacity=".22"/>'
        )
        marks.append(
            f'<rect x="{_place(row.median) - 1.5:g}" y="6" width="3" height="20" fill="#1f5f99"/>'
        )
    if not pd.isna(row.own):
        marks.append(
            f'<circle cx="{_place(row.own):g}" cy="16" r="4.6" fill="#fff" stroke="#b4451f"'
            ' stroke-width="2.4"/>'
        )
    return f'<svg class=strip viewBox="0 0 176 32" aria-hidden="true">{ticks}{"".join(marks)}</svg>'


def _keys(wording: Wording, language: str) -> str:
    shapes = {
        "own": '<circle cx="17" cy="9" r="4.6" fill="#fff" stroke="#b4451f" stroke-width="2.4"/>',
        "median": '<rect x="15.5" y="0" width="3" height="18" fill="#1f5f99"/>',
        "half": (
            '<rect x="4" y="3" width="26" height="12" rx="3" fill="#1f5f99" fill-opacity=".22"/>'
        ),
    }
    return "".join(
        f'<span><svg viewBox="0 0 34 18" aria-hidden="true">{shape}</svg>'
        f" {escape(wording.say(f'feedback.{key}', language))}</span>"
        for key, shape in shapes.items()
    )
