"""The one schema of a panel: rules for cells, and the text of the codebook.

`schema.yaml` is a Frictionless Table Schema. What a model adds to it, the components and
contexts that exist, is filled in here.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from importlib.resources import files

import yaml
from frictionless import Schema
from frictionless.schema import Field

from smartgov.model import Model

FIELDS = ("expert", "round", "context", "left", "right", "favours", "intensity")


@cache
def _descriptor() -> dict:
    return yaml.safe_load(
        files("smartgov.panels").joinpath("schema.yaml").read_text(encoding="utf-8")
    )


def panel_schema(model: Model, unnamed: Iterable[str] = ()) -> dict:
    """Table schema of a panel of this model, as a Frictionless descriptor.

    Parameters
    ----------
    model : Model
    unnamed : iterable of str
        Names of alternatives the article's tables imply without naming them.

    Returns
    -------
    dict
        Contexts, left and right carry the model's ids as enumerations.

    Examples
    --------
    >>> from smartgov.model import read_model
    >>> fields = panel_schema(read_model())["fields"]
    >>> [field["name"] for field in fields][:3], fields[2]["constraints"]["enum"][:3]
    (['expert', 'round', 'context'], ['E1', 'E2', 'E3'])
    """
    descriptor = deepcopy(_descriptor())
    contexts = [context for rule in model.questionnaire_rules for context in model.contexts(rule)]
    components = [name for rule in model.questionnaire_rules for name in model.ring(rule["ring"])]
    accepted = {
        "context": contexts,
        "left": components + list(unnamed),
        "right": components + list(unnamed),
    }
    for field in descriptor["fields"]:
        if field["name"] in accepted:
            field["constraints"]["enum"] = list(dict.fromkeys(accepted[field["name"]]))
    return descriptor


def cell_rules(schema: dict) -> dict[str, Field]:
    """Frictionless fields by name; ``field.read_cell(text)`` gives the value and what is wrong."""
    return {field.name: field for field in Schema.from_descriptor(deepcopy(schema)).fields}


def accepted(field: Field) -> str:
    """What a field accepts, in words.

    Examples
    --------
    >>> from smartgov.model import read_model
    >>> rules = cell_rules(panel_schema(read_model()))
    >>> accepted(rules["intensity"])
    'a whole number from 1 to 9'
    >>> accepted(rules["favours"])
    'one of left, right, equal'
    """
    constraints = field.constraints
    if "enum" in constraints:
        return "one of " + ", ".join(constraints["enum"])
    if field.type == "integer":
        return f"a whole number from {constraints['minimum']} to {constraints['maximum']}"
    return f"a text of 1 to {constraints['maxLength']} characters"


def codebook(model: Model) -> list[dict[str, str]]:
    """One entry a column of a panel file: ``name, title, type, description, accepted``."""
    schema = panel_schema(model)
    rules = cell_rules(schema)
    return [
        {key: field[key] for key in ("name", "title", "type", "description")}
        | {"accepted": accepted(rules[field["name"]])}
        for field in schema["fields"]
    ]
