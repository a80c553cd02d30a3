"""The checks, one function a kind of claim; importing this package registers them all."""

from smartgov.article.checks import conclusions, counts, sentences, table2, tables34, terms
from smartgov.article.checks.registry import CHECKS, VERDICTS, Check, Claim, Judgement

MODULES = (conclusions, counts, sentences, table2, tables34, terms)

__all__ = ["CHECKS", "MODULES", "VERDICTS", "Check", "Claim", "Judgement"]
