"""A plain spreadsheet with a mapping file that says what its columns hold.

The mapping file is YAML. It names the headings of a table with one expert a row (`questions`), or
of one with one judgement a row (`context`, `left`, `right` and `value`, or `side` and
`intensity`), or says what a workbook of matrices does not: the `context`. ``data/README.md`` has
worked examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import yaml

from smartgov.files.personal import heading_shown
from smartgov.files.problems import PanelProblems, Problem, in_cell, lost_hint, stop_at
from smartgov.files.sheets import Sheet, decoded, unreadable
from smartgov.model import Model
from smartgov.panels.codings import CODINGS, one_way
from smartgov.panels.forms import Columns, LongColumns, raw_table
from smartgov.panels.names import SIDE_WORDS, SIDES, folded, identifiers
from smartgov.panels.rules import QUESTION, question_problems

ONE_COLUMN = {"column", *QUESTION}
TWO_COLUMNS = {"side", "intensity", *QUESTION}
LONG = (*QUESTION, "value", "side", "intensity")
TEXTS = ("expert", "round", "coding", "sheet", *LONG)
KEYS = (*TEXTS, "missing", "words", "names", "questions")
BY_FORM = {
    "wide": ("expert", "round", "coding", "missing", "sheet", "words", "questions"),
    "long": (*TEXTS, "missing", "words", "names"),
    "matrices": ("round", "context", "names"),
    "sheet": ("sheet",),
}
"""Entries of a mapping file, by what it speaks of."""
NEEDED = {
    "wide": ("expert", "questions"),
    "long": ("expert", *QUESTION),
    "matrices": (),
    "sheet": ("sheet",),
}
NEEDS = (
    "expert with questions; or, for one judgement a row, expert, context, left, right and"
    " value (or side and intensity)"
)
TWO_PARTS = {"favours": "side", "intensity": "intensity"}
Wrong = Callable[..., Problem]
"""Makes a problem of this file, or of an entry in it, from what was found and is accepted."""
MAX_MAPPING = 1_000_000  # bytes; 135 questions take 40 000
DEEPEST = 8  # lists and entries within one another; 3 are needed
HINTS = 3  # to find the heading most like one that is not there takes its time


def form_of(mapping: dict) -> str:
    """What a mapping file speaks of: a wide or a long table, matrices, or only which sheet to read.

    Examples
    --------
    >>> form_of({"expert": "Code", "questions": []}), form_of({"context": "E1"})
    ('wide', 'matrices')
    """
    keys = {*mapping}
    if keys == {"sheet"}:
        return "sheet"
    if "questions" in keys:
        return "wide"
    if keys & {*LONG[1:]} or {"expert", "context"} <= keys:
        return "long"
    return "wide" if "expert" in keys else "matrices"


def read_mapping(path: Path | str, model: Model) -> dict:
    """Read a mapping file; every value in it is a text.

    Raises
    ------
    PanelProblems
        If it is no YAML, lacks an entry that its form needs, or has an entry that cannot be read
        or asks what is no question of the model.
    """
    path = Path(path)
    stop_at(unreadable(path, "a mapping file"))
    mapping, wrong = _tree(path), partial(Problem, path.name, None)
    if not isinstance(mapping, dict):
        stop_at([wrong("", "no entries", "the entries " + ", ".join(KEYS))])
    problems = [*_entry_problems(mapping, wrong), *_word_problems(mapping, wrong)]
    problems += [*_name_problems(mapping, wrong, model), *_missing_problems(mapping, wrong)]
    stop_at(problems or _question_problems(mapping.get("questions", []), path.name, model))
    return mapping


def _tree(path: Path) -> object:
    """The YAML of a file; texts only, as to YAML a heading such as No or 1.10 is something else."""
    try:
        if path.stat().st_size > MAX_MAPPING:
            found, accepted = f"{path.stat().st_size / 1e6:.1f} MB", "a mapping file of up to 1 MB"
            stop_at([Problem(path.name, None, "", found, accepted)])
        text, depth = decoded(path)[0], 0
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            alias = isinstance(event, yaml.AliasEvent)
            if alias or depth > DEEPEST:
                found = f"the alias *{event.anchor}" if alias else "entries nested too deep"
                at, accepted = event.start_mark.line + 1, "every entry written out where it stands"
                stop_at([Problem(path.name, at, "", found, accepted)])
        return _plain(yaml.compose(text, Loader=yaml.BaseLoader), path.name)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        accepted = "a mapping file in YAML (a heading with a colon or a comma stands in quotes)"
        line = mark and mark.line + 1
        return stop_at([Problem(path.name, line, "", "text that is no YAML", accepted)])


def _plain(node: yaml.Node | None, file: str) -> object:
    """A node of YAML in lists and dictionaries of texts, in which no entry stands twice."""
    if not isinstance(node, yaml.MappingNode):
        several = isinstance(node, yaml.SequenceNode)
        return [_plain(each, file) for each in node.value] if several else node and node.value
    entries = {}
    for key, value in node.value:
        name, line = _plain(key, file), key.start_mark.line + 1
        if not isinstance(name, str) or name in entries:
            found = "the entry twice" if isinstance(name, str) else "an entry without a name"
            at = heading_shown(name) if isinstance(name, str) else ""
            stop_at([Problem(file, line, at, found, "every entry once, by its name")])
        entries[name] = _plain(value, file)
    return entries


def _entry_problems(mapping: dict, wrong: Wrong) -> Iterator[Problem]:
    """Entries that are missing, of another name or of another kind."""
    form = form_of(mapping)
    entries = f"the entries {', '.join(BY_FORM[form])}"
    for key in mapping:
        if key not in BY_FORM[form]:
            yield wrong(heading_shown(key), "an entry of another name", entries)
    yield from (wrong(key, "no such entry", NEEDS) for key in _lacking(mapping, form))
    for key in TEXTS:
        if not isinstance(mapping.get(key, ""), str):
            yield wrong(key, "a list or several entries", "one text")
    questions = mapping.get("questions") or []
    if not isinstance(questions, list):
        accepted = "one line a question, such as - {column: A1, context: …}"
        yield wrong("questions", "no list", accepted)
        return
    for number, entry in enumerate(questions, start=1):
        yield from _one_question_problems(entry, partial(wrong, f"questions, entry {number}"))
    for each in (mapping, *questions):
        coding = (each.get("coding") if isinstance(each, dict) else "") or "signed"
        if str(coding) not in CODINGS:
            yield wrong("coding", repr(coding), "one of " + ", ".join(CODINGS))


def _lacking(mapping: dict, form: str) -> list[str]:
    """Entries that the form of a mapping file needs and it has not."""
    lacking = [key for key in NEEDED[form] if not mapping.get(key)]
    answer = {"value", "side", "intensity"} & {*mapping}
    no_answer = form == "long" and answer not in ({"value"}, {"side", "intensity"})
    return lacking + ["value"] * no_answer


def _one_question_problems(entry: object, wrong: Wrong) -> Iterator[Problem]:
    if not isinstance(entry, dict) or set(entry) - {"coding"} not in (ONE_COLUMN, TWO_COLUMNS):
        found = ", ".join(entry) if isinstance(entry, dict) else "no entries"
        yield wrong(found, "context, left, right, and either column or side and intensity")
        return
    yield from (
        wrong(f"no text for {key}", "one text") for key in entry if not _is_text(entry[key])
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(map(_is_text, values))


def _word_problems(mapping: dict, wrong: Wrong) -> list[Problem]:
    words, wrong = mapping.get("words") or {}, partial(wrong, "words")
    accepted = "lists of words for left, right and equal, such as {left: [first], right: [second]}"
    if not isinstance(words, dict):
        return [wrong("no sides", accepted)]
    odd = [side for side, said in words.items() if side not in SIDES or not _are_texts(said)]
    if odd:
        return [wrong(in_cell(side), accepted) for side in odd]
    said = Counter(word for words_ in words.values() for word in {*map(folded, words_)})
    twice = {word: n for word, n in said.items() if n > 1}
    once = "every word for one side"
    return [wrong(f"{in_cell(word)} for {n} sides", once) for word, n in twice.items()]


def _missing_problems(mapping: dict, wrong: Wrong) -> list[Problem]:
    accepted = "a list of what stands for no answer, such as [-1, 99]"
    listed = _are_texts(mapping.get("missing") or [])
    return [] if listed else [wrong("missing", "no list of texts", accepted)]


def _name_problems(mapping: dict, wrong: Wrong, model: Model) -> list[Problem]:
    """Names of one's own that stand for nothing in the model."""
    names, known = mapping.get("names") or {}, identifiers(model)
    accepted = "names of your own with ids of the model, such as {C1: economic_growth}"
    if not isinstance(names, dict):
        return [wrong("names", "no names", accepted)]
    unknown = [str(meant) for meant in names.values() if folded(str(meant)) not in known]
    return [wrong("names", in_cell(meant), accepted) for meant in unknown]


