"""Matrices as Saaty writes them: one for every expert and context, laid out in many ways."""

import csv
import io

import openpyxl
import pytest
import yaml

from smartgov.panels import PanelProblems, read_answers

COVER = [["AHP survey, 2026"], [], ["Pairwise comparisons of the components"]]


def saaty(value, style="fraction"):
    if value >= 0:
        return value + 1
    number = 1 - value
    return {
        "fraction": f"1/{number}",
        "number": 1 / number,
        "comma": f"{1 / number:.2f}".replace(".", ","),
        "colon": f"1 : {number}",
    }[style]


def matrix(model, context, given, *, order=None, both=True, style="fraction", language="en"):
    """Names above and to the left, and cells on one side of the diagonal or on both.

    `given` holds signed values by pair, in the model's order.
    """
    ids = order or {each.context: list(each.components) for each in model.groups()}[context]
    place = {each: n for n, each in enumerate(model.components.index)}
    names = [model.label(each, language) if language else each for each in ids]

    def cell(one, other):
        if one == other:
            return 1
        known, sign = (one, other), 1
        if place[one] > place[other]:
            known, sign = (other, one), -1
        return saaty(sign * int(given[known]), style)

    table = [["", *names]]
    for i, one in enumerate(ids):
        cells = [cell(one, other) if both or i <= j else "" for j, other in enumerate(ids)]
        table.append([names[i], *cells])
    return table


def matrices(values, asked, by_hand, model, **style):
    """Every expert's and context's matrix."""
    for expert, row in zip(by_hand["experts"], values, strict=True):
        for context in {each.context: list(each.components) for each in model.groups()}:
            given = {q[1:]: v for q, v in zip(asked, row, strict=True) if q[0] == context}
            yield expert, context, matrix(model, context, given, **style)


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def grid(path, rows, separator=","):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")
    return path


def a_sheet_for_each(values, asked, by_hand, tmp_path, model):
    """A sheet an expert and context, named in the title by ids."""
    sheets = [(f"{e} {c}"[:31], t) for e, c, t in matrices(values, asked, by_hand, model)]
    return workbook(tmp_path / "m.xlsx", sheets)


def a_sheet_for_each_expert(values, asked, by_hand, tmp_path, model):
    """A sheet an expert, matrices one below another, the context in the corner; a cover before."""
    sheets = {"Обложка": COVER}
    style = {"both": False, "style": "number", "language": "ru"}
    for expert, context, table in matrices(values, asked, by_hand, model, **style):
        table[0][0] = model.label(context, "ru")
        sheets.setdefault(expert, []).extend([*table, []])
    return workbook(tmp_path / "m.xlsx", sheets.items())


def one_table_of_all(values, asked, by_hand, tmp_path, model):
    """One CSV file, captions in a row of their own, components in another order."""
    rows = []
    for expert, row in zip(by_hand["experts"], values, strict=True):
        rows.append([f"Эксперт: {expert}"])
        for context, ids in {
            each.context: list(each.components) for each in model.groups()
        }.items():
            given = {q[1:]: v for q, v in zip(asked, row, strict=True) if q[0] == context}
            table = matrix(model, context, given, order=ids[::-1], style="comma", language="kk")
            rows += [[f"Критерий: {model.label(context, 'kk')}"], *table, []]
    return grid(tmp_path / "m.csv", rows, ";")


def a_sheet_for_each_context(values, asked, by_hand, tmp_path, model):
    """A sheet a context, the expert's code above each matrix, names in the rows only."""
    sheets = {}
    for expert, context, table in matrices(values, asked, by_hand, model, style="colon"):
        rows = [row + ["", 0.25] for row in table[1:]]  # a weight behind
        sheets.setdefault(context, []).extend([[expert], *rows, []])
    return workbook(tmp_path / "m.xlsx", sheets.items())


