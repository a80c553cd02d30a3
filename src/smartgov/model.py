"""The conceptual model, and the questionnaire that follows from it.

The model is data (`data/model/model.yaml`, or a file of one's own): rings, dimensions and
components with their names. A rule of the questionnaire has the components of one ring compared
pairwise, once in each of its contexts: in the dimensions, or at each component of another ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import yaml

from smartgov.files.layout import MODEL
from smartgov.files.yaml_files import YamlFile, listing, mapping, one_of, read_yaml, text

LANGUAGES = ("en", "kk", "ru")
DIMENSIONS = "dimensions"
"""What a rule has as its contexts if a ring is compared in the dimensions."""
MOST_QUESTIONS = 5000


class Group(NamedTuple):
    """Components of a ring that are compared with each other in one context.

    `column` counts their equal judgements, as in Table 2: the dimension itself, or for the
    contexts of a further ring all together.
    """

    ring: str
    context: str
    components: tuple[str, ...]
    column: str

    @property
    def pairs(self) -> list[tuple[str, str, str]]:
        """The questions: context, left, right, each component against those after it."""
        return [(self.context, *pair) for pair in combinations(self.components, 2)]

    @property
    def in_dimension(self) -> bool:
        """Whether the context is a dimension, not a component."""
        return self.column == self.context


@dataclass(frozen=True)
class Model:
    """Rings, dimensions and components as read from a model file.

    Attributes
    ----------
    rings, dimensions, components : pandas.DataFrame
        Indexed by id, in the file's order; columns ``en``, ``kk``, ``ru`` hold the names (NaN
        where there is none). Components have a column ``ring``; the article's model has the
        evidence in ``place`` and ``phrase``.
    counted_not_named : pandas.DataFrame
        What the article counts and names: columns ``what, counted, named, claims``.
    questionnaire_rules : list of dict
        Which ring is compared in which contexts, and the columns of Table 2 that hold the answers.
    language : str
        Language of the names where none is asked for.
    """

    rings: pd.DataFrame
    dimensions: pd.DataFrame
    components: pd.DataFrame
    counted_not_named: pd.DataFrame
    questionnaire_rules: list[dict]
    language: str = "en"

    def ring(self, name: str) -> list[str]:
        """Ids of the components of one ring, in the model's order."""
        members = list(self.components.index[self.components["ring"] == name])
        if not members:
            found = sorted(set(self.components["ring"]))
            raise ValueError(f"no component stands in ring {name!r}; accepted are {found}.")
        return members

    def groups(self, ring: str = "") -> list[Group]:
        """Every ring that is compared, in each of its contexts; or those of one ring."""
        found = []
        for rule in self.questionnaire_rules:
            of, contexts = rule["ring"], rule["contexts"]
            main = contexts == DIMENSIONS
            places = list(self.dimensions.index) if main else self.ring(contexts)
            column, members = rule.get("table2_columns", [of])[0], tuple(self.ring(of))
            found += [
                Group(of, place, members, place if main else column)
                for place in places
                if ring in ("", of)
            ]
        return found

    @property
    def main_rings(self) -> list[str]:
        """Rings that are compared in the dimensions."""
        return list(dict.fromkeys(group.ring for group in self.groups() if group.in_dimension))

    @property
    def further_rings(self) -> list[str]:
        """Rings that are compared at the components of another ring."""
        return list(dict.fromkeys(group.ring for group in self.groups() if not group.in_dimension))

    @property
    def columns(self) -> list[str]:
        """Columns of Table 2: the dimensions and one a further ring."""
        return list(dict.fromkeys(group.column for group in self.groups()))

    def label(self, identifier: str, language: str = "") -> str:
        """Name of a ring, dimension or component in a language, by default the model's.

        Where it has none in that language, its first name in another.
        """
        for things in (self.components, self.dimensions, self.rings):
            if identifier in things.index:
                names = things.loc[identifier]
                wanted = [language or self.language, *LANGUAGES]
                return next(names[each] for each in wanted if isinstance(names.get(each), str))
        raise ValueError(f"{identifier!r} is no ring, dimension or component of the model.")

    def title(self, column: str, language: str = "") -> str:
        """Name of a column of Table 2, its id behind it where that is short."""
        rings = {group.column: group.ring for group in self.groups() if not group.in_dimension}
        name = self.label(rings.get(column, column), language)
        return f"{name} ({column})" if len(column) <= 3 and column not in rings.values() else name

    def lacking(self, language: str) -> list[str]:
        """Ids that are asked about and have no name in a language."""
        asked = {name for group in self.groups() for name in (group.context, *group.components)}
        both = pd.concat([self.dimensions, self.components])
        names = both[language].fillna("") if language in both else pd.Series("", both.index)
        return [name for name in both.index if name in asked and not names[name].strip()]


# The file ----------------------------------------------------------------------------------------

