"""Cells of Table 2: shares against possible counts, totals and closing rows recomputed."""

from __future__ import annotations

from fractions import Fraction

from smartgov.article.checks.registry import Claim, Judgement, check, recomputed
from smartgov.article.evidence import SHARE_COLUMNS, Evidence
from smartgov.article.published import experts
from smartgov.audit.printed import Printed, print_value


def _prints(count: int, size: int, like: Printed) -> str:
    return print_value(Fraction(count, size), like.decimals, ",")


@check("03_delphi_round_one", "Shares are counts")
def equal_share(claim: Claim, evidence: Evidence) -> Judgement:
    """A share of equal judgements: the other four cells of its row leave it how many values?"""
    sizes, row = evidence.lengths, evidence.equal_counts.loc[claim.row]
    printed = evidence.shares.at[claim.row, claim.column]
    others = [column for column in SHARE_COLUMNS if column != claim.column]
    known = sum(row[column] for column in others)
    totals = evidence.overall_counts[claim.row]
    possible = {total - known for total in totals if 0 <= total - known <= sizes[claim.column]}
    strings = sorted({_prints(count, sizes[claim.column], printed) for count in possible})
    against = "; ".join(f"table2.{claim.row}.{column}" for column in (*others, "overall"))
    how = (
        f"{row[claim.column]} of {sizes[claim.column]} questions; the row's other shares and its"
        f" overall share leave {len(strings)} printed value(s): {', '.join(strings)}"
    )
    plain = print_value(printed.value, printed.decimals, ",")
    if plain not in strings:
        return Judgement(
            "contradicted", how, ", ".join(strings), against, f"{claim.printed} → {strings[0]}"
        )
    return Judgement("reproduced" if len(strings) == 1 else "consistent", how, plain, against)


@check("03_delphi_round_one", "Shares are counts")
def overall_share(claim: Claim, evidence: Evidence) -> Judgement:
    """The overall share: the row's counts added up, over all questions."""
    row, total = evidence.equal_counts.loc[claim.row], sum(evidence.lengths.values())
    printed = evidence.shares.at[claim.row, "overall"]
    how = f"{' + '.join(map(str, row))} = {row.sum()} of {total} questions"
    against = "; ".join(f"table2.{claim.row}.{column}" for column in SHARE_COLUMNS)
    plain = print_value(printed.value, printed.decimals, ",")
    return recomputed(claim, _prints(int(row.sum()), total, printed), how, against, plain)


@check("03_delphi_round_one", "Shares are counts")
def closing_count(claim: Claim, evidence: Evidence) -> Judgement:
    """The closing count: experts above one half, counted again."""
    above = evidence.above_half[claim.column]
    against = "; ".join(f"table2.{expert}.{claim.column}" for expert in experts())
    how = "experts whose share is above one half, counted in the column"
    return recomputed(claim, str(above), how, against)


@check("03_delphi_round_one", "Shares are counts")
def closing_share(claim: Claim, evidence: Evidence) -> Judgement:
    """The closing share: the count above one half, over the number of expert rows."""
    above, m = evidence.above_half[claim.column], len(experts())
    share = print_value(Fraction(above, m), 2, ",")
    against = f"table2.count_above_half.{claim.column}"
    return recomputed(claim, share, f"{above} of {m} expert rows", against)


@check("03_delphi_round_one", "Shares are counts")
def all_equal(claim: Claim, evidence: Evidence) -> Judgement:
    """“A third of the experts hold all components equal”: who has a share of one anywhere?"""
    counts, sizes = evidence.equal_counts, evidence.lengths
    everything = int((counts.sum(axis=1) == sum(sizes.values())).sum())
    somewhere = int(sum((counts[column] == sizes[column]) for column in SHARE_COLUMNS).gt(0).sum())
    above, m = evidence.above_half["overall"], len(counts)
    how = (
        f"{everything} of {m} experts judged everything equal and {somewhere} a whole column; "
        f"{above} of {m} judged equal more than half of all questions"
    )
    if everything * 3 == m:
        return Judgement("reproduced", how, f"{everything} of {m}")
    mend = f"experts who judged equal more than half of the questions: {above} of {m}"
    against = "; ".join(f"table2.{expert}.overall" for expert in experts())
    return Judgement("contradicted", how, f"{everything} of {m}", against, mend)


@check("03_delphi_round_one", "Shares are counts")
def equal_is_common(claim: Claim, evidence: Evidence) -> Judgement:
    """How common the judgement “equal” is: its share among all answers."""
    equal = int(evidence.equal_counts.to_numpy().sum())
    asked = sum(evidence.lengths.values()) * len(experts())
    share = print_value(Fraction(equal, asked), 2, ",")
    how = f"{equal} of {asked} judgements are equal"
    return Judgement("consistent", how, share, "table2.share_above_half.overall")


@check("03_delphi_round_one", "Shares are counts")
def small_panel(claim: Claim, evidence: Evidence) -> Judgement:
    """A small sample: the smallest mean agreement that a panel of this size can show."""
    m = evidence.panel_size
    how = (
        f"with {m} raters and 3 items W must reach {evidence.critical_w(3):.3f} for p < 0.05"
        f" (chi-square), with 8 items {evidence.critical_w(8):.3f}"
    )
    return Judgement("consistent", how, f"{m} experts", "results.experts")
