"""Matrices of pairwise comparisons, as Saaty writes them: one for every expert and context.

They may stand in sheets of their own or one below the other, with the components' names above, to
the left, or both. Whose a matrix is and which context it is about is read off a cell above it, its
corner, or the sheet's title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from smartgov.files.problems import Problem, in_cell
from smartgov.files.sheets import Grid
from smartgov.model import Model
from smartgov.panels.codings import ACCEPTED, NOT_ANSWERED, if_missing, ratios, too_short, whole
from smartgov.panels.forms import EXPERT_HEADINGS, Reading, raw_table
from smartgov.panels.names import folded, identifiers, sums_up

EXPERT = (
    *EXPERT_HEADINGS,
    *("participant", "respondent", "эксперт", "участник", "респондент", "сарапшы", "қатысушы"),
)
NO_CODE = re.compile(
    r"(?<!\w)(?:sheet|table|matrix|comparisons?|round|лист|таблица|матрица|раунд|парақ|кесте|кезең)"
    r"\W*\d*(?!\w)"
)
UNNAMED = re.compile(r"(\d+)\s*[x×]\s*\1 decision matrix", re.IGNORECASE)  # AHP-OS writes no names
FLIPPED = {"left": "right", "right": "left", "equal": "equal"}
WHERE = (
    "in the sheet's title or in a cell above the matrix, such as “Expert: K-07” and “Context: {}”"
)


@dataclass(frozen=True)
class Block:
    """A matrix in a grid: the ids of its rows and columns, and where its cells are.

    `cells` holds text and place (row of the grid, address) by ids of row and column; `above` are
    the texts between the matrix before and this one, the nearest first; `beside` says that another
    matrix stands in the same rows.
    """

    grid: Grid
    row: int
    cells: dict[tuple[str, str], tuple[str, int, str]]
    above: list[str]
    beside: bool = False


class Named:
    """What cells may call contexts and components, and which components a context compares."""

    def __init__(self, model: Model, names: dict[str, str]) -> None:
        self.ids = identifiers(model) | names
        self.groups = [(group.context, {*group.components}) for group in model.groups()]
        longest_first = sorted(self.ids, key=len, reverse=True)
        written = "|".join(map(re.escape, longest_first))
        self.pattern = re.compile(rf"(?<![^\W_])(?:{written})(?![^\W_])")

    def component(self, text: str) -> str:
        """The component that a cell names, or an empty string."""
        name = self.ids.get(folded(text), "")
        return name if any(name in ids for _, ids in self.groups) else ""

    def together(self, ids: Iterable[str]) -> list[str]:
        """The contexts that compare all of these components."""
        ids = {*ids}
        return [context for context, compared in self.groups if ids <= compared]


def blocks(grid: Grid, named: Named) -> Iterator[Block]:
    """The matrices of a grid, from above to below."""
    rows = [cells for _, cells in grid.rows]
    start = above = 0
    while start < len(rows):
        found = _headed(rows, start, named) or _labelled(rows, start, named)
        if not found:
            start += 1
            continue
        places, corner, end = found
        texts = [cell for cells in reversed(rows[above:start]) for cell in _joined(cells)]
        cells = {
            pair: (_cell(rows[r], c), grid.rows[r][0], f"{_letters(c)}{grid.rows[r][0]}")
            for pair, (r, c) in places.items()
        }
        right = max(column for _, column in places.values()) + 1
        beside = any(map(named.component, rows[start][right:]))
        yield Block(grid, grid.rows[start][0], cells, [*corner, *texts], beside)
        start = above = end


def _cell(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _letters(column: int) -> str:
    """The letters of a column, from A."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def _joined(cells: list[str]) -> list[str]:
    """The texts of a row that stands above a matrix; a word for the expert takes its code along."""
    texts = [cell for cell in cells if cell and not re.fullmatch(r"[\d.,/ ]+", cell)]
    pairs = [
        f"{a}: {b}" for a, b in zip(cells, cells[1:], strict=False) if folded(a) in EXPERT and b
    ]
    return pairs + texts


Places = dict[tuple[str, str], tuple[int, int]]


