"""Answers in: from the file a survey tool saved to an anonymous, checked panel on disk."""

from __future__ import annotations

import filecmp
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from smartgov.files.personal import heading_shown, identifying
from smartgov.files.problems import PanelProblems, Problem, in_cell, stop_at
from smartgov.files.sheets import Sheet, files_of, read_grids, unreadable
from smartgov.model import Model
from smartgov.panels.answer_codes import without_codes
from smartgov.panels.counted import counted
from smartgov.panels.data_entry import read_data_entry
from smartgov.panels.doubts import oddities, zeros_lost
from smartgov.panels.forms import (
    LongColumns,
    Reading,
    joined,
    raw_table,
    read_long,
    read_tidy,
    read_wide,
    wide_columns,
)
from smartgov.panels.mapping import (
    form_of,
    mapped_columns,
    own_names,
    read_mapping,
    round_given,
)
from smartgov.panels.matrices import read_matrices
from smartgov.panels.names import one_spelling
from smartgov.panels.privacy import (
    code_warnings,
    personal_column,
    personal_kind,
    reissued,
    shown,
    smallest_groups,
)
from smartgov.panels.recognition import open_answers, unknown_form
from smartgov.panels.rules import ANSWERED_AT_LEAST, answers_given, by_code, check, unnamed_in
from smartgov.panels.schema import panel_schema
from smartgov.panels.survey_tools import (
    form_itself,
    kobo_columns,
    last_name,
    limesurvey_columns,
    numbers_beyond,
)
from smartgov.panels.understood import FORMATS, Understood, understood

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
        Headings of columns that were left behind, as they may be shown; nothing of what stood in
        them is kept.
    warnings : tuple of str
    attributes : DataFrame
        Side information that the caller asked to keep, one expert a row.
    schema : dict
        Frictionless table schema the panel was held against.
    key : dict of str to str
        Old code to new code, for sending out feedback; it is never written.
    """

    panel: pd.DataFrame
    understood: tuple[Understood, ...]
    dropped_columns: tuple[str, ...]
    warnings: tuple[str, ...]
    attributes: pd.DataFrame = field(default_factory=pd.DataFrame)
    schema: dict = field(default_factory=dict, repr=False)
    key: dict[str, str] = field(default_factory=dict, repr=False)

    def dropped_kinds(self) -> tuple[list[str], list[str]]:
        """Columns left behind: those of others, and fields of our own questionnaire."""
        own = [each for each in self.dropped_columns if form_itself(each)]
        return [each for each in self.dropped_columns if each not in own], own

    def report(self) -> str:
        """What was understood, dropped and noticed, for printing."""
        dropped, own = self.dropped_kinds()
        about = [f"dropped {len(dropped)} columns: " + ", ".join(dropped)] if dropped else []
        about += [f"dropped {len(own)} fields of the questionnaire itself"] if own else []
        notes = [f"note: {warning}" for warning in self.warnings]
        return "\n".join([*map(str, self.understood), *about, *notes])


def read_answers(
    path: Path | str,
    model: Model,
    *,
    format: str = "auto",
    mapping: Path | str | None = None,
    round2: Path | str | None = None,
    round3: Path | str | None = None,
    attrition: str = "refuse",
    keep: Sequence[str] = (),
    min_answered: float | None = None,
) -> Answers:
    """Read answers as a survey tool saved them, of one round or several.

    Only what is on the list of allowed columns comes through: experts' codes, rounds, questions,
    and the side information named in `keep`. Codes are issued anew, in an order that depends on
    the content of the file, so that the same file always gives the same codes.

    Parameters
    ----------
    path : Path or str
        CSV, XLSX or Parquet, within the limits of :mod:`smartgov.files.sheets`; or a folder of
        CSV files with the same headings.
    model : Model
        Whose questions were asked.
    format : str
        ``auto``, or a key of ``FORMATS``.
    mapping : Path or str, optional
        A mapping file (see :mod:`smartgov.panels.mapping`).
    round2, round3 : Path or str, optional
        Answers of later rounds, in any format; codes must be those of the first. One file may
        also hold several rounds.
    attrition : {"refuse", "accept"}
        Whether an expert in one round only is a problem or a warning.
    min_answered : float, optional
        Share of a round's questions from 0 to 1; who answered fewer is left out. By default that
        is a problem, and the share a half.
    keep : sequence of str
        Headings of side information in the first file, such as the experts' sector.

    Raises
    ------
    PanelProblems
        Listing everything that is wrong in all files.
    ValueError
        For an unknown `format` or `attrition`, or a mapping file with another format.
    """
    _check_choice("format", format, ("auto", *FORMATS))
    _check_choice("attrition", attrition, ATTRITION)
    if min_answered is not None and not 0 <= min_answered <= 1:
        raise ValueError(f"min_answered: found {min_answered:g}; accepted is a share from 0 to 1.")
    if mapping:
        _check_choice("format with a mapping file", format, ("auto", "mapping"))
        format = "mapping"
    if round3 and not round2:
        raise ValueError("found answers of round 3 and none of round 2; give both, as ROUND2=….")
    paths = [Path(each) for each in (path, round2, round3) if each]
    stop_at(_one_file_twice(paths))
    files, problems = _read_files(paths, model, format, mapping, keep)
    problems += _rounds_mixed_up(files) if round2 else []
    files, spelt = _with_one_spelling(files)
    if min_answered is not None:
        files, left_out = _with_enough_answers(files, min_answered)
        spelt += left_out
    raw = _all_raw(files)
    panel, broken_rules = check(
        raw, model, ANSWERED_AT_LEAST if min_answered is None else min_answered
    )
    padded, alike, told = zeros_lost(raw)
    spelt += alike + oddities(raw)
    problems = broken_rules + problems + padded
    problems += _between_rounds(raw[~raw["expert"].isin(told)]) if attrition == "refuse" else []
    called = {
        (file.sheet.file, key): h for file in files for key, h in file.reading.headings.items()
    }
    problems = [replace(p, column=called.get((p.file, p.column), p.column)) for p in problems]
    problems = [_in_its_file(p, files) for p in problems]
    names = _file_names(paths)
    stop_at(sorted(problems, key=partial(_place, names)))
    return _anonymous(panel, files, model, spelt, paths[0])


def _place(names: list[str], problem: Problem) -> tuple[int, str, int]:
    """Where a problem is told: by file, sheet and row."""
    place = next((i for i, name in enumerate(names) if problem.file.startswith(name)), -1)
    return place, problem.file, problem.row or 0


def _in_its_file(problem: Problem, files: list[_File]) -> Problem:
    """A problem with a row of a folder as one with the row of a file in it."""
    places = next((file.sheet.places for file in files if file.sheet.file == problem.file), ())
    if not places or (problem.row or 0) < 2:
        return problem
    at = {str(number): "row {1} of {0}".format(*place) for number, place in enumerate(places, 2)}
    found, accepted = (
        re.sub(r"row (\d+)", lambda row: at.get(row[1], row[0]), text)
        for text in (problem.found, problem.accepted)
    )
    file, row = places[problem.row - 2]
    return Problem(f"{problem.file}/{file}", row, problem.column, found, accepted)


def _check_choice(name: str, value: str, accepted: Sequence[str]) -> None:
    if value not in accepted:
        raise ValueError(f"{name}: found {value!r}; accepted is one of {', '.join(accepted)}.")


# One file.


@dataclass(frozen=True)
class _File:
    sheet: Sheet
    format: str
    reading: Reading
    problems: list[Problem]
    warnings: list[str]
    attributes: pd.DataFrame


def _read_files(paths, model, format, mapping, keep) -> tuple[list[_File], list[Problem]]:
    """What could be read of each file, and the problems of all."""
    files, problems = [], []
    for number, (path, name) in enumerate(zip(paths, _file_names(paths), strict=True), start=1):
        try:
            kept = keep if number == 1 else ()
            files.append(_read_file(path, name, model, format, mapping, number, kept))
        except PanelProblems as refused:
            problems += [
                replace(each, file=name) if each.file == path.name else each
                for each in refused.problems
            ]
    return files, problems + [problem for file in files for problem in file.problems]


def _file_names(paths: Sequence[Path]) -> list[str]:
    """Names without folders; with the last folder where two files have one name."""
    names = [path.name for path in paths]
    return (
        names
        if len(set(names)) == len(names)
        else [f"{path.resolve().parent.name}/{path.name}" for path in paths]
    )


def _read_file(
    path: Path, name: str, model: Model, format: str, mapping: Path | None, round: int, keep
) -> _File:
    mapped = read_mapping(mapping, model) if mapping else {}
    if format == "mapping" and mapping is None:
        raise ValueError(
            "format 'mapping' needs a mapping file; accepted is its path as mapping (MAPPING=…)."
        )
    form = form_of(mapped) if mapping else ""
    format = {"matrices": "matrices", "sheet": "auto"}.get(form, format)
    sheet, format, chosen = open_answers(path, model, format, mapped)
    stop_at([] if format else [unknown_form(sheet)])
    its_own = tuple(
        replace(each, file=name) if each.file == path.name else each for each in sheet.problems
    )
    sheet = replace(sheet, file=name, problems=its_own)
    number = round_given(mapped) if round == 1 else None  # the number is the first file's
    round = number or round
    sheet, left_out, undecided = counted(sheet) if sheet.rows else (sheet, [], [])
    notes = [*sheet.notes, *chosen, *left_out]
    if format == "tidy":
        reading = read_tidy(sheet, model, round)
    elif format == "entry":
        reading, notes = read_data_entry(path, sheet, model, round)
    elif format == "matrices":
        inside = "/{}" if path.is_dir() else ""
        grids = [replace(grid, file=name + inside.format(grid.file)) for grid in read_grids(path)]
        notes += [note for grid in grids for note in grid.notes]
        about, names = mapped.get("context", ""), own_names(mapped, model)
        reading = read_matrices(grids, model, round, about, names)
    elif format == "mapping":
        columns = mapped_columns(sheet, mapped, model)
        read = read_long if isinstance(columns, LongColumns) else read_wide
        reading = read(sheet, model, columns, round)
    else:
        columns = {
            "wide": lambda: wide_columns(sheet),
            "kobo": lambda: kobo_columns(sheet, model),
            "limesurvey": lambda: limesurvey_columns(sheet, model),
        }[format]()
        if format == "limesurvey":
            stop_at(numbers_beyond(sheet, model))
            sheet, meant, open_codes = without_codes(sheet, columns)
            stop_at(open_codes)
            notes = notes + meant
        reading = read_wide(sheet, model, columns, round)
    attributes, personal = _kept_attributes(sheet, reading, keep)
    problems = [*sheet.problems, *undecided, *reading.problems, *personal]
    return _File(sheet, format, reading, problems, notes + reading.notes, attributes)


def _kept_attributes(
    sheet: Sheet, reading: Reading, keep: Sequence[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Side information by old code, one expert a row, and why a column of it cannot be kept."""
    if not keep:
        return pd.DataFrame(), []
    experts = reading.raw.drop_duplicates("row").set_index("row")["expert"].astype(str)
    experts = experts.map(one_spelling(experts.unique()))
    problems, kept = [], {}
    for heading in keep:
        if heading not in sheet.header or heading in reading.read:
            accepted = "a heading of side information in the file"
            problems.append(Problem(sheet.file, 1, heading, "no such column to keep", accepted))
            continue
        place = sheet.header.index(heading)
        cells = {n: row[place] for n, row in zip(sheet.numbers, sheet.rows, strict=True)}
        said = pd.Series({row: cells[row] for row in experts.index if cells[row]}, dtype=str)
        by = said.groupby(experts.reindex(said.index), sort=False)
        kept[heading] = by.first().reindex(experts.unique(), fill_value="")
        for row, text in said[said != by.transform("first")].items():
            found = f"{in_cell(text)}, where another row of this expert has something else"
            problems.append(Problem(sheet.file, row, heading, found, "one value an expert"))
        personal = personal_column(last_name(heading), list(kept[heading]))
        kinds = {1: identifying(heading) or personal} | {
            row: personal_kind(text) for row, text in cells.items()
        }
        accepted = "groups of people, such as a sector or an age group"
        for number, kind in kinds.items():
            if kind and kind != "a name":  # “Almaty” looks like one
                found = kind if kind.startswith("a column") else f"what looks like {kind}"
                problems.append(Problem(sheet.file, number, heading, found, accepted))
    return pd.DataFrame({} if problems else kept), problems


