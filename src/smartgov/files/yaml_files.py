"""YAML that a user wrote: read within bounds, held against a shape, every mistake with its line.

Nothing but text, whole numbers and true or false is ever made of it. Aliases, tags, several
documents, deep nesting and large files are refused before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import yaml

MOST_BYTES = 200_000
DEEPEST = 12
LONGEST = 200
TAGS = {f"tag:yaml.org,2002:{kind}": kind for kind in ("str", "int", "float", "bool", "null")}
SAID = {"sequence": "a list", "mapping": "keys with values", "null": "nothing"}


class Placed(str):
    """A text and the line it stands in."""

    line: int


class YamlFile:
    """A file that is being read: where it is, and how its mistakes are said."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stop(self, line: int | None, found: str, accepted: str) -> NoReturn:
        """Refuse the file in one sentence, a ValueError."""
        place = f", line {line}" if line else ""
        raise ValueError(f"{self.path}{place}: found {found}; accepted: {accepted}.")

    def stop_at(self, node: yaml.Node, accepted: str) -> NoReturn:
        """Refuse a value that is not what is wanted there."""
        self.stop(node.start_mark.line + 1, said(node), accepted)


Shape = Callable[[yaml.Node, YamlFile], object]


def read_yaml(path: Path, shape: Shape) -> object:
    """Read a YAML file of a shape made of the functions of this module.

    Raises
    ------
    ValueError
        One sentence with file, line, what was found and what is accepted.
    """
    file = YamlFile(Path(path))
    text = _text(file)
    try:
        _check_events(text, file)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark, position = getattr(error, "problem_mark", None), getattr(error, "position", None)
        line = mark.line + 1 if mark else text.count("\n", 0, position or 0) + 1
        file.stop(line, "text that is no YAML", "a file like data/model/model.yaml")
    if node is None:
        file.stop(None, "an empty file", "a file like data/model/model.yaml")
    return shape(node, file)


def _text(file: YamlFile) -> str:
    if not file.path.is_file():
        file.stop(None, "a folder" if file.path.is_dir() else "no such file", "a YAML file")
    if file.path.stat().st_size > MOST_BYTES:
        file.stop(None, "a larger file", f"a YAML file of at most {MOST_BYTES:,} bytes")
    try:
        return file.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        file.stop(line, "text in another encoding", "text saved as UTF-8")
    except OSError as error:
        file.stop(None, f"a file that cannot be opened ({error.strerror})", "a file you may read")


def _check_events(text: str, file: YamlFile) -> None:
    """What could make a small file large, or be more than text, before any of it is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            file.stop(line, f"a reference (*{event.anchor})", "the text itself, written out")
        if tag and tag not in TAGS:
            file.stop(line, f"the tag {tag.replace('tag:yaml.org,2002:', '!!')}", "values untagged")
        if depth > DEEPEST:
            file.stop(line, f"{depth} levels within each other", f"at most {DEEPEST}")
        if documents > 1:
            file.stop(line, "a second document (---)", "one document a file")


def said(node: yaml.Node) -> str:
    """What a node holds, in words."""
    if isinstance(node, yaml.ScalarNode) and TAGS.get(node.tag) != "null":
        kind = {"int": "the number ", "float": "the number "}.get(TAGS.get(node.tag), "")
        text = node.value if len(node.value) <= 40 else node.value[:40] + "…"
        return f"{kind}{text if kind else repr(text)}"
    return SAID["null" if isinstance(node, yaml.ScalarNode) else node.id]


# Shapes ------------------------------------------------------------------------------------------


def text(accepted: str = "a text of one line", pattern: str = r"[^\x00-\x1f\x7f]+") -> Shape:
    """A text that a regular expression matches whole; blanks around it do not count."""

    def shape(node: yaml.Node, file: YamlFile) -> Placed:
        if not isinstance(node, yaml.ScalarNode) or TAGS.get(node.tag) != "str":
            file.stop_at(node, accepted)
        value = Placed(node.value.strip())
        value.line = node.start_mark.line + 1
        if len(value) > LONGEST or not re.fullmatch(pattern, value):
            file.stop_at(node, f"{accepted}, at most {LONGEST} characters")
        return value

    return shape


def one_of(kind: str, accepted: str) -> Shape:
    """A whole number (``int``) or a yes or no (``bool``)."""

    def shape(node: yaml.Node, file: YamlFile) -> int | bool:
        if not isinstance(node, yaml.ScalarNode) or TAGS.get(node.tag) != kind:
            file.stop_at(node, accepted)
        return yaml.SafeLoader("").construct_object(node)

    return shape


def listing(entry: Shape, accepted: str, at_least: int = 1) -> Shape:
    """A list, each entry of one shape."""

    def shape(node: yaml.Node, file: YamlFile) -> list:
        if not isinstance(node, yaml.SequenceNode) or len(node.value) < at_least:
            file.stop_at(node, accepted)
        return [entry(each, file) for each in node.value]

    return shape


def mapping(needed: Mapping[str, Shape], optional: Mapping[str, Shape], accepted: str) -> Shape:
    """Keys with values; another key, the same key twice, or a missing one is a mistake."""
    shapes = {**needed, **optional}

    def shape(node: yaml.Node, file: YamlFile) -> dict:
        if not isinstance(node, yaml.MappingNode):
            file.stop_at(node, accepted)
        found: dict = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value not in shapes:
                file.stop(key.start_mark.line + 1, f"the key {said(key)}", ", ".join(shapes))
            if key.value in found:
                file.stop(key.start_mark.line + 1, f"{key.value!r} twice", "each key once")
            found[key.value] = shapes[key.value](value, file)
        missing = [key for key in needed if key not in found]
        if missing:
            file.stop(node.start_mark.line + 1, f"no {', '.join(missing)}", accepted)
        return found

    return shape
