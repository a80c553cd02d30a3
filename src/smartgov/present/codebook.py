"""The codebook `data/README.md`: the formats of answers that are read, and every table of the data
package."""

from __future__ import annotations

import json
from pathlib import Path

from smartgov.files.layout import ROOT
from smartgov.files.sheets import (
    ENCODINGS,
    MAX_BYTES,
    MAX_CELLS,
    MAX_UNPACKED,
    READERS,
    SEPARATORS,
)
from smartgov.model import Model, questionnaire, read_model
from smartgov.panels import codebook, question_numbers
from smartgov.panels.codings import ACCEPTED, CODINGS

PACKAGE = ROOT / "data" / "datapackage.json"
CODEBOOK = ROOT / "data" / "README.md"

EXAMPLE_ANSWERS = """\
Code,Name,A1,A2,B1,B1 how much
k-01,…,1/5,-4,second,5
k-02,…,3,2,first,3
k-03,…,1,0,same,
"""
EXAMPLE_MAPPING = """\
expert: Code                # heading of the column of experts' codes
round: 1                    # or the heading of a column
coding: ratio               # how a single column holds an answer
words: {left: [first], right: [second], equal: [same]}   # only if the sides have words of your own
questions:
  - {column: A1, context: E1, left: economic_growth, right: policy_making}
  - {column: A2, context: E1, left: economic_growth, right: accountability, coding: signed}
  - {side: B1, intensity: B1 how much, context: E2, left: policy_making, right: key_enablers}
"""
RIGHT_5 = {"signed": "-4", "bipolar": "-5", "ratio": "1/5", "words": "R5"}
"""One judgement, the right side with intensity 5, in every coding."""


def read_package() -> dict:
    """The data package as a dictionary."""
    return json.loads(PACKAGE.read_text(encoding="utf-8"))


def codebook_text(package: dict, model: Model | None = None) -> str:
    """The codebook in Markdown: answers that are read; then every file, its origin and every
    column.

    Parameters
    ----------
    package : dict
        The data package.
    model : Model, optional
        Whose contexts and components answers may name; by default the repository's.
    """
    parts = [f"# {package['title']}", package["description"]]
    parts.append(
        "This file is written by `make codebook` from `data/datapackage.json` and from the rules"
        " that read answers (`src/smartgov/panels/`); edit those instead."
    )
    licences = "; ".join(
        f"[{licence['title']}]({licence['path']})" for licence in package["licenses"]
    )
    parts.append(f"Licence of all tables: {licences}.")
    parts.append(answers_section(read_model() if model is None else model))
    parts += [_resource(resource) for resource in package["resources"]]
    return "\n\n".join(parts) + "\n"


# Answers that a researcher brings.


def answers_section(model: Model) -> str:
    """Every format of answers that `make rerun` reads, in Markdown, from the rules that read
    them."""
    parts = [
        "## Your own answers",
        (
            "`make rerun PANEL=answers.csv NAME=almaty` reads a file in one of these formats and"
            " says which one it took it for, or what is wrong with it. `ROUND2=` adds a file of the"
            " second round (`FORMAT=` and `MAPPING=` then hold for both). A panel given to `make"
            " notebook` or `make export` is in tidy or wide form, without other columns."
        ),
        _formats(model),
        (
            "An answer's side is `left`, `right` or `equal`, or the favoured component's name, in"
            " English, Kazakh or Russian; the intensity runs from 2 to 9 and may carry its label"
            " (`5 – strongly`). With `equal` it is 1 or empty."
        ),
        _tidy(model),
        _mapping(),
        _limits(),
    ]
    return "\n\n".join(parts)


