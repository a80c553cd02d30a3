"""How many inputs were tried: `make fuzz` tries more than `make test`."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="every damage to every file; long fuzzing")


def pytest_configure(config):
    config.tried = 0


@pytest.fixture
def tried(pytestconfig):
    """Count an input."""

    def count() -> None:
        pytestconfig.tried += 1

    return count


def pytest_terminal_summary(terminalreporter, config):
    if config.tried:
        terminalreporter.write_line(f"{config.tried} inputs tried")