def _headed(
    rows: list[list[str]], start: int, named: Named
) -> tuple[Places, list[str], int] | None:
    """A matrix below a row of names, with names to its left or, if there are none, in one order."""
    columns: dict[str, int] = {}
    for column, text in enumerate(rows[start]):
        component = named.component(text)
        if component and component not in columns and named.together({*columns, component}):
            columns[component] = column
        elif columns and text:
            break
    first = min(columns.values(), default=0)
    if len(columns) < 2:
        return None
    left: dict[str, int] = {}
    for row in range(start + 1, len(rows)):
        labels = [named.component(text) for text in rows[row][:first]]
        label = next((each for each in reversed(labels) if each in columns), None)
        if label is None or label in left:
            break
        left[label] = row
    if not left:
        below = range(start + 1, start + 1 + len(columns))
        if below.stop > len(rows) or not all(
            _is_number(_cell(rows[row], column)) for row in below for column in columns.values()
        ):
            return None
        left = dict(zip(columns, below, strict=True))
    places = {(a, b): (r, c) for a, r in left.items() for b, c in columns.items()}
    return places, [text for text in rows[start][:first] if text], max(left.values()) + 1


def _labelled(
    rows: list[list[str]], start: int, named: Named
) -> tuple[Places, list[str], int] | None:
    """A square of numbers with names to its left only: its columns are in the order of its rows."""
    cells = rows[start]
    column = next((c for c, text in enumerate(cells) if named.component(text)), None)
    if column is None:
        return None
    names: list[str] = []
    for row in rows[start:]:
        name = named.component(_cell(row, column))
        if not name or name in names or not named.together([*names, name]):
            break
        names.append(name)
    size = len(names)
    square = [rows[start + i][column + 1 : column + 1 + size] for i in range(size)]
    given = [cell for row in square for cell in row if cell]
    ones = sum(folded(whole(_cell(square[i], i))) in ("", "1") for i in range(size))
    # else a list of weights, or of words
    if size < 2 or 2 * len(given) < size * (size - 1) or 2 * ones < size:
        return None
    if 2 * sum(map(_is_number, given)) < len(given) or any(map(named.component, given)):
        return None
    places = {
        (a, b): (start + i, column + 1 + j)
        for i, a in enumerate(names)
        for j, b in enumerate(names)
    }
    return places, [], start + size


def _is_number(text: str) -> bool:
    return not text or bool(re.fullmatch(r"[\d.,/: ⁄½⅓¼⅕⅙⅛⅐⅑-]+", text))


# Whose it is, and what it is about.


def _context(block: Block, named: Named, given: str) -> tuple[str, list[Problem]]:
    """The context of a matrix: what is given, the only one that is possible, or what is named."""
    ids = {each for pair in block.cells for each in pair}
    possible = named.together(ids)
    if len(possible) == 1:
        return possible[0], []
    named_in = [
        {named.ids[name] for name in named.pattern.findall(folded(text))} & {*possible}
        for text in [*block.above, block.grid.title]
    ]
    found = next(filter(None, named_in), {given} & {*possible})
    if len(found) == 1:
        return found.pop(), []
    several = f"{' and '.join(sorted(found))} as the context of a matrix"
    accepted = (
        f"one of {', '.join(possible)} {WHERE.format(possible[0])}; or for all matrices context:"
        f" {possible[0]} in a mapping file"
    )
    what = several if found else "a matrix without its context"
    return "", [Problem(block.grid.file, block.row, _corner(block), what, accepted)]


def _said_expert(block: Block) -> str:
    """The code that stands above a matrix behind a word for the expert, or an empty string."""
    said = "|".join(sorted(map(re.escape, EXPERT), key=len, reverse=True))
    pattern = rf"(?:{said})(?:\s*[:№#=–-]\s*|\s+)(\S.*)"
    return next((m[1] for text in block.above if (m := re.fullmatch(pattern, text, re.I))), "")


def _expert(block: Block, named: Named) -> str:
    """The code that is left of the sheet's title beside the context, or a code above the matrix."""
    for text in (block.grid.title, *block.above):
        code = NO_CODE.sub(" ", named.pattern.sub(" ", folded(text)))
        code = re.sub(r"\s+", " ", code).strip(" .,:;_-()|/")
        if code and (text == block.grid.title or re.fullmatch(r"(?=.*\d)\S{1,20}", code)):
            at = text.casefold().find(code)
            return text[at : at + len(code)] if at >= 0 else code
    return ""


def _sheet(grid: Grid) -> str:
    return f"of sheet {grid.title!r}" if grid.sheets else ""


def _corner(block: Block) -> str:
    return f"A{block.row} {_sheet(block.grid)}".strip()


# Its cells.


