"""The contract with the questionnaire: whatever form is generated, its export is read back."""

import pytest

from smartgov.instruments import form, questionnaire_sheets
from smartgov.panels import read_answers
from smartgov.words import LANGUAGES


def exported_fields(survey: list[dict]) -> list[tuple[dict, list[dict]]]:
    """Every field that an export has a column for, with the groups around it."""
    groups, fields = [], []
    for row in survey:
        if row["type"] == "begin_group":
            groups.append(row)
        elif row["type"] == "end_group":
            groups.pop()
        elif row["type"] != "note":
            fields.append((row, list(groups)))
    return fields


def export_of(sheets: dict, values, asked, by_hand, heading, label) -> tuple[list, list]:
    """An export of the form, as filled in by every expert."""
    fields = exported_fields(sheets["survey"])
    rows = []
    for expert, row in zip(by_hand["experts"], values, strict=False):
        given = {"consent": "yes", "expert_code": expert, "round": "1"}
        for question, value in zip(asked, row, strict=False):
            side, size = by_hand["side_and_intensity"](value)
            given["__".join(question) + "__side"] = side
            given["__".join(question) + "__intensity"] = "" if side == "equal" else str(size)
        rows.append([label(field, given.get(field["name"], "drawn")) for field, _ in fields])
    return [heading(field, groups) for field, groups in fields], rows


@pytest.mark.parametrize("fixed_order", [True, False])
@pytest.mark.parametrize("separator", ["/", "-"])
def test_names_as_headings(
    fixed_order, separator, values, asked, by_hand, tmp_path, model, same_answers
):
    sheets = questionnaire_sheets(model, LANGUAGES, fixed_order=fixed_order)
    table = export_of(
        sheets,
        values,
        asked,
        by_hand,
        lambda field, groups: separator.join(each["name"] for each in [*groups, field]),
        lambda field, text: text,
    )
    answers = read_answers(by_hand["csv"](tmp_path / "names.csv", *table), model)
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].questions_found == len(asked)
    assert all(
        "shuffle_" in heading or "shown_" in heading or heading == "consent"
        for heading in answers.dropped_columns
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_as_headings_and_answers(
    language, values, asked, by_hand, tmp_path, model, same_answers
):
    sheets = questionnaire_sheets(model, LANGUAGES, fixed_order=True)
    column = form.heading("label", language)
    choices = {(row["list_name"], row["name"]): row[column] for row in sheets["choices"]}

    def heading(field, groups):
        return "/".join(each.get(column, each["name"]) for each in [*groups, field])

    def label(field, text):
        return choices.get((field["type"].removeprefix("select_one "), text), text)

    answers = read_answers(
        by_hand["csv"](
            tmp_path / "labels.csv", *export_of(sheets, values, asked, by_hand, heading, label), ";"
        ),
        model,
    )
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].questions_found == len(asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_consent_refused_in_any_language(language, values, asked, by_hand, tmp_path, model):
    sheets = questionnaire_sheets(model, LANGUAGES, fixed_order=True)
    column = form.heading("label", language)
    header, rows = export_of(
        sheets,
        values,
        asked,
        by_hand,
        lambda field, groups: field.get(column, field["name"]),
        lambda field, text: text,
    )
    refused = next(
        row[column]
        for row in sheets["choices"]
        if (row["list_name"], row["name"]) == ("consent", "no")
    )
    rows[0] = [refused] + [""] * (len(header) - 1)
    answers = read_answers(by_hand["csv"](tmp_path / "refused.csv", header, rows), model)
    assert answers.understood[0].experts == len(rows) - 1
    assert answers.warnings == ("refused.csv: left out, as consent was refused: row 2.",)
