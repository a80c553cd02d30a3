"""Exports of tools whose headings take several rows, and of tools that head columns by questions.

Shapes: Qualtrics' three heading rows (names, texts, import ids); SurveyMonkey's two, the second
blank below its own columns; 1KA's two, variables and labels; one row in Microsoft and Google Forms.
"""

import pytest
import yaml

from smartgov.panels import PanelProblems, read_answers

EQUAL = {"en": "Both equal", "ru": "Одинаково важны"}


def text_of(question, model, language="en"):
    context, left, right = (model.label(each, language) for each in question)
    return {
        "en": f"With regard to “{context}”: {left} or {right}?",
        "ru": f"Для «{context}»: {left} или {right}?",
    }[language]


def chosen(question, value, by_hand, model, language="en"):
    """The labels of a side and an intensity, as a tool writes what was chosen."""
    side, size = by_hand["side_and_intensity"](value)
    if side == "equal":
        return [EQUAL[language], ""]
    return [model.label(question[1 if side == "left" else 2], language), f"{size} – more important"]


def labelled(values, asked, by_hand, model, language="en"):
    """Two headings a question, and the rows of answers below."""
    headings = [
        heading
        for question in asked
        for heading in (text_of(question, model, language), f"How much? {question}")
    ]
    rows = [
        [
            cell
            for question, value in zip(asked, row, strict=True)
            for cell in chosen(question, value, by_hand, model, language)
        ]
        for row in values
    ]
    return headings, rows


def qualtrics(values, asked, by_hand, model, ids=True):
    texts, rows = labelled(values, asked, by_hand, model)
    texts = [t if n % 2 == 0 else f"{texts[n - 1]} - how much" for n, t in enumerate(texts)]
    names = [f"Q{n // 2 + 1}_{n % 2 + 1}" for n in range(len(texts))]
    own = ["StartDate", "Status", "Progress", "ResponseId", "Q0"]
    said = ["Start Date", "Response Type", "Progress", "Response ID", "Your expert code"]
    table = [own + names, said + texts]
    if ids:
        table.append([f'{{"ImportId":"QID{n}_TEXT"}}' for n in range(len(table[0]))])
    for n, (expert, row) in enumerate(zip(by_hand["experts"], rows, strict=True)):
        begun = f"2026-03-{n + 1:02d} 09:00:00"
        table.append([begun, "IP Address", "100", f"R_{n}abc", expert, *row])
    return table


def surveymonkey(values, asked, by_hand, model, language="en"):
    texts, rows = labelled(values, asked, by_hand, model, language)
    own = ["Respondent ID", "Collector ID", "Start Date", "Email Address", "Your expert code"]
    below = ["", "", "", "", "Open-Ended Response"]
    names = [text if n % 2 == 0 else "" for n, text in enumerate(texts)]
    parts = ["Which one?", "How much?"] * len(asked)
    table = [own + names, below + parts]
    for n, (expert, row) in enumerate(zip(by_hand["experts"], rows, strict=True)):
        table.append([114000000000 + n, 400, "03/01/2026 09:00:00 AM", "", expert, *row])
    return table


def one_ka(values, asked, by_hand, model):
    texts, rows = labelled(values, asked, by_hand, model)
    texts = [t if n % 2 == 0 else f"{texts[n - 1]} (strength)" for n, t in enumerate(texts)]
    own, said = ["recnum", "status", "lurker", "Q1"], ["Record number", "Status", "Lurker"]
    names = [f"Q{n // 2 + 2}{'ab'[n % 2]}" for n in range(len(texts))]
    table = [own + names, [*said, "Your expert code", *texts]]
    for n, (expert, row) in enumerate(zip(by_hand["experts"], rows, strict=True)):
        table.append([n + 1, 6, 0, expert, *row])
    return table