def ahp_os(values, asked, by_hand, tmp_path, model, named=True):
    """A project's details as AHP-OS saves them, names typed before each row."""
    rows = [[*map(str, range(14)), "15"], ["Session Code", "aBcDe"], ["Project Name", "Smart city"]]
    rows += [["Author", "someone"], ["Evaluation type", "Hierarchy"], ["No of Participants", 13]]
    last = ""
    for expert, context, table in matrices(values, asked, by_hand, model):
        if expert != last:
            rows += [["Participant", expert], [""]]
            last = expert
        size = len(table) - 1
        rows.append(["Node", model.label(context), f"{size}x{size} decision matrix"])
        for name, *cells in table[1:]:
            printed = (f"{decimal(cell):.8f}" for cell in cells)
            rows.append(["", name if named else "", *printed, ""])
        rows.append([])
    path = grid(tmp_path / "details.csv", rows)
    path.write_text("sep=,\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def decimal(cell):
    return 1 / int(cell[2:]) if isinstance(cell, str) else cell


def a_file_for_each(values, asked, by_hand, tmp_path, model):
    """A folder with a CSV file an expert and context, named in the file's name by ids."""
    (tmp_path / "all").mkdir()
    for expert, context, table in matrices(values, asked, by_hand, model, style="number"):
        grid(tmp_path / "all" / f"{expert} {context}.csv", table)
    return tmp_path / "all"


def a_file_for_each_expert(values, asked, by_hand, tmp_path, model):
    """A folder with a CSV file an expert, matrices one below another below their captions."""
    (tmp_path / "all").mkdir()
    tables = {}
    for expert, context, table in matrices(values, asked, by_hand, model, both=False):
        tables.setdefault(expert, []).extend([[f"Context: {model.label(context)}"], *table, []])
    for expert, rows in tables.items():
        grid(tmp_path / "all" / f"{expert}.csv", rows, ";")
    return tmp_path / "all"


LAYOUTS = [
    a_file_for_each,
    a_file_for_each_expert,
    a_sheet_for_each,
    a_sheet_for_each_expert,
    one_table_of_all,
    a_sheet_for_each_context,
    ahp_os,
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout(layout, values, asked, by_hand, tmp_path, model, same_answers):
    answers = read_answers(layout(values, asked, by_hand, tmp_path, model), model)
    same_answers(answers.panel, answers.key)
    (understood,) = answers.understood
    assert (understood.format, understood.missing) == ("matrices", 0)


def test_a_folder_by_hand_and_a_cell_that_contradicts_its_mirror(tmp_path, model):
    names = ["emerging_technologies", "ict_innovation", "data"]
    above = [["smart_services"], ["", *names]]
    given = {
        "K-1": [["1", "3", "1/5"], ["1/3", "1", "1"], ["5", "1", "1"]],
        "K-2": [["1", "0,25", ""], ["", "1", "9"], ["2", "", "1"]],
    }
    for expert, cells in given.items():
        rows = [[name, *row] for name, row in zip(names, cells, strict=True)]
        grid(tmp_path / f"{expert}.csv", [*above, *rows], ";")
    answers = read_answers(tmp_path, model, min_answered=0)
    panel = answers.panel.assign(
        expert=answers.panel["expert"].map({v: k for k, v in answers.key.items()})
    )
    assert {(*row,) for row in panel.drop(columns="round").to_numpy()} == {
        ("K-1", "smart_services", "emerging_technologies", "ict_innovation", "left", 3),
        ("K-1", "smart_services", "emerging_technologies", "data", "right", 5),
        ("K-1", "smart_services", "ict_innovation", "data", "equal", 1),
        ("K-2", "smart_services", "emerging_technologies", "ict_innovation", "right", 4),
        ("K-2", "smart_services", "emerging_technologies", "data", "right", 2),
        ("K-2", "smart_services", "ict_innovation", "data", "left", 9),
    }
    text = (tmp_path / "K-2.csv").read_text(encoding="utf-8").replace("data;2;;1", "data;2;9;1")
    (tmp_path / "K-2.csv").write_text(text, encoding="utf-8")
    with pytest.raises(PanelProblems, match="K-2.csv, row 4, column D4: found '9', and '9' in C5"):
        read_answers(tmp_path, model, min_answered=0)


@pytest.mark.parametrize("given", [None, "E1", "Open government"])
def test_a_context_that_no_cell_names_is_asked_for(given, values, asked, by_hand, tmp_path, model):
    sheets = [
        (expert, table)
        for expert, context, table in matrices(values, asked, by_hand, model)
        if context == "E1"
    ]
    path = workbook(tmp_path / "m.xlsx", sheets)
    if given is None:
        with pytest.raises(PanelProblems) as refused:
            read_answers(path, model)
        problem = refused.value.problems[0]
        assert (problem.column, problem.found) == (
            f"A1 of sheet {sheets[0][0]!r}",
            "a matrix without its context",
        )
        assert "context: E1 in a mapping file" in problem.accepted
        return
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.safe_dump({"context": given}), encoding="utf-8")
    answers = read_answers(path, model, mapping=mapping)
    assert set(answers.panel["context"]) == {"E1" if given == "E1" else "E2"}
    assert len(answers.panel) == 13 * 36


def one_matrix(values, asked, by_hand, model):
    """The first expert's matrix of E1 below a line with code and context; rows start at 2."""
    _, _, table = next(matrices(values, asked, by_hand, model))
    return [["Expert: K-07", "E1"], *table]


def a_cell(row, column, text):
    def change(rows):
        rows[row][column] = text

    return change


FAULTS = {
    "contradicts its mirror": (a_cell(2, 2, 7), "C3", "'7', and '1/9' in B4", "the inverse"),
    "mirror within its decimals": (a_cell(2, 2, "0.1"), "C3", "'0.1', and '1/9' in B4", "inverse"),
    "diagonal": (a_cell(3, 2, 2), "C4", "'2'", "1 or nothing on the diagonal"),
    "not Saaty's": (a_cell(2, 2, "2.5"), "C3", "'2.5'", "a whole number from 1 to 9"),
    "no expert": (a_cell(0, 0, "About"), "A2", "a matrix of no expert", "a code in the sheet's"),
    "totals": (a_cell(0, 0, "Expert: Total"), "A2", "a matrix of 'Total'", "experts' own"),
    "two contexts": (a_cell(0, 1, "E1 or E2"), "A2", "E1 and E2 as the context", "one of E1, E2"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_placed(fault, values, asked, by_hand, tmp_path, model):
    rows = one_matrix(values, asked, by_hand, model)
    assert (rows[2][2], rows[3][1]) == (9, "1/9")
    change, at, found, accepted = FAULTS[fault]
    change(rows)
    with pytest.raises(PanelProblems) as refused:
        read_answers(grid(tmp_path / "m.csv", rows), model)
    problem = refused.value.problems[0]
    assert problem.column == at and found in problem.found and accepted in problem.accepted


MORE = "save more decimals, or fractions)"


@pytest.mark.parametrize(
    ("upper", "lower", "read"),
    [
        ("0.11", "", ("right", 9)),
        ("0,2", "", ("right", 5)),
        ("0.2", "6", ("right", 6)),  # one decimal printed
        ("0.1", "9", ("right", 9)),
        ("", "0.333333", ("left", 3)),
        ("⅓", "3", ("right", 3)),
        ("-", "—", None),
        ("0.1", "", f"'0.1' (1/6 or 1/7 or 1/8 or 1/9? {MORE}"),
        ("", "0,3", f"'0,3' (1/3 or 1/4? {MORE}"),
    ],
)
def test_decimals_say_what_they_can(upper, lower, read, values, asked, by_hand, tmp_path, model):
    rows = one_matrix(values, asked, by_hand, model)
    rows[2][2], rows[3][1] = upper, lower
    path = grid(tmp_path / "m.csv", rows)
    if isinstance(read, str):
        with pytest.raises(PanelProblems) as refused:
            read_answers(path, model)
        assert [problem.found for problem in refused.value.problems] == [read]
        return
    panel = read_answers(path, model).panel
    first = panel[(panel["left"] == "economic_growth") & (panel["right"] == "policy_making")]
    assert [(*row,) for row in first[["favours", "intensity"]].to_numpy()] == [read] * bool(read)


def test_matrices_side_by_side_are_refused(values, asked, by_hand, tmp_path, model):
    rows = [[*row, "", *row] for row in one_matrix(values, asked, by_hand, model)]
    with pytest.raises(PanelProblems, match="two matrices side by side"):
        read_answers(grid(tmp_path / "m.csv", rows), model)


def test_what_ahp_os_does_not_say_is_asked_for(values, asked, by_hand, tmp_path, model):
    path = ahp_os(values, asked, by_hand, tmp_path, model, named=False)
    with pytest.raises(PanelProblems) as refused:
        read_answers(path, model)
    problem = refused.value.problems[0]
    assert problem.found == "'9x9 decision matrix' without the components' names"
    assert problem.accepted.startswith("the components' names in the cells before each row")
    rows = [["Node", "Smart city"], ["Consolidated Decision Matrix"], ["", "1.0", "2.0"]]
    with pytest.raises(PanelProblems, match="found the judgements of a group; accepted: the proj"):
        read_answers(grid(tmp_path / "g.csv", rows), model)


def test_a_model_with_one_context_needs_no_word_for_it(tmp_path, model):
    from dataclasses import replace

    ids = ["economic_growth", "policy_making", "data"]
    small = replace(
        model,
        dimensions=model.dimensions.loc[["E1"]],
        components=model.components.loc[ids].assign(ring="middle"),
        questionnaire_rules=[
            {"ring": "middle", "contexts": "dimensions", "table2_columns": ["E1"]}
        ],
    )
    rows = [["", *ids], [ids[0], 1, 3, "1/5"], [ids[1], "", 1, 1], [ids[2], "", "", 1]]
    panel = read_answers(workbook(tmp_path / "m.xlsx", [("K-07", rows)]), small).panel
    said = panel[["context", "left", "right", "favours", "intensity"]].to_numpy().tolist()
    assert said == [
        ["E1", "economic_growth", "policy_making", "left", 3],
        ["E1", "economic_growth", "data", "right", 5],
        ["E1", "policy_making", "data", "equal", 1],
    ]