# Who counts.


def _all_raw(files: list[_File]) -> pd.DataFrame:
    return joined([raw_table([]), *(file.reading.raw for file in files)])


def _with_enough_answers(files: list[_File], least: float) -> tuple[list[_File], list[str]]:
    """Files without experts who answered less of a round than this share, and who they were."""
    counts = answers_given(_all_raw(files))
    few = counts[counts["answered"] < least * counts["asked"]]
    left_out = set(zip(few["round"], few["expert"], strict=True))
    kept = []
    for file in files:
        raw = file.reading.raw
        in_it = [each not in left_out for each in zip(raw["round"], raw["expert"], strict=True)]
        kept.append(replace(file, reading=replace(file.reading, raw=raw[in_it])))
    return kept, [
        f"round {number}: left out, as they answered less than {least:.0%} of the questions:"
        f" {len(rows)} of {(counts['round'] == number).sum()} experts ("
        + ", ".join(f"row {row.row}: {row.answered} of {row.asked}" for row in rows.itertuples())
        + ")."
        for number, rows in few.groupby("round")
    ]


# Several rounds.


def _with_one_spelling(files: list[_File]) -> tuple[list[_File], list[str]]:
    """Files with every expert's code spelt in one way, and a sentence if that changed any."""
    written = [code for file in files for code in file.reading.raw["expert"].unique()]
    spelt = one_spelling(written)
    changed = {new for old, new in spelt.items() if old != new}
    if not changed:
        return files, []
    respelt = []
    for file in files:
        raw = file.reading.raw
        reading = replace(file.reading, raw=raw.assign(expert=raw["expert"].map(spelt)))
        attributes = file.attributes.rename(index=spelt)
        respelt.append(replace(file, reading=reading, attributes=attributes))
    count = "1 expert's code is" if len(changed) == 1 else f"{len(changed)} experts' codes are"
    return respelt, [
        f"{count} written in more than one way (capitals, blanks, dashes, Cyrillic look-alikes);"
        " each was read as one expert."
    ]


