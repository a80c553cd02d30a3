"""What the printed figures imply, inferred once and read by every check.

Nothing here is assumed: the questionnaire's length and the number of experts follow from Table 2,
the number of items in each row of Table 4 from its W and p, and each is held as the audit engine
returned it, with its proof.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats import chi2

from smartgov.article import definitions, timeline
from smartgov.article.published import CLOSING_ROWS, DIMENSIONS, INNER_COMPARISONS, experts, table
from smartgov.audit import granularity
from smartgov.audit.printed import Printed, parse_printed
from smartgov.audit.row import Reading, Row
from smartgov.audit.row_at import RowAt
from smartgov.audit.table_size import TableSize, implied_table_size
from smartgov.model import Model, larger_models, question_counts, read_model

SHARE_COLUMNS = (*DIMENSIONS, "Q27")
QUESTIONS_BOUND = 70
"""Largest number of questions tried for a column of Table 2: about twice the 36 pairs."""
EXPERTS_BOUND = 100
RATERS, ITEMS = range(2, 31), range(2, 20)
"""Panel sizes and numbers of items that are tried for Tables 3 and 4."""


READING = Reading(p=("chi2",), ties="corrected")
"""SPSS corrects W for ties and prints the chi-square p; 16 of Table 4's 21 cells follow it."""

RANKS = tuple(f"mean_ranks[{k}]" for k in range(1, len(INNER_COMPARISONS) + 1))
FIGURE_OF = dict(zip(INNER_COMPARISONS, RANKS, strict=True)) | {"W": "W", "p": "p"}
"""The engine's name of each column of Table 3."""
COLUMN_OF = {figure: column for column, figure in FIGURE_OF.items()}


