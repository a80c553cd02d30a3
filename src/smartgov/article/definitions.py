"""Coding the definitions of Table 1: the article's codes beside those of a rule-based coder.

The rules (`data/model/coding_rules.yaml`) read only a definition's key phrases. They know three
kinds of deficiency; the article uses two more, for which no rule could be written without its
own reading of the whole definition, and which the comparison therefore leaves out.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import yaml

from smartgov import stats
from smartgov.article.published import table
from smartgov.files.layout import MODEL
from smartgov.files.problems import stop_at
from smartgov.files.sheets import read_sheet


def read_rules() -> dict:
    """The second coder's rules: stems, terms, comparison markers and codes."""
    return yaml.safe_load((MODEL / "coding_rules.yaml").read_text(encoding="utf-8"))


def article_codes() -> pd.DataFrame:
    """The article's codes, one column a code, ``True`` where a definition carries it."""
    return table(1)["difficulty"].str.get_dummies(sep="; ").astype(bool)


def read_coder(path: Path) -> pd.DataFrame:
    """Codes of a second human coder, in the form of :func:`article_codes`.

    Parameters
    ----------
    path : Path
        CSV or XLSX with the columns ``row`` (``definition_1`` …) and ``difficulty`` (codes joined
        by ``;``,
        empty for none); one row a definition.

    Raises
    ------
    ValueError
        Listing every missing column, unknown or repeated definition, missing definition and
        unknown code.
    """
    sheet, article = read_sheet(path), article_codes()
    stop_at(sheet.problems)
    given = pd.DataFrame(sheet.rows, columns=list(sheet.header))
    if [sheet.header.count(name) for name in ("row", "difficulty")] != [1, 1]:
        raise ValueError(
            f"{path}: found the columns {list(given.columns)}; accepted are row and difficulty."
        )
    codes = {
        row: {c.strip() for c in text.split(";")} - {""}
        for row, text in zip(given["row"], given["difficulty"], strict=True)
    }
    problems = [
        f"row {row!r} is none of {list(article.index)}" for row in codes if row not in article.index
    ]
    problems += [f"{row} has no row" for row in article.index if row not in codes]
    problems += [
        f"{row} stands {n} times" for row, n in given["row"].value_counts().items() if n > 1
    ]
    problems += [
        f"{row}: code {c!r} is none of {list(article.columns)}"
        for row, found in codes.items()
        for c in sorted(found - set(article.columns))
    ]
    if problems:
        raise ValueError(f"{path}: " + "; ".join(problems) + ".")
    return pd.DataFrame(
        {code: [code in codes[row] for row in article.index] for code in article.columns},
        index=article.index,
    )


def side_by_side(first: pd.DataFrame, second: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    """Two coders' decisions, one definition × code a row, over the codes both could give.

    Returns
    -------
    pandas.DataFrame
        Columns ``row, code``, one for each coder, and ``agree``.
    """
    shared = [code for code in first.columns if code in second.columns]
    both = pd.DataFrame({names[0]: first[shared].stack(), names[1]: second[shared].stack()})
    both.index.names = ["row", "code"]
    return both.assign(agree=both[names[0]] == both[names[1]]).reset_index()


def terms_used(phrase: str, rules: dict) -> list[str]:
    """The study's terms that occur in `phrase`, in the order of the rules file."""
    lowered = phrase.lower()
    return [
        term for term, spellings in rules["terms"].items() if any(s in lowered for s in spellings)
    ]


def is_circular(phrase: str, rules: dict) -> bool:
    """Do the defining words repeat the word “smart” that is to be defined?"""
    return any(stem in phrase.lower() for stem in rules["smart_stems"])


def is_comparison(phrase: str, rules: dict) -> bool:
    """Is a contrast drawn, or another of the study's terms used to define?"""
    return bool(terms_used(phrase, rules)) or any(
        m in phrase.lower() for m in rules["comparison_markers"]
    )


def has_undefined_term(phrase: str, rules: dict) -> bool:
    """Is “smart” joined to a word with which it forms no term of the study?"""
    compounds = re.findall(rf"(?:{'|'.join(rules['smart_stems'])}) \w+", phrase.lower())
    return any(not terms_used(compound, rules) for compound in compounds)


RULES = {
    "circularity": is_circular,
    "comparison": is_comparison,
    "undefined_term": has_undefined_term,
}


def rule_codes(rules: dict) -> pd.DataFrame:
    """Codes the second coder gives, one column a rule, from the key phrases alone."""
    phrases = table(1)["key_phrases"]
    return pd.DataFrame(
        {code: phrases.map(lambda p, f=rule: f(p, rules)) for code, rule in RULES.items()}
    )


def coder_table(rules: dict) -> pd.DataFrame:
    """Both coders side by side: one decision (definition × code) a row.

    Returns
    -------
    pandas.DataFrame
        Columns ``row, code, article, rule, agree``.
    """
    return side_by_side(article_codes(), rule_codes(rules), ("article", "rule"))


def definitional_links(rules: dict) -> pd.DataFrame:
    """Which term each definition stands under, speaks of, and is defined through.

    Returns
    -------
    pandas.DataFrame
        Indexed by definition: ``term`` (the heading), ``subject`` (the words' own subject, empty
        where the definition names none), ``through`` (terms of the study in the defining words).
    """
    links = table(1)[["term", "subject"]].copy()
    links["through"] = table(1)["key_phrases"].map(lambda p: "; ".join(terms_used(p, rules)))
    return links


def coder_agreement(
    decisions: pd.DataFrame, coders: tuple[str, str], level: float, resamples: int, seed: int
) -> pd.DataFrame:
    """Kappa, alpha and AC1 of two coders with bootstrap intervals over their decisions.

    Parameters
    ----------
    decisions : pandas.DataFrame
        One decision a row, a column a coder.
    coders : (str, str)
        The two columns.
    level, resamples, seed
        Of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        Columns ``coders, coefficient, value, low, high, unit, units``.
    """
    codes = decisions[list(coders)].to_numpy(dtype=float).T
    found = [
        stats.agreement_interval(
            codes, name, unit="definition × code", confidence=level, draws=resamples, seed=seed
        )
        for name in ("cohen_kappa", "krippendorff_alpha", "gwet_ac1")
    ]
    table = pd.DataFrame(found)[["coefficient", "value", "low", "high", "unit", "units"]]
    table.insert(0, "coders", " : ".join(coders))
    return table
