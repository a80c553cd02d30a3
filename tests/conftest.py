"""Shared fixtures: the evidence is inferred once a test process."""

import matplotlib
import pytest

matplotlib.use("agg")


@pytest.fixture(scope="session")
def evidence():
    from smartgov.article.evidence import Evidence

    return Evidence()


@pytest.fixture(scope="session")
def verdicts(evidence):
    from smartgov.article.verdicts import judge_claims

    return judge_claims(evidence).set_index("claim_id")
