"""Agreement between coders who put the same units into categories.

Codes come as an array ``(coders, units)`` of at least two coders: one row a coder, one column a
unit, and the unit is whatever the column stands for (a definition, a sentence, a pair of
definition and theme). Codes may be numbers or text; ``None``, NaN or masked is a unit the coder
did not code. `categories` lists every category there is, in order; by default those that occur,
sorted, numbers written as text among them; what has no order is refused where one is needed. A
code outside them, or no unit coded by two coders, ends in a ValueError.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from .bootstrap import defined_values, drawn_rows, percentile_ends
from .inputs import checked_choice, checked_confidence, is_missing, unmasked, where

MEASUREMENTS = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS = (None, "linear", "quadratic")


def percent_agreement(codes) -> float:
    """Share of agreeing pairs of coders, averaged over units coded at least twice.

    References
    ----------
    Fleiss, J. L. (1971). Psychological Bulletin 76, 378-382; Gwet (2008) for missing codes.

    Examples
    --------
    >>> percent_agreement([["a", "a", "b", "b"], ["a", "b", "b", "b"]])
    0.75
    """
    counts, _ = _unit_counts(codes, None)
    return float(_observed_agreement(counts))


def cohen_kappa(codes, *, weights=None, categories=None) -> float:
    """Cohen's kappa of two coders, computed by statsmodels.

    Parameters
    ----------
    codes : array_like, shape (2, units)
        Units that either coder left out are not used.
    weights : {None, "linear", "quadratic"}
        Weighted kappa for ordered categories, over their positions in `categories`: name those
        when a category of the scale was never used.

    Raises
    ------
    ValueError
        For anything but two coders, and where both put every unit in one category (kappa is
        0/0).

    References
    ----------
    Cohen, J. (1960). Educational and Psychological Measurement 20, 37-46; Cohen, J.
    (1968). Psychological Bulletin 70, 213-220 (weighted).

    Examples
    --------
    >>> round(cohen_kappa([["a", "a", "b", "b"], ["a", "b", "b", "b"]]), 3)
    0.5
    """
    checked_choice("weights", weights, WEIGHTS)
    index, categories = _coded(codes, categories, ordered=weights is not None)
    if len(index) != 2:
        raise ValueError(
            f"codes: found {len(index)} coders; Cohen's kappa accepts two. "
            "Use krippendorff_alpha or gwet_ac1 for more."
        )
    value = _kappa(index, len(categories), weights)
    if np.isnan(value):
        raise ValueError(
            "Cohen's kappa is undefined (0/0): found no unit coded by both, or all "
            "units in one category by both coders; gwet_ac1 is defined there."
        )
    return value


def _kappa(index, q, weights):
    """Kappa from category positions (-1 missing); NaN where 0/0."""
    from statsmodels.stats.inter_rater import cohens_kappa

    both = (index >= 0).all(axis=0)
    table = np.zeros((q, q))
    np.add.at(table, tuple(index[:, both]), 1)
    if not both.any() or len(set(index[:, both].ravel())) == 1:
        return float("nan")
    return float(cohens_kappa(table, wt=weights, return_results=False))


def krippendorff_alpha(codes, *, measurement="nominal", categories=None) -> float:
    """Krippendorff's alpha for any number of coders, missing codes allowed.

    With ``o_ck`` the pairs of codes c and k that units hold, each unit's pairs divided by its
    coders less one, ``n_c`` the codes c in them, n all of these, and ``d_ck`` how far apart c and
    k are at the level of measurement,

        alpha = 1 - (n - 1) sum_ck o_ck d_ck^2 / sum_ck n_c n_k d_ck^2.

    Parameters
    ----------
    codes : array_like, shape (coders, units)
    measurement : {"nominal", "ordinal", "interval", "ratio"}
        Level of measurement. "interval" and "ratio" need codes that are numbers.

    Raises
    ------
    ValueError
        Also where all codes are the same (alpha is 0/0).

    References
    ----------
    Krippendorff, K. (2004). Content Analysis, 2nd ed., ch. 11; Krippendorff, K. (2011).
    Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> round(krippendorff_alpha([["a", "a", "b", "b"], ["a", "b", "b", "b"]]), 3)
    0.533
    """
    counts, categories = _unit_counts(codes, categories, ordered=measurement == "ordinal")
    value = _alpha(counts, _domain(categories, measurement), measurement)
    if np.isnan(value):
        raise ValueError(
            "Krippendorff's alpha is undefined (0/0): every unit coded at least "
            "twice has the same code; accepted are codes that differ somewhere."
        )
    return value


def _domain(categories, measurement):
    """Values of the categories at a level of measurement."""
    checked_choice("measurement", measurement, MEASUREMENTS)
    if measurement in ("nominal", "ordinal"):
        return np.arange(len(categories))
    numbers = _numbers(categories)
    if numbers is None:
        raise ValueError(
            f"measurement: found {measurement!r} with codes that are text; accepted are "
            "'nominal' and 'ordinal', or codes that are numbers."
        )
    if measurement == "ratio" and min(numbers) < 0:
        raise ValueError(
            f"measurement: found 'ratio' with the code {min(numbers):g}; accepted are codes of at "
            "least 0, where 0 means none, or 'interval'."
        )
    return np.array(numbers)


def _numbers(categories):
    """The categories as finite numbers, text of numbers among them; None where some are none."""
    try:
        numbers = [float(category) for category in categories]
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if np.isfinite(numbers).all() else None


def _alpha(counts, domain, measurement):
    """Alpha from counts (units, categories); NaN where 0/0."""
    pairable = counts[counts.sum(axis=1) >= 2]
    totals = pairable.sum(axis=0)
    if (totals > 0).sum() < 2:
        return float("nan")
    weighted = pairable / (pairable.sum(axis=1, keepdims=True) - 1)
    coincidences = pairable.T @ weighted - np.diag(weighted.sum(axis=0))
    apart = _squared_differences(domain, totals, measurement)
    expected = totals @ apart @ totals / (totals.sum() - 1)
    return float(1 - (coincidences * apart).sum() / expected)


def _squared_differences(domain, totals, measurement):
    """Between any two categories (Krippendorff 2011, section 5); ranks are those of all codes."""
    if measurement == "nominal":
        return 1.0 - np.eye(len(domain))
    places = totals.cumsum() - totals / 2 if measurement == "ordinal" else domain
    apart = np.subtract.outer(places, places)
    if measurement == "ratio":
        sums = np.add.outer(places, places)
        apart = np.divide(apart, sums, out=np.zeros_like(apart), where=sums != 0)
    return apart**2


def gwet_ac1(codes, *, categories=None) -> float:
    """Gwet's AC1 for any number of coders, missing codes allowed.

    With ``r_ik`` the coders who put unit i into category k and ``r_i`` those who coded it,

        p_a  = mean over units with r_i >= 2 of sum_k r_ik (r_ik - 1) / (r_i (r_i - 1)),
        pi_k = mean over units with r_i >= 1 of r_ik / r_i,
        p_e  = sum_k pi_k (1 - pi_k) / (q - 1),
        AC1  = (p_a - p_e) / (1 - p_e).

    It depends on q, the number of categories the coders could have used: at least two.

    References
    ----------
    Gwet, K. L. (2008). British Journal of Mathematical and Statistical Psychology 61, 29-48.

    Examples
    --------
    >>> round(gwet_ac1([["a", "a", "b", "b"], ["a", "b", "b", "b"]]), 3)
    0.529
    """
    counts, categories = _unit_counts(codes, categories)
    if len(categories) < 2:
        raise ValueError(
            f"codes: found {len(categories)} category; AC1 accepts at least two. "
            "Name the categories that could have been used with `categories`."
        )
    return float(_ac1(counts))


def _ac1(counts):
    q = counts.shape[-1]
    coders = counts.sum(axis=1)
    prevalence = (counts[coders > 0] / coders[coders > 0, None]).mean(axis=0)
    chance = (prevalence * (1 - prevalence)).sum() / (q - 1)
    return (_observed_agreement(counts) - chance) / (1 - chance)


def _observed_agreement(counts):
    coders = counts.sum(axis=1)
    counts, coders = counts[coders >= 2], coders[coders >= 2]
    if not len(counts):
        return np.nan
    return ((counts * (counts - 1)).sum(axis=1) / (coders * (coders - 1))).mean()


@dataclass(frozen=True)
class AgreementInterval:
    """A coefficient of agreement with its bootstrap interval over units.

    `unit` is what one column is, `pairable` the units with at least two codes, and `undefined`
    the draws without a value (0/0), which were set aside.
    """

    value: float
    low: float
    high: float
    coefficient: str
    unit: str
    coders: int
    units: int
    pairable: int
    categories: tuple
    undefined: int


COEFFICIENTS = ("gwet_ac1", "krippendorff_alpha", "cohen_kappa", "percent_agreement")


def agreement_interval(
    codes,
    coefficient="gwet_ac1",
    *,
    unit,
    categories=None,
    measurement="nominal",
    weights=None,
    confidence=0.95,
    draws=1999,
    seed=0,
) -> AgreementInterval:
    """Percentile bootstrap interval of a coefficient, drawing units with replacement.

    The coders stay fixed: the interval speaks of other units coded by the same people. The
    categories stay fixed too, also where a drawn sample misses one.

    Parameters
    ----------
    codes : array_like, shape (coders, units)
    coefficient : {"gwet_ac1", "krippendorff_alpha", "cohen_kappa", "percent_agreement"}
    unit : str
        What one column is, in words ("definition", "definition x theme"); printed with the
        result because the coefficient depends on it.
    measurement : str
        For :func:`krippendorff_alpha`.
    weights : {None, "linear", "quadratic"}
        For :func:`cohen_kappa`.

    Raises
    ------
    ValueError
        As the coefficient itself; also for an empty `unit`.

    Examples
    --------
    >>> codes = [["a", "a", "b", "b", "a", "b"], ["a", "b", "b", "b", "a", "b"]]
    >>> result = agreement_interval(codes, "gwet_ac1", unit="definition", draws=499)
    >>> round(result.value, 3), result.units, result.unit
    (0.676, 6, 'definition')
    """
    checked_choice("coefficient", coefficient, COEFFICIENTS)
    confidence = checked_confidence(confidence)
    if not str(unit).strip():
        raise ValueError(
            "unit: found an empty text; accepted is what one column stands for, "
            "such as 'definition'."
        )
    ordered = weights is not None if coefficient == "cohen_kappa" else measurement == "ordinal"
    index, categories = _coded(codes, categories, ordered)
    value, statistic, data = _bootstrap_parts(
        codes, coefficient, index, categories, measurement, weights
    )
    drawn = np.array([statistic(data[rows]) for rows in drawn_rows(len(data), draws, seed)])
    defined = defined_values(drawn, coefficient)
    return AgreementInterval(
        value,
        *percentile_ends(defined, confidence).tolist(),
        coefficient,
        str(unit),
        *index.shape,
        int(((index >= 0).sum(axis=0) >= 2).sum()),
        tuple(categories),
        draws - len(defined),
    )


def _bootstrap_parts(codes, coefficient, index, categories, measurement, weights):
    """The coefficient, the same as a function of rows of units, and those rows."""
    counts = _count(index, len(categories))
    if coefficient == "cohen_kappa":
        value = cohen_kappa(codes, weights=weights, categories=categories)
        return value, lambda units: _kappa(units.T, len(categories), weights), index.T
    if coefficient == "krippendorff_alpha":
        value = krippendorff_alpha(codes, measurement=measurement, categories=categories)
        domain = _domain(categories, measurement)
        return value, partial(_alpha, domain=domain, measurement=measurement), counts
    if coefficient == "gwet_ac1":
        return gwet_ac1(codes, categories=categories), _ac1, counts
    return percent_agreement(codes), _observed_agreement, counts


def _unit_counts(codes, categories, ordered=False):
    """Counts (units, categories) and the categories; at least one unit coded twice."""
    index, categories = _coded(codes, categories, ordered)
    counts = _count(index, len(categories))
    if (counts.sum(axis=1) < 2).all():
        raise ValueError(
            "codes: found no unit coded by two coders; accepted are codes where "
            "coders share at least one unit."
        )
    return counts, categories


def _count(index, q):
    return (index[..., None] == np.arange(q)).sum(axis=0)


def _coded(codes, categories, ordered=False):
    """Codes as positions in the categories, shape (coders, units), -1 where missing."""
    try:
        array = np.asarray(unmasked(codes), dtype=object)
    except ValueError:
        array = np.empty(0)
    if array.ndim != 2 or array.shape[0] < 2 or array.shape[1] < 1:
        raise ValueError(
            f"codes: found shape {array.shape}; accepted is (coders, units) with "
            "at least two coders, rows of equal length."
        )
    missing = np.array([[is_missing(code) for code in row] for row in array])
    categories = _categories(array[~missing], categories, ordered)
    position = {category: i for i, category in enumerate(categories)}
    index = np.full(array.shape, -1)
    for place in np.argwhere(~missing):
        code = array[tuple(place)]
        if code not in position:
            accepted = ", ".join(map(repr, categories))
            raise ValueError(
                f"codes: found {code!r} at {where(place)}; accepted are {accepted}, None and NaN."
            )
        index[tuple(place)] = position[code]
    return index, categories


def _categories(present, categories, ordered):
    """The categories named, else those present: text of numbers in the order of the numbers."""
    if categories is None:
        try:
            categories = sorted(set(present.tolist()))
        except TypeError:
            raise ValueError(
                "codes: found text and numbers together; accepted is one kind, or "
                "name the `categories` in order."
            ) from None
        numbers = _numbers(categories)
        if ordered and (numbers is None or len(set(numbers)) < len(numbers)):
            found = "the same number written twice" if numbers else "codes without an order"
            raise ValueError(
                f"codes: found {found}, {', '.join(map(repr, categories[:5]))}; accepted are "
                "finite numbers, or name the `categories` in order."
            )
        if numbers:
            categories = [category for _, category in sorted(zip(numbers, categories, strict=True))]
    if len(categories) == 0:
        raise ValueError("codes: every code is missing; accepted is at least one code.")
    return list(categories)