class Evidence:
    """Everything the checks draw on; each part is computed when first asked for.

    The conceptual model is that of `data/model` unless another is given; `seed` is that of the
    reconstructed panels.
    """

    def __init__(self, model: Model | None = None, seed: int = 2022) -> None:
        self.model = model or read_model()
        self.seed = seed

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Experts' shares of Table 2, parsed: experts × (E1, E2, E3, Q27, overall)."""
        return table(2).loc[experts(), [*SHARE_COLUMNS, "overall"]].map(parse_printed)

    @cached_property
    def sizes(self) -> np.ndarray:
        """Every joint choice of questionnaire lengths that prints Table 2, shape (choices, 4)."""
        *columns, overall = (list(cells) for _, cells in self.shares.items())
        return granularity.feasible_sizes(columns, QUESTIONS_BOUND, overall)

    @property
    def lengths(self) -> dict[str, int]:
        """Number of questions in each column of Table 2.

        Raises
        ------
        ValueError
            If the printed shares leave more than one answer up to :data:`QUESTIONS_BOUND`.
        """
        if len(self.sizes) != 1:
            raise ValueError(
                f"Table 2 leaves {len(self.sizes)} choices of lengths up to {QUESTIONS_BOUND}."
            )
        return dict(zip(SHARE_COLUMNS, self.sizes[0].tolist(), strict=True))

    @cached_property
    def panel_sizes(self) -> tuple[int, ...]:
        """Every number of experts for which the closing counts print as the closing shares."""
        counts, shares = table(2).loc[list(CLOSING_ROWS), [*SHARE_COLUMNS, "overall"]].to_numpy()
        shares = list(map(parse_printed, shares))
        return granularity.sizes_from_counts(list(map(int, counts)), shares, EXPERTS_BOUND)

    @property
    def panel_size(self) -> int:
        """The number of experts that Table 2's closing rows imply (m)."""
        if len(self.panel_sizes) != 1:
            raise ValueError(f"the closing rows of Table 2 leave the sizes {self.panel_sizes}.")
        return self.panel_sizes[0]

    @property
    def why_panel_size(self) -> str:
        """What the number of experts rests on, in one line that a reader can redo."""
        closing = table(2)
        count, share = (closing.at[row, "overall"] for row in CLOSING_ROWS)
        return (
            f"Table 2 has {len(experts())} rows of experts, and {count}/{self.panel_size} ="
            f" {share} as its last row prints"
        )

    @cached_property
    def equal_counts(self) -> pd.DataFrame:
        """Number of equal judgements behind each share: experts × (E1, E2, E3, Q27)."""
        counts = {
            column: [_single_count(cell, self.lengths[column]) for cell in self.shares[column]]
            for column in SHARE_COLUMNS
        }
        return pd.DataFrame(counts, index=self.shares.index)

    @cached_property
    def overall_counts(self) -> dict[str, list[int]]:
        """For each expert the totals that would print as the overall share."""
        total = sum(self.lengths.values())
        return {
            row: list(granularity.possible_counts(cell, total))
            for row, cell in self.shares["overall"].items()
        }

    @cached_property
    def above_half(self) -> dict[str, int]:
        """Number of experts whose share is above one half, by column of Table 2."""
        counts = self.equal_counts.assign(overall=self.equal_counts.sum(axis=1))
        sizes = {**self.lengths, "overall": sum(self.lengths.values())}
        return {column: int((2 * counts[column] > size).sum()) for column, size in sizes.items()}

    def critical_w(self, n: int) -> float:
        """Smallest W of `n` items with a chi-square p-value below 0.05 in a panel of this size."""
        return float(chi2.isf(0.05, n - 1) / (self.panel_size * (n - 1)))

    @cached_property
    def counted(self) -> dict[str, tuple[int, bool, str]]:
        """What can be counted in the tables: subject → (number, settles it?, how counted)."""
        model, questions = self.model, question_counts(self.model)
        rings, named = int(model.rings["named"].sum()), len(model.components)
        m, dimensions = self.panel_size, len(model.dimensions)
        of_experts = (
            f"Table 2 has {len(experts())} expert rows, and of all panels up to"
            f" {EXPERTS_BOUND} only {m} prints its closing shares"
        )
        of_components = (
            f"the tables name {named} components and their question counts leave room for a"
            f" thirteenth only where no question compares it ({_room(model)})"
        )
        of_comparisons = (
            f"the only length up to {QUESTIONS_BOUND} that prints column Q27, and"
            f" {questions.at['Q27', 'questions']} pairs follow from the model"
        )
        of_objects = f"{named} named components and {dimensions} dimensions"
        return {
            "experts": (m, True, of_experts),
            "rings": (rings, False, f"the article names {rings} rings"),
            "dimensions": (dimensions, True, "columns of Tables 2 and 4"),
            "components": (named, False, of_components),
            "objects": (named + dimensions, False, of_objects),
            "middle_ring": (len(table(3)), True, "rows of Table 3"),
            "inner_comparisons": (self.lengths["Q27"], True, of_comparisons),
        }

    @cached_property
    def coding_rules(self) -> dict:
        """The second coder's rules."""
        return definitions.read_rules()

    @cached_property
    def timeline_conflicts(self) -> list[timeline.Conflict]:
        """Printed dates that exclude each other, however kindly the sentences are read."""
        return timeline.conflicts(timeline.printed_events(), timeline.read_rules())

    @cached_property
    def duration_lines(self) -> dict[str, str]:
        """For each event of a duration that fits, the months counted back from its end."""
        return timeline.duration_lines(timeline.printed_events(), timeline.read_rules())

    @cached_property
    def other_dates(self) -> list[tuple[str, timeline.Conflict]]:
        """What else the dated sentences could mean, and the conflict that would follow."""
        return [
            (other["reading"], conflict)
            for other in timeline.read_rules()["other_readings"]
            for conflict in timeline.conflicts(timeline.printed_events(), other)
        ]

    @cached_property
    def table4_size(self) -> TableSize:
        """The number of raters and of items in each row that Table 4 as a whole implies."""
        return implied_table_size(self._table4_cells, RATERS, ITEMS, READING)

    @cached_property
    def _table4_cells(self) -> dict[str, dict[str, Row]]:
        return {
            row: {
                dimension: Row(
                    f"table4.{row}.{dimension}",
                    W=parse_printed(cells[f"{dimension}.W"]),
                    p=parse_printed(cells[f"{dimension}.p"]),
                )
                for dimension in DIMENSIONS
            }
            for row, cells in table(4).iterrows()
        }

    @cached_property
    def dimension_cells(self) -> dict[tuple[str, str], RowAt]:
        """The cells of Table 4 at the sizes the table implies: (row, dimension) → cell."""
        return {
            (row, dimension): RowAt(cell, self.panel_size, self.items_in_row(row), READING)
            for row, cells in self._table4_cells.items()
            for dimension, cell in cells.items()
        }

    @cached_property
    def amended_figures(self) -> int:
        """How many printed figures, none of them possible, a drawn panel prints otherwise."""
        changed = sum(len(row.nearest.changed) for row in self.inner_ring.values())
        return changed + len(self.dimension_cells) - self.cells_that_fit

    @cached_property
    def cells_that_fit(self) -> int:
        """Number of cells of Table 4 whose W and p fit the implied sizes by chi-square."""
        return sum(cell.feasible() for cell in self.dimension_cells.values())

    def items_in_row(self, row: str) -> int:
        """Number of items ranked in a row of Table 4, as its own W and p imply.

        Raises
        ------
        ValueError
            If the row's cells fit several numbers of items equally well.
        """
        items = self.table4_size.items[row]
        if len(items) != 1:
            raise ValueError(f"Table 4, row {row}: its cells fit {list(items)} items equally well.")
        return items[0]

    def p_from_w(self, row: str, dimension: str) -> list[str]:
        """The printed p-values that a cell's W allows, the nearest to the printed one first."""
        cell = self.dimension_cells[row, dimension]
        return sorted(cell.printings(["W"], "p"), key=lambda text: cell.row.steps("p", text))

    @cached_property
    def inner_ring(self) -> dict[str, RowAt]:
        """The rows of Table 3, each against every panel of the implied size."""
        return {
            row: RowAt(inner_row(row, cells), self.panel_size, len(RANKS), READING)
            for row, cells in table(3).iterrows()
        }

    def table3_p_from_w(self, row: str) -> str:
        """The p-values that W alone leaves to a row of Table 3."""
        return " or ".join(self.inner_ring[row].printings(["W"], "p"))