def _one_file_twice(paths: list[Path]) -> list[Problem]:
    """Two rounds from the same bytes."""
    accepted = "the file of its own round; one that holds several rounds is given once"
    named = zip(_file_names(paths), map(files_of, paths), strict=True)
    return [
        Problem(second, None, "", f"the same bytes as in {first}", accepted)
        for (first, ours), (second, theirs) in combinations(named, 2)
        if len(ours) == len(theirs)
        and not any(unreadable(each, "") for each in (*ours, *theirs))
        and all(filecmp.cmp(*pair, shallow=False) for pair in zip(ours, theirs, strict=True))
    ]


def _content(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in files_of(path))


def _rounds_mixed_up(files: list[_File]) -> list[Problem]:
    """With a file for each round, each holds its own round only."""
    problems = []
    for number, file in enumerate(files, start=1):
        raw, accepted = file.reading.raw, f"{number}, as this is the file of round {number}"
        wrong = raw[(raw["round"] != str(number)) & raw["round"].isin(list("123456789"))]
        problems += [
            Problem(row.file, row.row, "round", repr(row.round), accepted)
            for row in wrong.drop_duplicates("row").itertuples()
        ]
    return problems


def _between_rounds(raw: pd.DataFrame) -> list[Problem]:
    """Experts who are in one only of two rounds that follow each other."""
    answered = raw[(raw["favours"] != "") | (raw["intensity"] != "")]
    there = sorted(set(answered["round"]) & set("123456789"))
    accept = "mend the code if it was misspelt, or write ATTRITION=accept if the expert"
    problems = []
    for before, after in pairwise(there):
        first, second = (
            answered[answered["round"] == number].drop_duplicates("expert")
            for number in (before, after)
        )
        left = f"this expert in round {after} too; {accept} left"
        new = f"a code of round {before}; {accept} is new"
        for one, other, lacking, wanted in (
            (first, second, after, left),
            (second, first, before, new),
        ):
            for row in one[~one["expert"].isin(other["expert"])].itertuples():
                close = get_close_matches(row.expert, list(other["expert"]), n=1, cutoff=0.6)
                hint = f" (perhaps {shown(close[0])})" if close and one is second else ""
                text = f"{shown(row.expert)} in round {row.round}, not in round {lacking}{hint}"
                problems.append(Problem(row.file, row.row, row.at_expert, text, wanted))
    return problems


