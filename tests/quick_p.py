"""Exact p-values of small rows only, and few shuffled panels for the others: for tests that ask
nothing of p but that it is there."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from smartgov.delphi import panel_results
from smartgov.stats import significance


@contextmanager
def quick_p() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(significance, "AFFORDABLE_STEPS", 1e6)
        patch.setattr(panel_results, "PERMUTATIONS", 199)
        yield
