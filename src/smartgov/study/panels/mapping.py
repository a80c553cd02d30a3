"""A plain spreadsheet with a mapping file that says what its columns hold.

The mapping file is YAML::

    expert: Code                # heading of the column of experts' codes
    round: 1                    # or the heading of a column
    coding: ratio               # of the single columns below: signed, bipolar, ratio or words
    words: {left: [first], right: [second], equal: [same]}     # other words for the sides
    questions:
      - {column: A1, context: E1, left: economic_growth, right: policy_making}
      - {column: A2, context: E1, left: economic_growth, right: accountability, coding: signed}
      - {side: B1, intensity: B1 how much, context: E2, left: policy_making, right: key_enablers}
"""

from __future__ import annotations

from pathlib import Path

import yaml

from smartgov.study.panels.codings import CODINGS
from smartgov.study.panels.forms import Columns
from smartgov.study.panels.names import SIDE_WORDS, folded
from smartgov.study.panels.problems import Problem, stop_at
from smartgov.study.panels.sheets import Sheet

KEYS = ("expert", "round", "coding", "words", "questions")


def read_mapping(path: Path | str) -> dict:
    """Read a mapping file.

    Raises
    ------
    PanelProblems
        If it is no YAML, lacks `expert` or `questions`, or has an entry that cannot be read.
    """
    path = Path(path)
    try:
        mapping = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        stop_at([Problem(path.name, None, "", "no such file", "the path of a mapping file")])
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        stop_at([Problem(path.name, None if line is None else line + 1, "", "text that is no YAML", "a mapping file in YAML, UTF-8")])
    if not isinstance(mapping, dict):
        stop_at([Problem(path.name, None, "", "no entries", "the entries " + ", ".join(KEYS))])
    stop_at(_problems(mapping, path.name))
    return mapping


def _problems(mapping: dict, file: str) -> list[Problem]:
    problems = [
        Problem(file, None, key, "an entry of another name", "the entries " + ", ".join(KEYS)) for key in mapping if key not in KEYS
    ]
    problems += [
        Problem(file, None, key, "no such entry", "an entry expert and a list questions")
        for key in ("expert", "questions")
        if not mapping.get(key)
    ]
    codings = [mapping.get("coding", "signed")]
    for number, entry in enumerate(mapping.get("questions") or [], start=1):
        wanted = ({"column", "context", "left", "right"}, {"side", "intensity", "context", "left", "right"})
        if not isinstance(entry, dict) or set(entry) - {"coding"} not in wanted:
            accepted = "context, left, right, and either column or side and intensity"
            problems.append(Problem(file, None, f"questions, entry {number}", str(entry), accepted))
        else:
            codings.append(entry.get("coding", codings[0]))
    problems += [
        Problem(file, None, "coding", repr(coding), "one of " + ", ".join(CODINGS)) for coding in codings if coding not in CODINGS
    ]
    return problems


def mapped_columns(sheet: Sheet, mapping: dict) -> tuple[Columns, list[Problem]]:
    """Columns of a sheet as the mapping says, and the headings it names that are not there."""
    questions = {}
    for entry in mapping["questions"]:
        question = tuple(str(entry[key]) for key in ("context", "left", "right"))
        if "column" in entry:
            questions[str(entry["column"])] = (*question, entry.get("coding", mapping.get("coding", "signed")))
        else:
            questions[str(entry["side"])] = (*question, "favours")
            questions[str(entry["intensity"])] = (*question, "intensity")
    round_ = mapping.get("round")
    round_heading = round_ if isinstance(round_, str) else None
    named = [str(mapping["expert"]), *questions] + ([round_heading] if round_heading else [])
    shown = ", ".join(sheet.header[:12]) + (" …" if len(sheet.header) > 12 else "")
    problems = [
        Problem(sheet.file, 1, heading, "no such heading, though the mapping file names it", f"one of {shown}")
        for heading in named
        if heading not in sheet.header
    ]
    words = SIDE_WORDS | {folded(str(word)): side for side, words in (mapping.get("words") or {}).items() for word in words}
    return Columns(str(mapping["expert"]), questions, round_heading, words), problems
