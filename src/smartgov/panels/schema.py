"""The one schema of a panel: rules for cells, and the text of the codebook.

`schema.yaml` is a Frictionless Table Schema. What a model adds to it, the components and
contexts that exist, is filled in here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from importlib.resources import files

import yaml

from smartgov.model import Model

FIELDS = ("expert", "round", "context", "left", "right", "favours", "intensity")


@cache
def _without_names() -> dict:
    """The schema before a model's names are filled in."""
    text = files("smartgov.panels").joinpath("schema.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def panel_schema(model: Model, unnamed: Iterable[str] = ()) -> dict:
    """Table schema of a panel of this model, as a Frictionless descriptor.

    Parameters
    ----------
    model : Model
        Its ids are what context, left and right accept.
    unnamed : iterable of str
        Names of alternatives the article's tables imply without naming them.

    Examples
    --------
    >>> from smartgov.model import read_model
    >>> fields = panel_schema(read_model())["fields"]
    >>> [field["name"] for field in fields][:3], fields[2]["constraints"]["enum"][:3]
    (['expert', 'round', 'context'], ['E1', 'E2', 'E3'])
    """
    schema = deepcopy(_without_names())
    groups = model.groups()
    contexts = [group.context for group in groups]
    components = [name for group in groups for name in group.components] + [*unnamed]
    accepted = {"context": contexts, "left": components, "right": components}
    for field in schema["fields"]:
        if field["name"] in accepted:
            field["constraints"]["enum"] = list(dict.fromkeys(accepted[field["name"]]))
    return schema


def fields_by_name(schema: dict) -> dict[str, dict]:
    """The fields of a table schema, by name."""
    return {field["name"]: field for field in schema["fields"]}


def refuses(field: dict, text: str) -> bool:
    """Whether a field's type or constraints refuse the text of a cell.

    Examples
    --------
    >>> from smartgov.model import read_model
    >>> intensity = fields_by_name(panel_schema(read_model()))["intensity"]
    >>> [refuses(intensity, text) for text in ("9", "10", "2,5", "")]
    [False, True, True, True]
    """
    rules = field["constraints"]
    if not text:
        return rules["required"]
    if field["type"] == "integer":
        number = int(text) if re.fullmatch(r"[+-]?\d{1,9}", text) else None
        return number is None or not rules["minimum"] <= number <= rules["maximum"]
    return text not in rules.get("enum", [text]) or len(text) > rules.get("maxLength", len(text))


def accepted(field: dict) -> str:
    """What a field accepts, in words.

    Examples
    --------
    >>> from smartgov.model import read_model
    >>> fields = fields_by_name(panel_schema(read_model()))
    >>> accepted(fields["intensity"]), accepted(fields["favours"])
    ('a whole number from 1 to 9', 'one of left, right, equal')
    """
    rules = field["constraints"]
    if "enum" in rules:
        return "one of " + ", ".join(rules["enum"])
    if field["type"] == "integer":
        return f"a whole number from {rules['minimum']} to {rules['maximum']}"
    return f"a text of 1 to {rules['maxLength']} characters"


def codebook(model: Model) -> list[dict[str, str]]:
    """One entry a column of a panel file: ``name, title, type, description, accepted``."""
    return [
        {key: field[key] for key in ("name", "title", "type", "description")}
        | {"accepted": accepted(field)}
        for field in panel_schema(model)["fields"]
    ]
