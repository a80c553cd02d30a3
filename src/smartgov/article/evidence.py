"""What the printed figures imply, inferred once and read by every check.

Nothing here is assumed: the questionnaire's length and the number of experts follow from Table 2,
the number of items in each row of Table 4 from its W and p, and each is held as the audit engine
returned it, with its proof.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import pandas as pd
from scipy.stats import chi2

from smartgov.article import definitions, timeline
from smartgov.article.published import DIMENSIONS, INNER_COMPARISONS, claims, experts, table
from smartgov.audit import concordance, granularity
from smartgov.audit.conflicts import Judgement, judge_row
from smartgov.audit.mean_ranks import NearestRow, PrintedRow, RowAtSize
from smartgov.audit.printed import parse_printed
from smartgov.model import Model, larger_models, question_counts, read_model

SHARE_COLUMNS = (*DIMENSIONS, "Q27")
QUESTIONS_BOUND = 70
"""Largest number of questions tried for a column of Table 2: about twice the 36 pairs."""
EXPERTS_BOUND = 100
RATERS, ITEMS = range(2, 31), range(2, 20)
"""Panel sizes and numbers of items that are tried for Tables 3 and 4."""


@dataclass(frozen=True)
class InnerRow:
    """A row of Table 3 against every panel of the implied size.

    Attributes
    ----------
    printed : dict of str to str
        The five figures as printed.
    oracle : RowAtSize
        All panels of that size, listed.
    """

    printed: dict[str, str]
    oracle: RowAtSize

    @cached_property
    def verdicts(self) -> dict[str, Judgement]:
        """What each figure is beside the others."""
        return judge_row(list(self.printed), self.oracle)

    @cached_property
    def nearest(self) -> NearestRow:
        """The closest row that such a panel prints."""
        return self.oracle.nearest()

    @property
    def standing(self) -> list[str]:
        """The figures that belong to no conflict."""
        return [name for name, judged in self.verdicts.items() if judged.verdict != "contradicted"]

    def plain(self, figure: str) -> str:
        """A figure with the zeros that its column leads one to expect."""
        cell = self.oracle.row.figures[figure]
        return cell.restyle(cell.value, self.oracle.row.places(figure))


@dataclass(frozen=True)
class DimensionCell:
    """W and p of one cell of Table 4, tied by chi-square = m(n − 1)W.

    Attributes
    ----------
    printed : concordance.ConcordanceRow
        The two figures.
    m, n : int
        Raters and items.
    """

    printed: concordance.ConcordanceRow
    m: int
    n: int

    def possible(self, figure: str) -> list[str]:
        """Every string of three decimals that `figure` can show beside the other, nearest first."""
        cell, scale = getattr(self.printed, figure), 1000
        low, high = self._bounds(figure)
        around = range(max(0, int(low * scale) - 2), min(scale, int(high * scale) + 2) + 1)
        candidates = [parse_printed(cell.restyle(Fraction(k, scale), 3)) for k in around]
        fitting = [
            c
            for c in candidates
            if replace(self, printed=replace(self.printed, **{figure: c})).fits
        ]
        return [c.text for c in sorted(fitting, key=lambda c: abs(c.value - cell.value))]

    def _bounds(self, figure: str) -> tuple[float, float]:
        """Between which floats `figure` lies, given the other; p falls as W grows."""
        low, high = getattr(self.printed, "p" if figure == "W" else "W").interval().floats()
        low, high = max(low, 0.0), min(high, 1.0)
        factor = self.m * (self.n - 1)
        if figure == "W":
            return float(chi2.isf(high, self.n - 1)) / factor, min(
                1.0, float(chi2.isf(low, self.n - 1)) / factor
            )
        return float(chi2.sf(high * factor, self.n - 1)), float(chi2.sf(low * factor, self.n - 1))

    @property
    def fits(self) -> bool:
        """Whether some W prints both figures."""
        return concordance.misfit(self.printed, self.m, self.n) is None


class Evidence:
    """Everything the checks draw on; each part is computed when first asked for.

    Parameters
    ----------
    model : Model, optional
        The conceptual model; by default the one in `data/model`.
    seed : int
        Seed of the reconstructed panels.
    """

    def __init__(self, model: Model | None = None, seed: int = 2022) -> None:
        self.model = model or read_model()
        self.seed = seed

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Experts' shares of Table 2, parsed: experts × (E1, E2, E3, Q27, overall)."""
        return table(2).loc[experts(), [*SHARE_COLUMNS, "overall"]].map(parse_printed)

    @cached_property
    def sizes(self) -> granularity.JointSizes:
        """Every joint choice of questionnaire lengths that prints Table 2, with the proof."""
        columns = {column: list(self.shares[column]) for column in SHARE_COLUMNS}
        return granularity.feasible_sizes(columns, QUESTIONS_BOUND, list(self.shares["overall"]))

    @property
    def lengths(self) -> dict[str, int]:
        """Number of questions in each column of Table 2.

        Raises
        ------
        ValueError
            If the printed shares leave more than one answer up to :data:`QUESTIONS_BOUND`.
        """
        unique = self.sizes.unique
        if unique is None:
            raise ValueError(
                f"Table 2 leaves {len(self.sizes.joint)} choices of lengths up to"
                f" {QUESTIONS_BOUND}."
            )
        return unique

    @cached_property
    def panel_sizes(self) -> granularity.Sizes:
        """Every number of experts for which the closing counts print as the closing shares."""
        closing = table(2)[[*SHARE_COLUMNS, "overall"]]
        counts = [int(text) for text in closing.loc["count_above_half"]]
        return granularity.sizes_from_counts(
            counts, [parse_printed(text) for text in closing.loc["share_above_half"]], EXPERTS_BOUND
        )

    @property
    def panel_size(self) -> int:
        """The number of experts that Table 2's closing rows imply (m)."""
        if self.panel_sizes.unique is None:
            raise ValueError(
                f"the closing rows of Table 2 leave the sizes {self.panel_sizes.feasible}."
            )
        return self.panel_sizes.unique

    @cached_property
    def equal_counts(self) -> pd.DataFrame:
        """Number of equal judgements behind each share: experts × (E1, E2, E3, Q27)."""
        counts = {
            column: [self._single_count(cell, self.lengths[column]) for cell in self.shares[column]]
            for column in SHARE_COLUMNS
        }
        return pd.DataFrame(counts, index=self.shares.index)

    @staticmethod
    def _single_count(cell, size: int) -> int:
        counts = granularity.possible_counts(cell, size)
        if len(counts) != 1:
            raise ValueError(
                f"{cell.text!r} of {size} questions may be any of the counts {list(counts)}."
            )
        return counts[0]

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

    def critical_w(self, n: int, alpha: float = 0.05) -> float:
        """Smallest W of `n` items whose chi-square p-value is below `alpha`, for this panel
        size."""
        return float(chi2.isf(alpha, n - 1) / (self.panel_size * (n - 1)))

    @cached_property
    def counted(self) -> dict[str, tuple[int, bool, str]]:
        """What can be counted in the tables: subject → (number, settles it?, how counted)."""
        model, questions = self.model, question_counts(self.model)
        named_rings, named = int(model.rings["named"].sum()), len(model.components)
        room = "; ".join(
            f"a further one in the {row.thirteenth_in} ring would make {row.per_dimension}"
            f" questions a dimension and {row.inner_ring} in the inner ring"
            for row in larger_models(model).itertuples()
            if row.thirteenth_in != "no ring"
        )
        return {
            "experts": (
                self.panel_size,
                True,
                (
                    f"Table 2 has {len(experts())} expert rows, and of all panels up to"
                    f" {EXPERTS_BOUND} only {self.panel_size} prints its closing shares"
                ),
            ),
            "rings": (named_rings, False, f"the article names {named_rings} rings"),
            "dimensions": (len(model.dimensions), True, "columns of Tables 2 and 4"),
            "components": (
                named,
                False,
                (
                    f"the tables name {named} components and their question counts leave room for a"
                    f" thirteenth only where no question compares it ({room})"
                ),
            ),
            "objects": (
                named + len(model.dimensions),
                False,
                f"{named} named components and {len(model.dimensions)} dimensions",
            ),
            "middle_ring": (len(table(3)), True, "rows of Table 3"),
            "inner_comparisons": (
                self.lengths["Q27"],
                True,
                (
                    f"the only length up to {QUESTIONS_BOUND} that prints column Q27, and"
                    f" {questions.at['Q27', 'questions']} pairs follow from the model"
                ),
            ),
        }

    def count_claims(self, subject: str) -> str:
        """Ids of the cells that settle a count, joined for the ledger."""
        sources = {"experts": "table2.count_above_half.overall; table2.share_above_half.overall"}
        return sources.get(subject, "Table 3 rows; Table 2 column Q27")

    @cached_property
    def coding_rules(self) -> dict:
        """The second coder's rules."""
        return definitions.read_rules()

    @cached_property
    def timeline_conflicts(self) -> list[timeline.Conflict]:
        """Printed dates that exclude each other."""
        return timeline.conflicts(timeline.printed_events())

    @cached_property
    def table4_sizes(self) -> concordance.TableSizes:
        """The number of raters and of items in each row that Table 4 as a whole implies."""
        return concordance.implied_table_size(self._table4_cells, RATERS, ITEMS)

    @cached_property
    def _table4_cells(self) -> dict[str, dict[str, concordance.ConcordanceRow]]:
        return {
            row: {
                dimension: concordance.ConcordanceRow(
                    W=parse_printed(cells[f"{dimension}.W"]),
                    p=parse_printed(cells[f"{dimension}.p"]),
                )
                for dimension in DIMENSIONS
            }
            for row, cells in table(4).iterrows()
        }

    @cached_property
    def dimension_cells(self) -> dict[tuple[str, str], DimensionCell]:
        """The cells of Table 4 at the sizes the table implies: (row, dimension) → cell."""
        return {
            (row, dimension): DimensionCell(cell, self.panel_size, self.items_in_row(row))
            for row, cells in self._table4_cells.items()
            for dimension, cell in cells.items()
        }

    @cached_property
    def quoted_p(self) -> set[str]:
        """p-values that the running text quotes."""
        ledger = claims()
        return set(ledger.loc[ledger["kind"].isin(["p_minimum", "quoted_cell"]), "printed"])

    @cached_property
    def amended_figures(self) -> int:
        """How many printed figures a reconstructed panel prints otherwise, none of them
        possible."""
        changed = sum(len(row.nearest.changed) for row in self.inner_ring.values())
        return changed + len(self.dimension_cells) - self.cells_that_fit

    @cached_property
    def cells_that_fit(self) -> int:
        """Number of cells of Table 4 whose W and p fit the implied sizes by chi-square."""
        return sum(cell.fits for cell in self.dimension_cells.values())

    def items_in_row(self, row: str) -> int:
        """Number of items ranked in a row of Table 4, as its own W and p imply.

        Raises
        ------
        ValueError
            If the row's cells fit several numbers of items equally well.
        """
        items = self.table4_sizes.items[row]
        if len(items) != 1:
            raise ValueError(f"Table 4, row {row}: its cells fit {list(items)} items equally well.")
        return items[0]

    def p_from_w(self, row: str, dimension: str) -> list[str]:
        """The p-values, as printed strings, that a cell's W allows; the nearest to the printed
        first."""
        return self.dimension_cells[row, dimension].possible("p")

    @cached_property
    def inner_ring(self) -> dict[str, InnerRow]:
        """The rows of Table 3, each against every panel of the implied size."""
        rows = {}
        for row, cells in table(3).iterrows():
            printed = {name: cells[name] for name in (*INNER_COMPARISONS, "W", "p")}
            figures = {name: parse_printed(text) for name, text in printed.items()}
            ranks = {name: figures[name] for name in INNER_COMPARISONS}
            places = dict.fromkeys(INNER_COMPARISONS, 2) | {"W": 3, "p": 3}
            oracle = RowAtSize(
                PrintedRow(ranks, W=figures["W"], p=figures["p"], decimals=places), self.panel_size
            )
            rows[row] = InnerRow(printed, oracle)
        return rows

    def table3_p_from_w(self, row: str) -> str:
        """The p-values that W alone leaves to a row of Table 3."""
        return " or ".join(sorted(self.inner_ring[row].oracle.printings(["W"], "p")))