def _who_is_in_both(panel: pd.DataFrame, key: dict[str, str]) -> list[str]:
    """Sentences on who is in one only of two rounds that follow; new experts by new codes."""
    experts = {number: set(rows["expert"].unique()) for number, rows in panel.groupby("round")}
    notes = []
    for before, after in pairwise(sorted(experts)):
        first, second = experts[before], experts[after]
        if first != second:
            new = ", ".join(sorted(key[code] for code in second - first))
            notes.append(
                f"{len(first & second)} of {len(first | second)} experts are in both rounds"
                f" {before} and {after}; {len(first - second)} answered round {before} only,"
                f" {len(second - first)} round {after} only" + (f" ({new})." if new else ".")
            )
    return notes


# What leaves this module.


def _anonymous(
    panel: pd.DataFrame, files: list[_File], model: Model, notes: list[str], path: Path
) -> Answers:
    codes = panel["expert"].unique().tolist()
    of_first = panel.loc[panel["round"] == panel["round"].min(), "expert"]
    key = reissued(of_first, hashlib.sha256(_content(path)).hexdigest(), joined=codes)
    attributes = files[0].attributes
    if len(attributes.columns):
        attributes = attributes[attributes.index.isin(key)].rename(index=key).sort_index()
    found = tuple(understood(file.sheet, file.format, file.reading.raw, model) for file in files)
    warnings = [warning for file in files for warning in file.warnings]
    warnings += [
        f"{each.file}: {each.questions_expected - each.questions_found} questions of the model are"
        " not in the file, or nobody was asked them."
        for each in found
        if each.questions_found < each.questions_expected
    ]
    warnings += (
        notes + _who_is_in_both(panel, key) + code_warnings(codes) + smallest_groups(attributes)
    )
    kept = set(attributes.columns)
    dropped = dict.fromkeys(
        h for file in files for h in file.sheet.header if h and h not in file.reading.read | kept
    )
    return Answers(
        _sorted(panel.assign(expert=by_code(panel["expert"].map(key))), model),
        found,
        tuple(map(heading_shown, dropped)),
        tuple(warnings),
        attributes,
        panel_schema(model, sorted(unnamed_in(panel))),
        key,
    )


def _sorted(panel: pd.DataFrame, model: Model) -> pd.DataFrame:
    """By expert, round and the model's order, so that nothing of the file's order is left."""
    names = pd.Index([*model.dimensions.index, *model.components.index])
    context, left, right = (
        # one without a name is last
        (names.get_indexer(texts.categories) % (len(names) + 1)).astype(np.int16)[texts.codes]
        for texts in (panel[name].cat for name in ("context", "left", "right"))
    )
    key = np.array(panel["expert"].cat.codes, dtype=np.int64)
    sides = np.minimum(left, right), np.maximum(left, right)
    for further in (panel["round"].to_numpy(), context, *sides):
        key *= len(names) + 10
        key += further
    return panel.iloc[np.argsort(key, kind="stable")].reset_index(drop=True)