def one_row(values, asked, by_hand, model, own, language="en"):
    texts, rows = labelled(values, asked, by_hand, model, language)
    texts = [t if n % 2 == 0 else f"{texts[n - 1]}\u00a0How much?" for n, t in enumerate(texts)]
    stamps = ["2026/03/01 9:00:00 AM GMT+6"] * (len(own) - 1)
    pairs = zip(by_hand["experts"], rows, strict=True)
    return [own + texts, *([*stamps, expert, *row] for expert, row in pairs)]


TOOLS = {
    "Qualtrics": qualtrics,
    "Qualtrics without import ids": lambda *args: qualtrics(*args, ids=False),
    "SurveyMonkey": surveymonkey,
    "SurveyMonkey in Russian": lambda *args: surveymonkey(*args, language="ru"),
    "1KA": one_ka,
    "Microsoft Forms": lambda *args: one_row(
        *args, ["ID", "Start time", "Completion time", "Email", "Name", "Your\u00a0expert code"]
    ),
    "Google Forms": lambda *args: one_row(*args, ["Отметка времени", "Ваш код эксперта"], "ru"),
}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_questions_are_read_off_the_texts(
    tool, kind, values, asked, by_hand, tmp_path, model, same_answers
):
    header, *rows = TOOLS[tool](values, asked, by_hand, model)
    answers = read_answers(by_hand[kind](tmp_path / f"t.{kind}", header, rows), model)
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].missing == 0
    further = "Forms" not in tool
    assert further == any("headings too" in warning for warning in answers.warnings)


@pytest.mark.parametrize("tool", ["Qualtrics", "SurveyMonkey", "1KA"])
def test_rows_keep_the_numbers_of_a_spreadsheet(tool, values, asked, by_hand, tmp_path, model):
    header, *rows = TOOLS[tool](values, asked, by_hand, model)
    values_from = next(n for n, row in enumerate(rows) if by_hand["experts"][0] in row)
    place = next(n for n, cell in enumerate(rows[values_from + 2]) if cell == EQUAL["en"])
    rows[values_from + 2][place] = "neither"
    with pytest.raises(PanelProblems) as refused:
        read_answers(by_hand["csv"](tmp_path / "t.csv", header, rows), model)
    assert {problem.row for problem in refused.value.problems} == {values_from + 4}
    assert refused.value.problems[0].found == "'neither'"


@pytest.mark.parametrize("by", ["names", "texts"])
def test_a_mapping_file_may_name_the_columns_by_either_row(
    by, values, asked, by_hand, tmp_path, model, same_answers
):
    names, texts = [f"Q{n}" for n in range(len(asked))], [text_of(q, model) for q in asked]
    ids = [f'{{"ImportId":"QID{n}"}}' for n in range(len(asked) + 2)]
    table = [["EndDate", "code", *names], ["End Date", "Code", *texts], ids]
    pairs = zip(by_hand["experts"], values, strict=True)
    table += [["2026-03-01 09:40:00", expert, *map(int, row)] for expert, row in pairs]
    questions = [
        {"column": heading.replace("“", '"').upper(), "context": c, "left": left, "right": right}
        for heading, (c, left, right) in zip(names if by == "names" else texts, asked, strict=True)
    ]
    mapping = tmp_path / "mapping.yaml"
    entries = {"expert": "Code", "questions": questions}
    mapping.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    path = by_hand["csv"](tmp_path / "q.csv", table[0], table[1:])
    answers = read_answers(path, model, mapping=mapping)
    same_answers(answers.panel, answers.key)


def test_first_answers_are_not_taken_for_headings(values, asked, by_hand, tmp_path, model):
    header, rows = by_hand["wide"](values, asked)
    rows[0][1:] = ["n/a"] * len(asked)
    with pytest.raises(PanelProblems, match="row 2: found 0 of 135 questions answered"):
        read_answers(by_hand["csv"](tmp_path / "w.csv", header, rows), model)


