"""Shared fixtures: evidence inferred once a test process, verdicts and clashes as committed.

All claims are judged again in one test alone, which holds the committed files to what it finds.
"""

import matplotlib
import pytest

matplotlib.use("agg")


@pytest.fixture(scope="session")
def evidence():
    from smartgov.article.evidence import Evidence

    return Evidence()


@pytest.fixture(scope="session")
def verdicts():
    from smartgov.article.published import read_printed
    from smartgov.files.layout import DERIVED

    return read_printed(DERIVED / "verdicts.csv").set_index("claim_id")