def read_matrices(
    grids: Iterable[Grid], model: Model, round: int = 1, context: str = "", names=None
) -> Reading:
    """Read every matrix of a file or folder; `context` is that of matrices that name none.

    A judgement may stand on either side of the diagonal, or on both, where one must be the inverse
    of the other as far as its decimals go.
    """
    named = Named(model, names or {})
    given = named.ids.get(folded(context), context)
    rows, problems = [], []
    for grid in grids:
        problems += _unnamed(grid)
        said, at_expert = "", _sheet(grid) or "expert"
        for block in blocks(grid, named):
            said = _said_expert(block) or said
            expert = said or _expert(block, named)
            about, no_context = _context(block, named, given)
            judgements, odd = _judgements(block)
            problems += [*_misplaced(block, expert), *no_context, *odd]
            for (left, right), (favours, size, row, address) in judgements.items():
                at = f"{address} {_sheet(grid)}".strip()
                answer = expert, str(round), about, left, right, favours, size
                rows.append((*answer, grid.file, row, at_expert, "", at, at))
    raw = raw_table([row for row in rows if row[0] and row[2]])
    return Reading(raw, problems, set())


def _misplaced(block: Block, expert: str) -> list[Problem]:
    """A matrix of nobody, of a whole group, or beside another."""
    found = {}
    if not expert:
        found["a matrix of no expert"] = f"a code {WHERE.format('E1')}"
    if sums_up(expert):
        found[f"a matrix of {expert!r}"] = "experts' own matrices; take the group's out of the file"
    if block.beside:
        found["two matrices side by side"] = "one below the other, or in sheets of their own"
    file, at = block.grid.file, _corner(block)
    return [Problem(file, block.row, at, what, accepted) for what, accepted in found.items()]


def has_matrices(grids: Iterable[Grid], model: Model) -> bool:
    """Whether a file holds a matrix, named or not."""
    named = Named(model, {})
    return any(_unnamed(grid) or any(True for _ in blocks(grid, named)) for grid in grids)


def _unnamed(grid: Grid) -> list[Problem]:
    """Matrices as AHP-OS saves them: a project's without names, a group's without experts."""
    names = "the components' names in the cells before each row of the matrix"
    own = "the project's details, which hold the matrices of every participant"
    problems = []
    for place, (number, cells) in enumerate(grid.rows):
        below = "".join(grid.rows[place + 1][1]) if place + 1 < len(grid.rows) else ""
        for cell in cells:
            if UNNAMED.fullmatch(cell) and not re.search(r"[^\W\d_]", below):
                what = f"{cell!r} without the components' names"
                problems.append(Problem(grid.file, number, "", what, names))
            elif folded(cell) == "consolidated decision matrix":
                problems.append(Problem(grid.file, number, "", "the judgements of a group", own))
    return problems


def _judgements(block: Block) -> tuple[dict, list[Problem]]:
    """Side, intensity and place of every pair, and the cells that cannot be read."""
    file, title = block.grid.file, _sheet(block.grid)
    found, problems = {}, []

    def refuse(place: tuple[str, int, str], what: str, accepted: str) -> None:
        problems.append(Problem(file, place[1], f"{place[2]} {title}".strip(), what, accepted))

    ids = list(dict.fromkeys(each for pair in block.cells for each in pair))
    blank = ("", 0, "")
    for one in ids:
        place = block.cells.get((one, one), blank)
        if folded(whole(place[0])) not in ("", "1"):
            accepted = "1 or nothing on the diagonal; tables computed from a matrix have no place"
            refuse(place, in_cell(place[0]), accepted)
    for left, right in combinations(ids, 2):
        here, there = (block.cells.get(pair, blank) for pair in ((left, right), (right, left)))
        texts = ["" if folded(text) in NOT_ANSWERED else text for text in (here[0], there[0])]
        place = here if texts[0] else there if texts[1] else here if here[2] else there
        meant = [ratios(texts[0]), [(FLIPPED[side], size) for side, size in ratios(texts[1])]]
        given = [each for each, text in zip(meant, texts, strict=True) if text]
        for each, at in zip(meant, (here, there), strict=True):
            if at[0] and folded(at[0]) not in NOT_ANSWERED and not each:
                refuse(at, in_cell(at[0]), ACCEPTED["ratio"] + if_missing(at[0]))
        if not all(given):
            continue
        both = [each for each in given[0] if each in given[-1]] if given else [("", "")]
        if not both:
            mirrored = f"{in_cell(here[0])}, and {in_cell(there[0])} in {there[2]}"
            refuse(here, mirrored, "one the inverse of the other, such as 5 and 1/5")
        elif len(both) > 1 and too_short(texts[0] or texts[1]):
            refuse(place, in_cell(place[0]) + too_short(place[0]), ACCEPTED["ratio"])
        else:
            found[left, right] = (*both[0], place[1], place[2])
    return found, problems
