"""Answers in: from the file a survey tool saved to an anonymous, checked panel on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from smartgov.study.model import Model
from smartgov.study.panels.forms import Reading, is_tidy, raw_table, read_tidy, read_wide, wide_columns
from smartgov.study.panels.mapping import mapped_columns, read_mapping
from smartgov.study.panels.privacy import code_warnings, personal_kind, reissued, shown, smallest_groups
from smartgov.study.panels.problems import PanelProblems, Problem, stop_at
from smartgov.study.panels.rules import check, unnamed_in
from smartgov.study.panels.schema import FIELDS, panel_schema
from smartgov.study.panels.sheets import Sheet, read_sheet
from smartgov.study.panels.survey_tools import (
    is_kobo,
    is_limesurvey,
    kobo_columns,
    labelled_questions,
    limesurvey_columns,
    without_refusals,
    without_unfinished,
)
from smartgov.study.panels.understood import FORMATS, Understood, understood

ATTRITION = ("refuse", "accept")


@dataclass(frozen=True)
class Answers:
    """A panel that was read, checked and made anonymous.

    Attributes
    ----------
    panel : DataFrame
        Tidy form, sorted by new code, round and the model's order of questions.
    understood : tuple of Understood
        One a file.
    dropped_columns : tuple of str
        Headings of columns that were left behind; nothing of what stood in them is kept.
    warnings : tuple of str
    attributes : DataFrame
        Side information that the caller asked to keep, one expert a row; without columns by
        default.
    schema : dict
        Frictionless table schema the panel was held against.
    key : dict of str to str
        Old code to new code, for sending out feedback. It is never written by `write_panel`.
    """

    panel: pd.DataFrame
    understood: tuple[Understood, ...]
    dropped_columns: tuple[str, ...]
    warnings: tuple[str, ...]
    attributes: pd.DataFrame = field(default_factory=pd.DataFrame)
    schema: dict = field(default_factory=dict, repr=False)
    key: dict[str, str] = field(default_factory=dict, repr=False)

    def report(self) -> str:
        """What was understood, dropped and noticed, for printing."""
        lines = [*map(str, self.understood)]
        if self.dropped_columns:
            lines.append(f"dropped {len(self.dropped_columns)} columns: " + ", ".join(self.dropped_columns))
        return "\n".join(lines + [f"note: {warning}" for warning in self.warnings])


def read_answers(
    path: Path | str,
    model: Model,
    *,
    format: str = "auto",
    mapping: Path | str | None = None,
    round2: Path | str | None = None,
    attrition: str = "refuse",
    keep: Sequence[str] = (),
) -> Answers:
    """Read answers as a survey tool saved them, of one round or two.

    Only what is on the list of allowed columns comes through: experts' codes, rounds, questions,
    and the side information named in `keep`. Codes are issued anew, in an order that depends on
    the content of the file, so that the same file always gives the same codes.

    Parameters
    ----------
    path : Path or str
        CSV, XLSX or Parquet of up to 20 MB.
    model : Model
        The model whose questions were asked.
    format : str
        ``auto``, or a key of ``FORMATS``.
    mapping : Path or str, optional
        A mapping file (see :mod:`smartgov.study.panels.mapping`).
    round2 : Path or str, optional
        Answers of the second round, in any format; codes must be those of the first.
    attrition : {"refuse", "accept"}
        Whether an expert missing from round two is a problem or a warning.
    keep : sequence of str
        Headings of side information in the first file, such as the experts' sector.

    Returns
    -------
    Answers

    Raises
    ------
    PanelProblems
        Listing everything that is wrong in all files.
    ValueError
        For an unknown `format` or `attrition`.
    """
    _check_choice("format", format, ("auto", *FORMATS))
    _check_choice("attrition", attrition, ATTRITION)
    if mapping and format == "auto":
        format = "mapping"
    paths = [Path(path)] + ([Path(round2)] if round2 else [])
    files, problems = _read_files(paths, model, format, mapping, keep)
    problems += _rounds_mixed_up(files) if round2 else []
    raw = pd.concat([raw_table([]), *(file.reading.raw for file in files)], ignore_index=True)
    panel, broken_rules = check(raw, model)
    lost, unknown = _between_rounds(raw)
    problems += broken_rules + unknown + (lost if attrition == "refuse" else [])
    order = [each.name for each in paths]
    stop_at(sorted(problems, key=lambda p: (order.index(p.file) if p.file in order else -1, p.row or 0)))
    return _anonymous(panel, files, model, len(lost), paths[0])


# One file.


@dataclass(frozen=True)
class _File:
    sheet: Sheet
    format: str
    reading: Reading
    problems: list[Problem]
    warnings: list[str]
    attributes: pd.DataFrame


def _read_files(paths: Sequence[Path], model: Model, format: str, mapping: Path | str | None, keep: Sequence[str]):
    """What could be read of each file, and the problems of all."""
    files, problems = [], []
    for number, path in enumerate(paths, start=1):
        try:
            files.append(_read_file(path, model, format, mapping, number, keep if number == 1 else ()))
        except PanelProblems as refused:
            problems += refused.problems
    return files, problems + [problem for file in files for problem in file.problems]


def _read_file(path: Path, model: Model, format: str, mapping: Path | str | None, round: int, keep: Sequence[str]) -> _File:
    sheet = read_sheet(path)
    if format == "auto":
        format = recognised_format(sheet, model)
    sheet, refused = without_refusals(sheet)
    sheet, unfinished = without_unfinished(sheet)
    problems: list[Problem] = []
    if format == "tidy":
        reading = read_tidy(sheet, model)
    elif format == "mapping":
        if mapping is None:
            raise ValueError("format 'mapping' needs a mapping file; accepted is its path as mapping (MAPPING=…).")
        settings = read_mapping(mapping)
        columns, problems = mapped_columns(sheet, settings)
        stop_at(problems)
        given = settings.get("round")  # a number there is about the first file
        reading = read_wide(sheet, model, columns, given if isinstance(given, int) and round == 1 else round)
    else:
        columns = {"wide": lambda: wide_columns(sheet), "kobo": lambda: kobo_columns(sheet, model),
                   "limesurvey": lambda: limesurvey_columns(sheet, model)}[format]()  # fmt: skip
        reading = read_wide(sheet, model, columns, round)
    attributes, personal = _kept_attributes(sheet, reading, keep)
    return _File(sheet, format, reading, [*sheet.problems, *problems, *reading.problems, *personal], refused + unfinished, attributes)


def recognised_format(sheet: Sheet, model: Model) -> str:
    """The format a sheet is in, by its headings.

    Raises
    ------
    PanelProblems
        If it is in none that is known.
    """
    if is_tidy(sheet):
        return "tidy"
    if is_limesurvey(sheet):
        return "limesurvey"
    if is_kobo(sheet) or labelled_questions(sheet, model):
        return "kobo"
    if wide_columns(sheet).questions:
        return "wide"
    harmless = [heading if personal_kind(heading) in ("", "a name", "a free text") else "…" for heading in sheet.header[:8]]
    found = "headings of no known form: " + ", ".join(heading[:40] for heading in harmless)
    accepted = "an export of KoboToolbox, ODK or LimeSurvey, the headings " + ", ".join(FIELDS)
    accepted += ", columns named <context>__<left>__<right>, or any headings with a mapping file"
    raise PanelProblems([Problem(sheet.file, 1, "", found, accepted)])


def _kept_attributes(sheet: Sheet, reading: Reading, keep: Sequence[str]) -> tuple[pd.DataFrame, list[Problem]]:
    """Side information by old code, and why a column of it cannot be kept."""
    problems, columns = [], {}
    for heading in keep:
        if heading not in sheet.header or heading in reading.read:
            accepted = "a heading of side information in the file"
            problems.append(Problem(sheet.file, 1, heading, "no such column to keep", accepted))
            continue
        place = sheet.header.index(heading)
        columns[heading] = [cells[place] for cells in sheet.rows]
        for number, text in zip(sheet.numbers, columns[heading], strict=True):
            if personal_kind(text) and personal_kind(text) != "a name":  # “Almaty” looks like one
                found = f"what looks like {personal_kind(text)}"
                problems.append(Problem(sheet.file, number, heading, found, "groups of people, such as a sector or an age group"))
    if problems or not columns:
        return pd.DataFrame(), problems
    experts = reading.raw.drop_duplicates("row").set_index("row")["expert"]
    return pd.DataFrame(columns, index=experts.reindex(sheet.numbers).to_numpy()), []


# Two rounds.

def _rounds_mixed_up(files: list[_File]) -> list[Problem]:
    """With a file for each round, each holds its own round only."""
    problems = []
    for number, file in enumerate(files, start=1):
        raw = file.reading.raw
        wrong = raw[(raw["round"] != str(number)) & raw["round"].isin([str(r) for r in range(1, 10)])]
        for row in wrong.drop_duplicates("row").itertuples():
            problems.append(Problem(row.file, row.row, "round", repr(row.round), f"{number}, as this is the file of round {number}"))
    return problems


def _between_rounds(raw: pd.DataFrame) -> tuple[list[Problem], list[Problem]]:
    """Experts who are in the first round only, and those who are in the second only."""
    answered = raw[(raw["favours"] != "") | (raw["intensity"] != "")]
    first, second = (answered[answered["round"] == number].drop_duplicates("expert") for number in ("1", "2"))
    if first.empty or second.empty:
        return [], []
    stayed = "this expert in round two too; mend the code if it was misspelt, or write ATTRITION=accept if the expert left"
    lost = [
        Problem(row.file, row.row, row.at_expert, f"{shown(row.expert)} in round one only", stayed)
        for row in first[~first["expert"].isin(second["expert"])].itertuples()
    ]
    unknown = []
    for row in second[~second["expert"].isin(first["expert"])].itertuples():
        close = get_close_matches(row.expert, list(first["expert"]), n=1, cutoff=0.6)
        hint = f" (perhaps {shown(close[0])})" if close else ""
        unknown.append(Problem(row.file, row.row, row.at_expert, f"{shown(row.expert)} in round two only{hint}", "a code of round one"))
    return lost, unknown


# What leaves this module.


def _anonymous(panel: pd.DataFrame, files: list[_File], model: Model, lost: int, path: Path) -> Answers:
    codes = list(dict.fromkeys(panel["expert"]))
    key = reissued(codes, hashlib.sha256(path.read_bytes()).hexdigest())
    attributes = files[0].attributes
    if len(attributes.columns):
        attributes = attributes[attributes.index.isin(key)].rename(index=key).sort_index()
    found = tuple(understood(file.sheet, file.format, file.reading.raw, model) for file in files)
    warnings = [warning for file in files for warning in file.warnings]
    warnings += [f"{each.file}: {each.questions_expected - each.questions_found} questions of the model are not in the file."
                 for each in found if each.questions_found < each.questions_expected]  # fmt: skip
    warnings += [f"{lost} of {len(codes)} experts answered round one only."] if lost else []
    warnings += code_warnings(codes) + smallest_groups(attributes)
    kept = set(attributes.columns)
    dropped = [heading for file in files for heading in file.sheet.header if heading and heading not in file.reading.read | kept]
    return Answers(
        _sorted(panel.assign(expert=panel["expert"].map(key)), model),
        found,
        tuple(dict.fromkeys(dropped)),
        tuple(warnings),
        attributes,
        panel_schema(model, sorted(unnamed_in(panel))),
        key,
    )


def _sorted(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """By expert, round and the model's order, so that nothing of the file's order is left."""
    order = {name: place for place, name in enumerate([*model.dimensions.index, *model.components.index])}
    places = pd.DataFrame({side: panel[side].map(order) for side in ("context", "left", "right")})
    keys = panel[["expert", "round"]].assign(
        context=places["context"], a=places[["left", "right"]].min(axis=1), b=places[["left", "right"]].max(axis=1)
    )
    return panel.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)


def _check_choice(name: str, value: str, accepted: Sequence[str]) -> None:
    if value not in accepted:
        raise ValueError(f"{name}: found {value!r}; accepted is one of {', '.join(accepted)}.")