def test_headings_that_differ_show_where(values, asked, by_hand, tmp_path, model):
    header, *rows = TOOLS["Microsoft Forms"](values, asked, by_hand, model)
    context, left, right = asked[0]
    question = {"context": context, "left": left, "right": right}
    said = {"side": header[6], "intensity": header[7].replace("How much", "How far")}
    mapping = tmp_path / "mapping.yaml"
    entries = {"expert": "Your expert code", "questions": [{**said, **question}]}
    mapping.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    path = by_hand["xlsx"](tmp_path / "m.xlsx", header, rows)
    with pytest.raises(PanelProblems, match="goes on “….*How much.” and not “….*How far.”"):
        read_answers(path, model, mapping=mapping)


def test_two_headings_that_look_alike_are_refused(values, asked, by_hand, tmp_path, model):
    path = by_hand["csv"](tmp_path / "a.csv", ["Code", "A 1", "a\u00a01"], [["x1", "3", "4"]])
    question = dict(zip(("context", "left", "right"), asked[0], strict=True))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        yaml.safe_dump({"expert": "Code", "questions": [{"column": "A\u20091", **question}]})
    )
    with pytest.raises(PanelProblems, match="found 2 headings that differ from it only in blanks"):
        read_answers(path, model, mapping=mapping)


@pytest.mark.parametrize("separator", ["/", "_", "|", " > ", " / ", "-", ".", " - ", "::"])
def test_groups_are_joined_by_anything(
    separator, values, asked, by_hand, tmp_path, model, same_answers
):
    header, rows = by_hand["kobo"](values, asked, separator=f"{separator}part{separator}")
    header[header.index("expert_code")] = f"opening{separator}expert_code"
    header += [f"E1{separator}shown_r1_1{separator}shown_r1_1__a__side"]
    path = by_hand["csv"](tmp_path / "k.csv", header, [[*row, "left"] for row in rows])
    answers = read_answers(path, model)
    same_answers(answers.panel, answers.key)
    assert answers.understood[0].format == "kobo" and answers.understood[0].questions_found == 135


@pytest.mark.parametrize("separator", ["/", "_", "|", " > ", " - ", "."])
def test_labels_behind_groups_joined_by_anything(
    separator, values, asked, by_hand, tmp_path, model, same_answers
):
    def heading(question, part):
        ring = "Middle ring" if question[0] in model.dimensions.index else "Inner ring"
        asks = " How much more important?" if part == "intensity" else ""
        return separator.join([ring, model.label(question[0]), text_of(question, model) + asks])

    def label(question, side):
        named = {"left": question[1], "right": question[2]}
        return model.label(named[side]) if side in named else EQUAL["en"]

    header, rows = by_hand["kobo"](values, asked, labels=label, headings=heading)
    header[header.index("expert_code")] = f"Opening{separator}Your expert code"
    answers = read_answers(by_hand["csv"](tmp_path / "k.csv", header, rows), model)
    same_answers(answers.panel, answers.key)


@pytest.mark.parametrize("contexts", [["E1", "E2", "E3"], ["E2"]])
def test_the_context_anywhere_in_a_heading_or_nowhere_where_there_is_one(
    contexts, asked, by_hand, tmp_path, model
):
    from dataclasses import replace

    rules = [rule for rule in model.questionnaire_rules if rule["ring"] == "middle"]
    rules = [{key: rule[key] for key in ("ring", "contexts")} for rule in rules]
    own = replace(model, dimensions=model.dimensions.loc[contexts], questionnaire_rules=rules)
    questions = [question for question in asked if question[0] in contexts]
    header, row = ["Timestamp", "Expert code"], ["2026-03-01", "k1"]
    for context, left, right in questions:
        where = f" for {own.label(context)}" if len(contexts) > 1 else ""
        pair = f"{own.label(left)} or {own.label(right)}"
        header += [f"Which matters more{where}: {pair}?", f"{pair}{where}: how much more?"]
        row += [own.label(right), "Strong (5)"]
    answers = read_answers(by_hand["csv"](tmp_path / "g.csv", header, [row]), own)
    read = answers.panel[["context", "left", "right"]].astype(str)
    assert {*read.itertuples(index=False, name=None)} == {*questions}
    assert {*answers.panel["favours"]} == {"right"} and {*answers.panel["intensity"]} == {5}