def _single_count(cell: Printed, size: int) -> int:
    counts = granularity.possible_counts(cell, size)
    if len(counts) != 1:
        raise ValueError(
            f"{cell.text!r} of {size} questions may be any of the counts {list(counts)}."
        )
    return counts[0]


def _room(model: Model) -> str:
    """What a thirteenth component that is compared would make of the numbers of questions."""
    return "; ".join(
        f"a further one in the {row.thirteenth_in} ring would make {row.per_dimension}"
        f" questions a dimension and {row.inner_ring} in the inner ring"
        for row in larger_models(model).itertuples()
        if row.thirteenth_in != "no ring"
    )


def changes(at: RowAt) -> str:
    """The smallest change after which some panel prints a row, in the columns' own names."""
    return "; ".join(
        f"{COLUMN_OF[name]} {at.row.figures[name].text} → {text}"
        for name, text in at.nearest.changed.items()
    )


def inner_row(name: str, cells: pd.Series) -> Row:
    """A row of Table 3 as the engine takes it."""
    ranks = tuple(parse_printed(cells[comparison]) for comparison in INNER_COMPARISONS)
    return Row(
        f"table3.{name}",
        W=parse_printed(cells["W"]),
        p=parse_printed(cells["p"]),
        mean_ranks=ranks,
        columns={"mean_ranks": 2, "W": 3, "p": 3},
    )