def _formats(model: Model) -> str:
    question = "__".join(
        next(questionnaire(model)[["context", "left", "right"]].itertuples(index=False))
    )
    number, asked = next(iter(question_numbers(model).items()))
    rows = {
        "one judgement a row": ("tidy", "the seven columns of the table below"),
        "one expert a row": (
            "wide",
            (
                "`expert` or `expert_code`, perhaps `round`, and for every question a column"
                f" `{question}` with -8 (right, intensity 9) to 8 (left, intensity 9), or two"
                f" columns `{question}__side` and `{question}__intensity`"
            ),
        ),
        "KoboToolbox, ODK": (
            "kobo",
            (
                "CSV or XLSX export of the form that `make instrument` writes: `expert_code`,"
                f" `{question}__side` and `{question}__intensity`, behind group names or not"
                f" (`{asked[0]}/…`, `{asked[0]}-…`); headings and answers may be labels instead."
                " Who refused consent is left out"
            ),
        ),
        "LimeSurvey": (
            "limesurvey",
            (
                "response export headed by codes, with or without texts: `expertcode`;"
                f" `{number}side` and `{number}intensity`, `A[{number}][1]` and `A[{number}][2]`,"
                f" or one column `{number}` with both (`R5`). `{number}` is {', '.join(asked)}: the"
                " numbers follow `model/questionnaire.csv`. Texts alone do if they name context,"
                " left and right, and LimeSurvey's own headings are English. Responses never"
                " submitted are left out"
            ),
        ),
        "any other table": (
            "mapping",
            "a mapping file says what its columns hold: `MAPPING=mapping.yaml`, see below",
        ),
    }
    lines = ["| your file | what is recognised | to name it |", "|---|---|---|"]
    return "\n".join(
        lines + [f"| {file} | {what} | `FORMAT={name}` |" for file, (name, what) in rows.items()]
    )


def _tidy(model: Model) -> str:
    lines = [
        "### Columns of the tidy form",
        "",
        "| column | type | meaning | accepted |",
        "|---|---|---|---|",
    ]
    for column in codebook(model):
        lines.append(
            f"| `{column['name']}` | {column['type']} | {column['description']} |"
            f" {column['accepted']} |"
        )
    return "\n".join(lines)


def _mapping() -> str:
    lines = ["| coding | a cell holds | right, intensity 5 |", "|---|---|---|"]
    lines += [f"| `{coding}` | {ACCEPTED[coding]} | `{RIGHT_5[coding]}` |" for coding in CODINGS]
    parts = [
        "### A mapping file",
        "A table with headings of its own, one expert a row:",
        f"```\n{EXAMPLE_ANSWERS}```",
        "and the file that says what they hold; columns it does not name are dropped:",
        f"```yaml\n{EXAMPLE_MAPPING}```",
        (
            "The first row then says three times: right, intensity 5. Without `coding` a column is"
            " `signed`."
        ),
        "\n".join(lines),
    ]
    return "\n\n".join(parts)


def _limits() -> str:
    files = ", ".join(f"`{ending}`" for ending in READERS)
    rows = [
        (
            f"Files: {files}; of a workbook the first sheet; headings in row 1. Up to"
            f" {MAX_BYTES / 1e6:.0f} MB, {MAX_CELLS / 1e6:.0f} million cells, and for a workbook"
            f" {MAX_UNPACKED / 1e6:.0f} MB unpacked."
        ),
        (
            f"Text files: {ENCODINGS} (Kazakh letters as in KZ-1048); cells separated by"
            f" {', '.join(SEPARATORS.values())}. Whole numbers may end in `,0` or `.0`."
        ),
        (
            "Without a column `round` the file is round 1, that of `ROUND2=` round 2. Every expert"
            " has one code, once a round, and answers half of the round's questions or more."
            " Capitals, blanks and Cyrillic letters that look Latin make no other code."
        ),
        (
            "Codes are issued anew. Columns that hold no code, round or answer are dropped and only"
            " named."
        ),
    ]
    return "\n\n".join(["### Limits", "\n".join(f"- {row}" for row in rows)])


# Tables of the data package.


def _resource(resource: dict) -> str:
    sources = "; ".join(source["title"] for source in resource["sources"])
    lines = [
        f"## `{resource['path']}`",
        "",
        resource["description"],
        "",
        f"Origin: {sources}.",
        "",
        "| column | type | meaning | allowed |",
        "|---|---|---|---|",
    ]
    lines += [_field(field) for field in resource["schema"]["fields"]]
    return "\n".join(lines)


def _field(field: dict) -> str:
    rules = field.get("constraints", {})
    allowed = [f"`{value}`" for value in rules.get("enum", [])]
    if "pattern" in rules:
        allowed.append(f"matches `{rules['pattern']}`".replace("|", "\\|"))
    if "minimum" in rules:
        allowed.append(f"{rules['minimum']} to {rules.get('maximum', '…')}")
    return f"| `{field['name']}` | {field['type']} | {field['description']} | {' '.join(allowed)} |"


def write_codebook() -> Path:
    """Write the codebook; returns its path relative to the repository."""
    CODEBOOK.write_text(codebook_text(read_package()), encoding="utf-8")
    return CODEBOOK.relative_to(ROOT)