_WORDS = "a text of one line, in quotes where it looks like a number or like yes and no"
_ID = text(
    "an id: a Latin letter, then letters, digits and single underscores",
    r"(?!unnamed_\d)[A-Za-z](_?[A-Za-z0-9])*",
)
_NAME = text(_WORDS)
_NAMES = mapping(
    {}, dict.fromkeys(LANGUAGES, _NAME), f"names: {{en: …}}, in one or more of {LANGUAGES}"
)
_EVIDENCE = mapping({"place": _NAME, "phrase": _NAME}, {}, "{place: …, phrase: …}")
_COUNT = one_of("int", "a whole number")
_COMMON = {"evidence": _EVIDENCE}
_RING = mapping(
    {"id": _ID, "names": _NAMES},
    _COMMON | {"holds": _NAME, "named": one_of("bool", "true or false")},
    "a ring: {id: …, names: {en: …}}",
)
_DIMENSION = mapping(
    {"id": _ID, "names": _NAMES}, _COMMON | {"key": _NAME}, "a dimension: {id: …, names: {en: …}}"
)
_COMPONENT = mapping(
    {"id": _ID, "ring": _NAME, "names": _NAMES},
    _COMMON,
    "a component: {id: …, ring: …, names: {en: …}}",
)
_COUNTED = mapping(
    {"what": _NAME, "counted": _COUNT, "named": _COUNT, "claims": listing(_NAME, "ids of claims")},
    {},
    "{what: …, counted: …, named: …, claims: […]}",
)
_RULE = mapping(
    {"ring": _NAME, "contexts": _NAME},
    {"table2_columns": listing(_NAME, "a list of columns")},
    f"{{ring: …, contexts: …}}, contexts being {DIMENSIONS} or another ring",
)
FILE = mapping(
    {
        "rings": listing(_RING, "a list of rings"),
        "dimensions": listing(_DIMENSION, "a list of dimensions"),
        "components": listing(_COMPONENT, "a list of components"),
        "questionnaire": listing(_RULE, "a list of rules, such as - {ring: …, contexts: …}"),
    },
    {"counted_not_named": listing(_COUNTED, "a list", at_least=0)},
    "the keys rings, dimensions, components and questionnaire, as make model writes them",
)
"""What a model file has, key by key; the article's alone has evidence and what it counts."""


def read_model(path: Path = MODEL / "model.yaml", language: str = "en") -> Model:
    """Read a model file; `language` is that of the names where none is asked for.

    Raises
    ------
    ValueError
        One sentence with file, line, what was found and what is accepted.
    """
    raw = read_yaml(path, FILE)
    _check_ids(raw, YamlFile(path))
    _check_rules(raw, YamlFile(path))
    rings, dimensions, components = (_table(raw[key]) for key in ("rings", *SECTIONS))
    return Model(
        rings,
        dimensions,
        components,
        pd.DataFrame(raw.get("counted_not_named", [])),
        [_plain(rule) for rule in raw["questionnaire"]],
        language,
    )


SECTIONS = ("dimensions", "components")


def _check_ids(raw: dict, file: YamlFile) -> None:
    """No two things have one id or, of one kind, one name; and a component's ring is there."""
    ids: dict[str, str] = {DIMENSIONS: DIMENSIONS}
    for entry in [entry for key in ("rings", *SECTIONS) for entry in raw[key]]:
        if other := ids.get(entry["id"].lower()):
            file.stop(
                entry["id"].line,
                f"the id {str(entry['id'])!r}, when there is {str(other)!r} already",
                "ids that differ in more than capitals, over rings, dimensions and components",
            )
        ids[entry["id"].lower()] = entry["id"]
        if not entry["names"]:
            file.stop(entry["id"].line, f"no name of {str(entry['id'])!r}", _of(LANGUAGES))
    for section in SECTIONS:
        seen = {}
        for entry in raw[section]:
            for language, name in entry["names"].items():
                other = seen.setdefault((language, name.casefold()), entry["id"])
                if other != entry["id"]:
                    found = f"the name {str(name)!r} again, which {str(other)!r} has"
                    file.stop(name.line, found, "another name for each")
    _check_known(raw["components"], "ring", [ring["id"] for ring in raw["rings"]], file)


def _check_known(entries: list[dict], key: str, known: Iterable[str], file: YamlFile) -> None:
    for entry in entries:
        if entry[key] not in known:
            file.stop(entry[key].line, f"the {key} {str(entry[key])!r}", _of(known))


def _of(known: Iterable[str]) -> str:
    return "one of " + ", ".join(known)


