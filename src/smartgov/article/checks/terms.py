"""Claims about terms: the codes of Table 1, and how the two terms of the title are related."""

from __future__ import annotations

from smartgov.article.checks.registry import Claim, Judgement, check
from smartgov.article.definitions import article_codes, definitional_links, rule_codes
from smartgov.article.evidence import Evidence
from smartgov.article.published import claims, table


@check("01_literature_definition_coding")
def difficulty_code(claim: Claim, evidence: Evidence) -> Judgement:
    """A code of Table 1 against the second coder, who reads the key phrases and no codes."""
    by_rule = rule_codes(evidence.coding_rules)
    if claim.column not in by_rule:
        return Judgement(
            "not_checkable",
            "no rule can be written for this code; would need a second coder who reads the"
            " definitions with a codebook",
        )
    phrases = table(1).at[claim.row, "key_phrases"]
    if by_rule.at[claim.row, claim.column]:
        fires = by_rule[claim.column].sum() - article_codes()[claim.column].sum()
        how = (
            f"the rule for {claim.column} finds it in «{phrases}», and in {fires} definition(s)"
            " more than the article codes"
        )
        return Judgement("consistent", how, claim.column)
    return Judgement("unsupported", f"the rule for {claim.column} does not find it in «{phrases}»")


@check("01_literature_definition_coding")
def defined_term(claim: Claim, evidence: Evidence) -> Judgement:
    """The term a definition stands under against the subject its own words name."""
    row = table(1).loc[claim.row]
    if not row["subject"]:
        return Judgement(
            "not_checkable",
            "the printed definition names no subject of its own; would need the cited source",
        )
    how = f"the definition's own subject is «{row['subject_printed']}»"
    if row["subject"] == row["term"]:
        return Judgement("reproduced", how, row["subject"])
    mend = f"{claim.printed} → {row['subject'].replace('_', ' ')}"
    return Judgement("contradicted", how, row["subject"], "table1 definition text", mend)


@check("01_literature_definition_coding")
def caption(claim: Claim, evidence: Evidence) -> Judgement:
    """A caption's subject against the terms the table's rows stand under."""
    terms = table(1)["term"].value_counts()
    how = ", ".join(f"{n} under {term.replace('_', ' ')}" for term, n in terms.items())
    if set(terms.index) == {"smart_city"}:
        return Judgement("reproduced", how, "smart_city")
    return Judgement(
        "consistent", f"{how}; the caption may name the ground on which they were gathered", how
    )


@check("01_literature_definition_coding")
def shortcomings(claim: Claim, evidence: Evidence) -> Judgement:
    """Several definitions, or several shortcomings: how many Table 1 shows."""
    codes = article_codes()
    coded = int(codes.any(axis=1).sum())
    how = (
        f"Table 1 holds {len(codes)} definitions, {coded} of them coded, with {codes.shape[1]}"
        " kinds of shortcoming"
    )
    return Judgement(
        "reproduced" if coded > 1 and codes.shape[1] > 1 else "consistent",
        how,
        f"{coded} of {len(codes)}",
    )


def _definitions_through(term: str, subject: str, evidence: Evidence) -> list[str]:
    links = definitional_links(evidence.coding_rules)
    chosen = links["through"].str.contains(term) & (
        (links["term"] == subject) | (links["subject"] == subject)
    )
    return list(links.index[chosen])


@check("05_smart_city_vs_smart_government")
def through_city(claim: Claim, evidence: Evidence) -> Judgement:
    """Smart government seen through smart city: definitions of the one by way of the other."""
    found = _definitions_through("smart_city", "smart_government", evidence)
    links = definitional_links(evidence.coding_rules)
    how = (
        f"{len(found)} of {len(links)} definitions of Table 1 define smart government through smart"
        " city; would need the coded corpus, of which Table 1 is a part"
    )
    return Judgement("consistent" if found else "not_checkable", how, str(len(found)))


@check("05_smart_city_vs_smart_government")
def not_synonyms(claim: Claim, evidence: Evidence) -> Judgement:
    """No synonyms: a definition that makes one term a part of the other's field excludes it."""
    found = _definitions_through("smart_government", "smart_city", evidence)
    if not found:
        return Judgement(
            "not_checkable", "would need a definition that sets one term beside the other"
        )
    how = (
        f"{', '.join(found)} makes smart city the field in which smart government is applied, and a"
        " field is not the thing applied"
    )
    return Judgement("consistent", how, "", "; ".join(f"table1.{row}.comparison" for row in found))


@check("05_smart_city_vs_smart_government")
def terms_related(claim: Claim, evidence: Evidence) -> Judgement:
    """Related terms: at least one definition must rest on the other term."""
    found = [
        *_definitions_through("smart_government", "smart_city", evidence),
        *_definitions_through("smart_city", "smart_government", evidence),
    ]
    size = len(table(1))
    if not found:
        return Judgement("not_checkable", "would need a definition that names both terms")
    how = (
        f"{len(found)} of {size} definitions in Table 1 names both terms; no comparison of the"
        " questionnaire does"
    )
    return Judgement(
        "consistent",
        how,
        f"{len(found)} of {size}",
        "; ".join(f"table1.{row}.term" for row in found),
    )


@check("05_smart_city_vs_smart_government")
def part_of_itself(claim: Claim, evidence: Evidence) -> Judgement:
    """A term placed inside itself, against the places that put it inside another."""
    ledger = claims()
    others = ledger.index[
        (ledger["row"] == "smart_city") & (ledger["column"] == "part_of_smart_government")
    ]
    how = "smart city is placed inside smart city here, and inside smart government everywhere else"
    return Judgement(
        "contradicted", how, "", "; ".join(others), f"{claim.printed} → smart government"
    )


@check("05_smart_city_vs_smart_government")
def named_term(claim: Claim, evidence: Evidence) -> Judgement:
    """A term or adjective that must be one the study knows."""
    known = {*evidence.model.dimensions["key"], *evidence.coding_rules["terms"]}
    if claim.row in known and claim.column == "adjective":
        return Judgement("reproduced", "a dimension of the model carries it", claim.row)
    if claim.column == "adjective":
        return Judgement(
            "not_checkable",
            "the article does not say what it stands for; would need the authors' manuscript",
        )
    how = (
        "the word stands twice in the conclusion and is explained nowhere, where the abstracts say"
        " smart government; would need the authors' manuscript"
    )
    return Judgement("not_checkable", how, "", "conclusion.adjective_october")


@check("05_smart_city_vs_smart_government")
def stance(claim: Claim, evidence: Evidence) -> Judgement:
    """One conclusion as the abstracts and the conclusion state it: do they exclude each other?"""
    ledger = claims()
    told = ledger[(ledger["kind"] == "stance") & (ledger["row"] == claim.row)]
    if claim.column == "undecided":
        how = (
            "the sentence calls them hard to decide on and leaves open what is decided; would need"
            " the authors' manuscript"
        )
        return Judgement("not_checkable", how)
    other = told[~told["column"].isin([claim.column, "undecided"])]
    if other.empty:
        return Judgement("consistent", "stated alike everywhere", claim.column)
    tellings = "; ".join(
        f"{place}: {words.replace('_', ' ')}"
        for place, words in zip(told["place"], told["column"], strict=True)
    )
    mend = f"{claim.column.replace('_', ' ')} → {other['column'].iloc[0].replace('_', ' ')}"
    return Judgement("contradicted", tellings, "", "; ".join(other.index), mend)
