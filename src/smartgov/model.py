"""The conceptual model, and the questionnaire that follows from it.

The model is data (`data/model/model.yaml`): rings, dimensions and components with their names and
the place in the article that shows each. A ring's components are compared pairwise once per
context; the contexts of the middle ring are the dimensions, those of the inner ring the
components of the middle ring.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from pathlib import Path

import pandas as pd
import yaml

from smartgov.files.layout import MODEL


@dataclass(frozen=True)
class Model:
    """Rings, dimensions and components as read from a model file.

    Attributes
    ----------
    rings, dimensions, components : pandas.DataFrame
        Indexed by id, in the file's order; columns ``en``, ``kk``, ``ru`` hold the names,
        ``place`` and ``phrase`` the evidence. Components have a column ``ring``.
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

    def contexts(self, rule: dict) -> list[str]:
        """Ids of the contexts in which a ring is compared."""
        if rule["contexts"] == "dimensions":
            return list(self.dimensions.index)
        return self.ring(rule["contexts"])

    def compared(self) -> dict[str, list[str]]:
        """Ids of the components that are compared in each context, in the model's order."""
        return {
            context: self.ring(rule["ring"])
            for rule in self.questionnaire_rules
            for context in self.contexts(rule)
        }

    def compared_in(self, context: str) -> list[str]:
        """Ids of the components that are compared in a context; a ValueError if there are none."""
        compared = self.compared()
        if context not in compared:
            raise ValueError(f"nothing is compared in {context!r}; accepted are {list(compared)}.")
        return compared[context]

    def label(self, identifier: str, language: str = "") -> str:
        """Name of a ring, dimension or component in a language, by default the model's."""
        for things in (self.components, self.dimensions, self.rings):
            if identifier in things.index:
                return things.at[identifier, language or self.language]
        raise ValueError(f"{identifier!r} is no ring, dimension or component of the model.")


KEYS = ("rings", "dimensions", "components", "counted_not_named", "questionnaire")
"""What a model file has."""


def read_model(path: Path = MODEL / "model.yaml", language: str = "en") -> Model:
    """Read a model file; `language` is that of the names where none is asked for.

    Raises
    ------
    ValueError
        If it is no YAML or lacks a key, an id stands twice, or a component's ring is not among the
        rings.
    """
    raw = _yaml(path)
    rings, dimensions, components = (
        _things(raw[key], path, key) for key in ("rings", "dimensions", "components")
    )
    unknown = sorted(set(components["ring"]) - set(rings.index))
    if unknown:
        raise ValueError(f"{path}, components: ring {unknown} is not among {list(rings.index)}.")
    return Model(
        rings,
        dimensions,
        components,
        pd.DataFrame(raw["counted_not_named"]),
        raw["questionnaire"],
        language,
    )


def _yaml(path: Path) -> dict:
    """The text of a model file, or one sentence on where it is none."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ValueError(f"{path}: found text in another encoding; save it as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise ValueError(
            f"{path}{place}: found text that is no YAML; write it like data/model/model.yaml."
        ) from None
    missing = [key for key in KEYS if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise ValueError(
            f"{path}: found no {', '.join(missing)}; accepted is a file with {', '.join(KEYS)}, as"
            " data/model/model.yaml has them."
        )
    return raw


def _things(entries: list[dict], path: Path, key: str) -> pd.DataFrame:
    needed = ("id", "names", "evidence", *(("ring",) if key == "components" else ()))
    for place, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        lacking = [name for name in needed if not isinstance(entry, dict) or name not in entry]
        if lacking:
            raise ValueError(
                f"{path}, {key}, entry {place}: found no {', '.join(lacking)}; accepted is a list"
                f" of entries with {', '.join(needed)}."
            )
    frame = pd.DataFrame([entry | entry["names"] | entry["evidence"] for entry in entries])
    frame = frame.drop(columns=["names", "evidence"]).set_index("id")
    if frame.index.has_duplicates:
        twice = sorted(frame.index[frame.index.duplicated()])
        raise ValueError(f"{path}, {key}: id {twice} stands twice; every id must be unique.")
    return frame


def questionnaire(model: Model) -> pd.DataFrame:
    """Every pairwise question of the model, once per context.

    Returns
    -------
    pandas.DataFrame
        Columns ``question_id, ring, context, left, right``: one question a row, contexts in the
        model's order, and within a context each component against those after it.
    """
    rows = [
        (f"{context}.{left}.{right}", rule["ring"], context, left, right)
        for rule in model.questionnaire_rules
        for context in model.contexts(rule)
        for left, right in combinations(model.ring(rule["ring"]), 2)
    ]
    return pd.DataFrame(rows, columns=["question_id", "ring", "context", "left", "right"])


def question_counts(model: Model) -> pd.DataFrame:
    """How many questions each column of Table 2 would hold under the model.

    Returns
    -------
    pandas.DataFrame
        Indexed by column of Table 2, columns ``ring, components, contexts, questions``.
    """
    rows = []
    for rule in model.questionnaire_rules:
        size, contexts = len(model.ring(rule["ring"])), model.contexts(rule)
        per_column = len(contexts) // len(rule["table2_columns"])
        rows += [
            (column, rule["ring"], size, per_column, comb(size, 2) * per_column)
            for column in rule["table2_columns"]
        ]
    columns = ["column", "ring", "components", "contexts", "questions"]
    return pd.DataFrame(rows, columns=columns).set_index("column")


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
