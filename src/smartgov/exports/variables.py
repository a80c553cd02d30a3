"""Names of the variables in an SPSS file."""

from __future__ import annotations

import re


def prefix(round: int) -> str:
    """What the names of a round's variables begin with: nothing in round one, else ``r2_`` …"""
    return "" if round == 1 else f"r{round}_"


def share_name(column: str, round: int = 1) -> str:
    """Variable that holds the share of equal judgements in a column of Table 2."""
    return f"{prefix(round)}equal_{re.sub(r'[^A-Za-z0-9]', '_', column).strip('_')}"