def own_names(mapping: dict, model: Model) -> dict[str, str]:
    """Names of one's own, folded, and their ids."""
    known = identifiers(model)
    named = (mapping.get("names") or {}).items()
    return {folded(name): known[folded(meant)] for name, meant in named}


def _question_problems(questions: list[dict], file: str, model: Model) -> list[Problem]:
    """Contexts and components that the model has not, and columns that are named twice."""
    known = identifiers(model)
    asked = [[known.get(folded(entry[key]), entry[key]) for key in QUESTION] for entry in questions]
    at = [
        f"questions, entry {n} ({entry.get('column') or entry['side']})"
        for n, entry in enumerate(questions, start=1)
    ]
    rows = [
        ("", "1", *question, "", "", file, None, "", entry, "", "")
        for question, entry in zip(asked, at, strict=True)
    ]
    problems = [
        replace(problem, row=None) for problem in question_problems(raw_table(rows), model)[0]
    ]
    named = Counter(
        entry[key] for entry in questions for key in ("column", "side", "intensity") if key in entry
    )
    return problems + [
        Problem(file, None, "questions", f"the column {heading!r} {n} times", "every column once")
        for heading, n in named.items()
        if n > 1
    ]


def round_given(mapping: dict) -> int | None:
    """The round that a mapping file names as a number, and not as a column."""
    written = mapping.get("round", "")
    return int(written) if written in [str(n) for n in range(1, 10)] else None