def _check_rules(raw: dict, file: YamlFile) -> None:
    """Each rule compares two components or more, in the dimensions or in another ring, once."""
    sizes = {ring["id"]: 0 for ring in raw["rings"]}
    for component in raw["components"]:
        sizes[component["ring"]] += 1
    filled, rules = [ring for ring, size in sizes.items() if size], raw["questionnaire"]
    _check_known(rules, "ring", filled, file)
    _check_known(rules, "contexts", [DIMENSIONS, *filled], file)
    questions, seen = 0, set()
    for rule in rules:
        ring, contexts, line = rule["ring"], rule["contexts"], rule["ring"].line
        main = contexts == DIMENSIONS
        if sizes[ring] < 2:
            file.stop(line, f"one component in ring {str(ring)!r}", "two or more to be compared")
        if ring in seen or ring == contexts:
            found = f"ring {str(ring)!r} compared {'again' if ring in seen else 'in itself'}"
            file.stop(line, found, "each ring once, in the dimensions or in another ring")
        columns = rule.get("table2_columns", [])
        wanted = [dimension["id"] for dimension in raw["dimensions"]] if main else columns[:1]
        if columns and columns != wanted:
            file.stop(columns[0].line, f"the columns {', '.join(columns)}", ", ".join(wanted))
        seen.add(ring)
        questions += comb(sizes[ring], 2) * (len(raw["dimensions"]) if main else sizes[contexts])
    if all(rule["contexts"] != DIMENSIONS for rule in rules):
        found = f"no ring that is compared in the {DIMENSIONS}"
        file.stop(rules[0]["ring"].line, found, f"one or more with contexts: {DIMENSIONS}")
    if questions > MOST_QUESTIONS:
        file.stop(rules[0]["ring"].line, f"{questions:,} questions", f"at most {MOST_QUESTIONS:,}")


def _plain(value: object) -> object:
    """Without the lines that texts stand in."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value


def _table(entries: list[dict]) -> pd.DataFrame:
    """Entries as a table, names and evidence in columns of their own."""
    rows = [_plain(entry | entry["names"] | entry.get("evidence", {})) for entry in entries]
    frame = pd.DataFrame(rows).drop(columns=["names", "evidence"], errors="ignore")
    return frame.set_index("id")


def write_model(model: Model, path: Path) -> Path:
    """Write what was asked, so that it is known wherever the answers go: ids, names, rules."""

    def entries(things: pd.DataFrame, *further: str) -> Iterator[dict]:
        for identifier, row in things.iterrows():
            names = {each: row[each] for each in LANGUAGES if isinstance(row.get(each), str)}
            kept = {key: row[key] for key in further if isinstance(row.get(key), str)}
            yield {"id": identifier, **kept, "names": names}

    content = {
        "rings": list(entries(model.rings)),
        "dimensions": list(entries(model.dimensions, "key")),
        "components": list(entries(model.components, "ring")),
        "questionnaire": model.questionnaire_rules,
    }
    words = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)
    path.write_text(words, encoding="utf-8")
    return path


# The questionnaire -------------------------------------------------------------------------------


def questionnaire(model: Model) -> pd.DataFrame:
    """Every pairwise question of the model, once per context.

    Returns
    -------
    pandas.DataFrame
        Columns ``question_id, ring, context, left, right``: one question a row, contexts in the
        model's order, and within a context each component against those after it.
    """
    rows = [(".".join(pair), group.ring, *pair) for group in model.groups() for pair in group.pairs]
    return pd.DataFrame(rows, columns=["question_id", "ring", "context", "left", "right"])


def question_counts(model: Model) -> pd.DataFrame:
    """How many questions each column of Table 2 would hold under the model.

    Returns
    -------
    pandas.DataFrame
        Indexed by column of Table 2, columns ``ring, components, contexts, questions``.
    """
    groups = pd.DataFrame(model.groups())
    groups["questions"] = groups["components"].map(lambda names: comb(len(names), 2))
    groups["components"] = groups["components"].map(len)
    by_column = groups.groupby("column", sort=False)
    return by_column.agg(
        ring=("ring", "first"),
        components=("components", "first"),
        contexts=("context", "size"),
        questions=("questions", "sum"),
    )


def comparisons_after(model: Model) -> dict[str, int]:
    """How many components of the middle ring stand after each one, in the model's order.

    Each pair is asked once, under the component that comes first; this is the number of items
    that Table 4 can rank in that component's row.
    """
    members = model.ring("middle")
    return {name: len(members) - 1 - place for place, name in enumerate(members)}


def larger_models(model: Model) -> pd.DataFrame:
    """Question counts if the component that is counted but never named stood in a ring.

    Returns
    -------
    pandas.DataFrame
        One row a possibility: ``thirteenth_in, middle, inner, per_dimension, inner_ring`` (the
        number of questions in a dimension and in the inner ring).
    """
    middle, inner = len(model.ring("middle")), len(model.ring("inner"))
    shapes = {
        "no ring": (middle, inner),
        "middle": (middle + 1, inner),
        "inner": (middle, inner + 1),
    }
    rows = [(where, m, i, comb(m, 2), m * comb(i, 2)) for where, (m, i) in shapes.items()]
    columns = ["thirteenth_in", "middle", "inner", "per_dimension", "inner_ring"]
    return pd.DataFrame(rows, columns=columns)
