"""Answers in: from the file a survey tool saved to an anonymous, checked panel on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from smartgov.study.layout import DERIVED, FIGURES, PANELS, ROOT
from smartgov.study.model import Model, questionnaire
from smartgov.study.panels.forms import Reading, is_tidy, read_tidy, read_wide, wide_columns
from smartgov.study.panels.mapping import mapped_columns, read_mapping
from smartgov.study.panels.privacy import code_warnings, personal_kind, reissued, shown, smallest_groups
from smartgov.study.panels.problems import PanelProblems, Problem, stop_at
from smartgov.study.panels.rules import check, question_keys, unnamed_in
from smartgov.study.panels.schema import FIELDS, panel_schema
from smartgov.study.panels.sheets import Sheet, read_sheet
from smartgov.study.panels.survey_tools import (
    dates_sent_off,
    is_kobo,
    is_limesurvey,
    kobo_columns,
    limesurvey_columns,
    without_refusals,
    without_unfinished,
)
from smartgov.study.spreadsheet_safety import neutral

FORMATS = {
    "tidy": "tidy form, one judgement a row",
    "wide": "wide form, one expert a row",
    "kobo": "KoboToolbox or ODK export",
    "limesurvey": "LimeSurvey export",
    "mapping": "spreadsheet with a mapping file",
}
ATTRITION = ("refuse", "accept")


@dataclass(frozen=True)
class Understood:
    """What was understood of one file; its text is what a reader is shown.

    Attributes
    ----------
    file, format, encoding, separator : str
        `format` is a key of ``FORMATS``.
    rounds : tuple of int
    experts, questions_found, questions_expected, missing : int
        `missing` counts judgements that experts of the file did not give.
    dates : (date, date) or None
        First and last day on which answers were sent off.
    """

    file: str
    format: str
    encoding: str
    separator: str
    rounds: tuple[int, ...]
    experts: int
    questions_found: int
    questions_expected: int
    missing: int
    dates: tuple[date, date] | None

    def __str__(self) -> str:
        text = ", ".join(filter(None, [self.encoding, f"separated by {self.separator}" if self.separator else ""]))
        lines = [
            f"{self.file}: {FORMATS[self.format]}" + (f" ({text})" if text else ""),
            f"  round {', '.join(map(str, self.rounds))}: {self.experts} experts, "
            f"{self.questions_found} of {self.questions_expected} questions, {self.missing} judgements missing",
        ]
        if self.dates:
            lines.append(f"  sent off from {self.dates[0]} to {self.dates[1]}")
        return "\n".join(lines)


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
    files, problems = [], []
    for number, each in enumerate(paths, start=1):
        try:
            files.append(_read_file(each, model, format, mapping, number, keep if number == 1 else ()))
        except PanelProblems as refused:
            problems += refused.problems
    problems += [problem for file in files for problem in file.problems]
    problems += _rounds_mixed_up(files) if round2 else []
    raw = pd.concat([file.reading.raw for file in files], ignore_index=True) if files else None
    panel, broken_rules = check(raw, model) if files else (None, [])
    drop_outs = list(_between_rounds(raw)) if files else []
    lost = [problem for problem in drop_outs if problem.accepted == STAYED]
    stop_at(problems + broken_rules + [p for p in drop_outs if attrition == "refuse" or p not in lost])
    return _anonymous(panel, files, model, lost, paths[0])


# One file.


@dataclass(frozen=True)
class _File:
    sheet: Sheet
    format: str
    reading: Reading
    problems: list[Problem]
    warnings: list[str]
    attributes: pd.DataFrame


def _read_file(path: Path, model: Model, format: str, mapping: Path | str | None, round: int, keep: Sequence[str]) -> _File:
    sheet = read_sheet(path)
    if format == "auto":
        format = recognised_format(sheet)
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
        given = settings.get("round")
        reading = read_wide(sheet, model, columns, given if isinstance(given, int) else round)
    else:
        columns = {"wide": lambda: wide_columns(sheet), "kobo": lambda: kobo_columns(sheet, model),
                   "limesurvey": lambda: limesurvey_columns(sheet, model)}[format]()  # fmt: skip
        reading = read_wide(sheet, model, columns, round)
    attributes, personal = _kept_attributes(sheet, reading, keep)
    return _File(sheet, format, reading, [*sheet.problems, *problems, *reading.problems, *personal], refused + unfinished, attributes)


def recognised_format(sheet: Sheet) -> str:
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
    if is_kobo(sheet):
        return "kobo"
    if wide_columns(sheet).questions:
        return "wide"
    found = "headings of no known form: " + ", ".join(sheet.header[:8])
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

STAYED = "answers of this expert in round two too, the code mended if it was misspelt, or ATTRITION=accept if the expert left"


def _rounds_mixed_up(files: list[_File]) -> list[Problem]:
    """With a file for each round, each holds its own round only."""
    problems = []
    for number, file in enumerate(files, start=1):
        raw = file.reading.raw
        wrong = raw[(raw["round"] != str(number)) & raw["round"].isin([str(r) for r in range(1, 10)])]
        for row in wrong.drop_duplicates("row").itertuples():
            problems.append(Problem(row.file, row.row, "round", repr(row.round), f"{number}, as this is the file of round {number}"))
    return problems


def _between_rounds(raw: pd.DataFrame) -> Iterator[Problem]:
    """Experts who are in one of the first two rounds and not in the other."""
    answered = raw[(raw["favours"] != "") | (raw["intensity"] != "")]
    first, second = (answered[answered["round"].str.strip() == number].drop_duplicates("expert") for number in ("1", "2"))
    if first.empty or second.empty:
        return
    for row in first[~first["expert"].isin(second["expert"])].itertuples():
        yield Problem(row.file, row.row, row.at_expert, f"{shown(row.expert)} in round one only", STAYED)
    for row in second[~second["expert"].isin(first["expert"])].itertuples():
        close = get_close_matches(row.expert, list(first["expert"]), n=1, cutoff=0.6)
        hint = f" (perhaps {shown(close[0])})" if close else ""
        yield Problem(row.file, row.row, row.at_expert, f"{shown(row.expert)} in round two only{hint}", "a code of round one")


# What leaves this module.


def _anonymous(panel: pd.DataFrame, files: list[_File], model: Model, lost: list[Problem], path: Path) -> Answers:
    codes = list(dict.fromkeys(panel["expert"]))
    key = reissued(codes, hashlib.sha256(path.read_bytes()).hexdigest())
    attributes = files[0].attributes
    if len(attributes.columns):
        attributes = attributes[attributes.index.isin(key)].rename(index=key).sort_index()
    understood = tuple(_understood(file, model) for file in files)
    warnings = [warning for file in files for warning in file.warnings]
    warnings += [f"{each.file}: {each.questions_expected - each.questions_found} questions of the model are not in the file."
                 for each in understood if each.questions_found < each.questions_expected]  # fmt: skip
    warnings += [f"{len(lost)} of {len(codes)} experts answered round one only."] if lost else []
    warnings += code_warnings(codes) + smallest_groups(attributes)
    kept = set(attributes.columns)
    dropped = [heading for file in files for heading in file.sheet.header if heading and heading not in file.reading.read | kept]
    return Answers(
        _sorted(panel.assign(expert=panel["expert"].map(key)), model),
        understood,
        tuple(dict.fromkeys(dropped)),
        tuple(warnings),
        attributes,
        panel_schema(model, sorted(unnamed_in(panel))),
        key,
    )


def _understood(file: _File, model: Model) -> Understood:
    raw = file.reading.raw
    keys = question_keys(raw)
    given = keys[(raw["favours"] != "") | (raw["intensity"] != "")].drop_duplicates()
    expected = questionnaire(model)[["context", "left", "right"]].assign(expert="", round="")
    wanted = set(question_keys(expected)[["context", "a", "b"]].itertuples(index=False, name=None))
    found = wanted & set(keys[["context", "a", "b"]].drop_duplicates().itertuples(index=False, name=None))
    asked = keys[["round", "context", "a", "b"]].drop_duplicates().groupby("round").size()
    experts = keys[["round", "expert"]].drop_duplicates().groupby("round").size()
    return Understood(
        file=file.sheet.file,
        format=file.format,
        encoding=file.sheet.encoding,
        separator=file.sheet.separator,
        rounds=tuple(sorted(int(number) for number in asked.index)),
        experts=keys["expert"].nunique(),
        questions_found=len(found),
        questions_expected=len(wanted),
        missing=int((asked * experts).sum() - len(given)),
        dates=dates_sent_off(file.sheet),
    )


def _sorted(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """By expert, round and the model's order, so that nothing of the file's order is left."""
    order = {name: place for place, name in enumerate([*model.dimensions.index, *model.components.index])}
    places = pd.DataFrame({side: panel[side].map(order) for side in ("context", "left", "right")})
    keys = panel[["expert", "round"]].assign(
        context=places["context"], a=places[["left", "right"]].min(axis=1), b=places[["left", "right"]].max(axis=1)
    )
    return panel.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)


def write_panel(answers: Answers, folder: Path | str) -> list[Path]:
    """Write a panel that was read without problems, with the schema that describes it.

    Parameters
    ----------
    answers : Answers
    folder : Path or str
        Made if it is not there.

    Returns
    -------
    list of Path
        ``panel.csv`` in tidy form, ``datapackage.json`` (Frictionless) with its codebook, and
        ``attributes.csv`` if side information was kept. No text in them can run as a formula.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"panel": answers.panel}
    if len(answers.attributes.columns):
        tables["attributes"] = answers.attributes.rename_axis("expert").reset_index()
    written = []
    for name, table in tables.items():
        written.append(folder / f"{name}.csv")
        table.map(neutral).rename(columns=neutral).to_csv(written[-1], index=False, lineterminator="\n")
    resource = {"name": "panel", "path": "panel.csv", "format": "csv", "encoding": "utf-8", "schema": answers.schema}
    package = {"name": "panel", "title": "Answers of a Delphi panel", "resources": [resource]}
    written.append(folder / "datapackage.json")
    written[-1].write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return written


def write_key(answers: Answers, path: Path | str) -> Path:
    """Write which new code stands for which old one, for the researcher's eyes only.

    Raises
    ------
    ValueError
        If the file would lie where the study's data, figures or runs do.
    """
    path = Path(path).resolve()
    public = [PANELS.parent, DERIVED, FIGURES, ROOT / "runs", ROOT / "notebooks"]
    if any(path.is_relative_to(folder) for folder in public):
        raise ValueError(f"{path.name} says who is who and must not lie in {path.parent}; accepted is a folder that is not shared.")
    rows = pd.DataFrame(sorted(answers.key.items(), key=lambda pair: pair[1]), columns=["old_code", "expert"])
    rows.map(neutral).to_csv(path, index=False, lineterminator="\n")
    return path


def _check_choice(name: str, value: str, accepted: Sequence[str]) -> None:
    if value not in accepted:
        raise ValueError(f"{name}: found {value!r}; accepted is one of {', '.join(accepted)}.")