def mapped_columns(sheet: Sheet, mapping: dict, model: Model) -> Columns | LongColumns:
    """Columns of a sheet as the mapping says.

    Headings are found whatever their blanks, dashes, quotation marks and capitals.

    Raises
    ------
    PanelProblems
        If the sheet lacks a heading that the mapping names, or has two of one name.
    """
    round_ = mapping.get("round") or ""
    words = SIDE_WORDS | {
        folded(word): side for side, said in (mapping.get("words") or {}).items() for word in said
    }
    missing = frozenset(map(one_way, mapping.get("missing") or []))
    coding = mapping.get("coding") or "signed"
    at = _Headings(sheet)
    expert = at.find(mapping["expert"])
    heading = at.find(round_) if round_ and not round_given(mapping) else None
    if form_of(mapping) == "long":
        names = own_names(mapping, model)
        fixed = folded(mapping["context"]) in identifiers(model) | names
        context = at.find(mapping["context"], instead_of_a_heading=fixed)
        question = context, at.find(mapping["left"]), at.find(mapping["right"])
        parts = {coding: "value"} if "value" in mapping else TWO_PARTS
        held = {part: at.find(mapping[key]) for part, key in parts.items()}
        columns = LongColumns(expert, question, held, heading, words, names, missing)
    else:
        questions = {}
        for entry in mapping["questions"]:
            own = entry.get("coding") or coding
            parts = {own: "column"} if "column" in entry else TWO_PARTS
            asked = tuple(entry[key] for key in QUESTION)
            questions |= {at.find(entry[key]): (*asked, part) for part, key in parts.items()}
        columns = Columns(expert, questions, heading, words, missing)
    stop_at(at.problems)
    return columns


def has_headings(sheet: Sheet, mapping: dict, model: Model) -> bool:
    """Whether a sheet has all headings that a mapping names."""
    try:
        return bool(mapped_columns(sheet, mapping, model))
    except PanelProblems:
        return False


class _Headings:
    """Finds the headings of a sheet by name, and keeps a problem for each that cannot be used."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.problems, self.used = sheet, [], {}
        self.by_name: dict[str, list[str]] = {}
        for heading, text in zip(sheet.header, sheet.texts or sheet.header, strict=True):
            for name in {folded(heading), folded(text)}:
                self.by_name.setdefault(name, []).append(heading)

    def find(self, name: str, instead_of_a_heading: bool = False) -> str:
        """The heading as the sheet has it, or the name itself where it may stand for no heading."""
        found = [name] if name in self.sheet.header else self.by_name.get(folded(name), [])
        if not found and not instead_of_a_heading:
            self._not_there(name)
        if len(found) > 1:
            alike = f"{len(found)} headings that differ from it only in blanks, dashes or capitals"
            accepted = "one heading of that name, or the heading exactly as the file has it"
            self._refuse(name, alike, accepted)
        if found and self.used.setdefault(found[0], name) != name:
            again = f"the column that {heading_shown(self.used[found[0]])!r} stands for already"
            self._refuse(name, again, "every column once")
        return found[0] if found else name

    def _refuse(self, name: str, found: str, accepted: str) -> None:
        self.problems.append(Problem(self.sheet.file, 1, heading_shown(name), found, accepted))

    def _not_there(self, name: str) -> None:
        hint = most_like(name, self.sheet.header) if len(self.problems) < HINTS else ""
        hint = hint or lost_hint(self.sheet.header)
        found = f"no such heading, though the mapping file names it{hint}"
        more = " …" if len(self.sheet.header) > 12 else ""
        accepted = f"one of {', '.join(map(heading_shown, self.sheet.header[:12]))}{more}"
        self._refuse(name, found, accepted)


def most_like(name: str, headings: Sequence[str]) -> str:
    """The heading most like a name, of long ones the place where they differ; empty if none is.

    Examples
    --------
    >>> most_like("Cod", ["Code", "A1"])
    ' (perhaps Code)'
    >>> long = "With regard to smart city: economic growth or policy making, and "
    >>> most_like(long + "how much?", [long + "how far?"])
    ' (the nearest heading goes on “…ng, and how far?” and not “…ng, and how much?”)'
    """
    close = get_close_matches(name, headings, n=1, cutoff=0.75)
    if not close or heading_shown(close[0]).startswith("a heading that"):
        return ""
    if heading_shown(close[0]) == close[0]:
        return f" (perhaps {close[0]})"
    pairs = enumerate(zip(name, close[0], strict=False))
    differ = next((i for i, (a, b) in pairs if a != b), min(len(name), len(close[0])))
    start = max(differ - 12, 0)
    here, there = ("…" + text[start : start + 40] for text in (name, close[0]))
    return f" (the nearest heading goes on “{there}” and not “{here}”)"
