"""Claims about terms: the codes of Table 1, and how the two terms of the title are related."""

from __future__ import annotations

from smartgov.article.checks.registry import Claim, Judgement, check
from smartgov.article.definitions import article_codes, definitional_links, rule_codes
from smartgov.article.evidence import Evidence
from smartgov.article.published import claims, table


@check("01_literature_definition_coding", "The article's codes")
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


@check("01_literature_definition_coding", "What each definition defines")
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
    alike = [
        f"table1.{other}.term"
        for other, cells in table(1).iterrows()
        if other != claim.row and cells["subject"] not in ("", cells["term"])
    ]
    return Judgement(
        "contradicted",
        how,
        row["subject"],
        "; ".join(alike),
        f"the term printed beside {claim.row.replace('_', ' ')}, or its own words",
        worked=f"printed under «{claim.printed}»; it speaks of «{row['subject_printed']}»",
        readings="if the column named the field in which a definition was found, nothing would"
        " clash; its heading says term, not field",
        because="because a definition's own words name what it defines",
    )


@check("01_literature_definition_coding", "What each definition defines")
def caption(claim: Claim, evidence: Evidence) -> Judgement:
    """A caption's subject against the terms the table's rows stand under."""
    terms = table(1)["term"].value_counts()
    how = ", ".join(f"{n} under {term.replace('_', ' ')}" for term, n in terms.items())
    if set(terms.index) == {"smart_city"}:
        return Judgement("reproduced", how, "smart_city")
    kinder = f"{how}; the caption may name the ground on which they were gathered"
    return Judgement("consistent", kinder, how)


@check("01_literature_definition_coding", "The article's codes")
def shortcomings(claim: Claim, evidence: Evidence) -> Judgement:
    """Several definitions, or several shortcomings: how many Table 1 shows."""
    codes, printed = article_codes(), table(1)
    coded = int(codes.any(axis=1).sum())
    how = (
        f"Table 1 holds {len(codes)} definitions, {coded} of them coded, with {codes.shape[1]}"
        " kinds of shortcoming"
    )
    if claim.place.startswith("abstract"):
        under = int((printed["term"] == "smart_government").sum())
        own = int((printed["subject"] == "smart_government").sum())
        how += (
            f"; {under} of them stand under the term smart government, which the sentence names,"
            f" and {own} speaks of it in its own words"
        )
        readings = "taken as definitions of smart government alone, Table 1 shows at most one"
        return Judgement("consistent", how, f"{coded} of {len(codes)}", readings=readings)
    verdict = "reproduced" if coded > 1 and codes.shape[1] > 1 else "consistent"
    return Judgement(verdict, how, f"{coded} of {len(codes)}")


def _definitions_through(term: str, subject: str, evidence: Evidence) -> list[str]:
    links = definitional_links(evidence.coding_rules)
    of_subject = (links[["term", "subject"]] == subject).any(axis=1)
    return list(links.index[links["through"].str.contains(term) & of_subject])


@check("05_smart_city_vs_smart_government", "What no question asks")
def through_city(claim: Claim, evidence: Evidence) -> Judgement:
    """Smart government seen through smart city: definitions of the one by way of the other."""
    found = _definitions_through("smart_city", "smart_government", evidence)
    links = definitional_links(evidence.coding_rules)
    how = (
        f"{len(found)} of {len(links)} definitions of Table 1 define smart government through smart"
        " city; would need the coded corpus, of which Table 1 is a part"
    )
    return Judgement("consistent" if found else "not_checkable", how, str(len(found)))


@check("05_smart_city_vs_smart_government", "What no question asks")
def not_synonyms(claim: Claim, evidence: Evidence) -> Judgement:
    """No synonyms: a definition that makes one term a part of the other's field excludes it."""
    found = _definitions_through("smart_government", "smart_city", evidence)
    if not found:
        how = "would need a definition that sets one term beside the other"
        return Judgement("not_checkable", how)
    how = (
        f"{', '.join(found)} makes smart city the field in which smart government is applied, and a"
        " field is not the thing applied"
    )
    return Judgement("consistent", how, "", "; ".join(f"table1.{row}.comparison" for row in found))


@check("05_smart_city_vs_smart_government", "What no question asks")
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
    against = "; ".join(f"table1.{row}.term" for row in found)
    return Judgement("consistent", how, f"{len(found)} of {size}", against)


@check("05_smart_city_vs_smart_government", "What no question asks")
def part_of_itself(claim: Claim, evidence: Evidence) -> Judgement:
    """A term placed inside itself excludes nothing."""
    how = (
        "everything lies within itself, so the sentence excludes none of those that place smart"
        " city inside smart government"
    )
    readings = "read as a slip for smart government, it says what the last sentence says"
    return Judgement("consistent", how, "", "conclusion.part_of", readings=readings)


@check("05_smart_city_vs_smart_government", "What no question asks")
def part_of(claim: Claim, evidence: Evidence) -> Judgement:
    """Smart city as a part of smart government: what bears on it, and what was not asked."""
    found = _definitions_through("smart_government", "smart_city", evidence)
    if not found:
        return Judgement("not_checkable", "would need a definition that sets one term in the other")
    how = (
        f"{', '.join(found)} of Table 1 makes smart city the field where smart government is put to"
        " use, which the sentence may restate; no question sets the two terms against each other,"
        " so the Delphi study cannot show it either way"
    )
    return Judgement("consistent", how, "", "; ".join(f"table1.{row}.term" for row in found))


@check("05_smart_city_vs_smart_government", "What no question asks")
def local_government(claim: Claim, evidence: Evidence) -> Judgement:
    """The part of smart local government: does a printed definition of smart city name it?"""
    cities = table(1)[table(1)["subject"] == "smart_city"]
    found = list(cities.index[cities["gist"].str.contains("local authorities")])
    if not found:
        return Judgement("not_checkable", "would need a definition that names local authorities")
    how = (
        f"{', '.join(found)} of Table 1 gives local authorities their part in a smart city; that"
        " the component smart city government comes first or last among the nine is another"
        " statement"
    )
    against = "; ".join(f"table1.{row}.term" for row in found)
    return Judgement("consistent", how, "жергілікті билік", against)


@check("05_smart_city_vs_smart_government", "What no question asks")
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
        "read as the smart government of the abstracts, whose sentence it repeats; the word stands"
        " twice in the conclusion and is explained nowhere"
    )
    readings = "taken at its word it names a government that nothing else in the article names"
    against = "conclusion.adjective_october; abstract_kk.part_of"
    return Judgement("consistent", how, "", against, readings=readings)


@check("02_model_construction", "Counted in the text")
def dimension_name(claim: Claim, evidence: Evidence) -> Judgement:
    """One dimension under two names: the text's and the table's."""
    ledger = claims()
    told = ledger[(ledger["kind"] == "dimension_name") & (ledger["row"] == claim.row)]
    names = " and ".join(f"«{text}»" for text in told["printed"])
    others = "; ".join(told.index.drop(claim.claim_id))
    how = f"{claim.row} is called {names}; read as two words for one dimension"
    readings = "read as two dimensions, the model would have four"
    return Judgement("consistent", how, "", others, readings=readings)


@check("02_model_construction", "Counted in the text")
def approach(claim: Claim, evidence: Evidence) -> Judgement:
    """The approach is called by two words; both fit a review that is followed by a survey."""
    ledger = claims()
    told = ledger[ledger["kind"] == "approach"]
    others = "; ".join(told.index[told["printed"] != claim.printed])
    how = (
        "a review of the literature and a Delphi study are told of; both words can name the two"
        " together, and neither is explained"
    )
    return Judgement("consistent", how, "", others)


@check("05_smart_city_vs_smart_government", "What no question asks")
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
        f"{place} says {words.replace('_', ' ')}"
        for place, words in zip(told["place"], told["column"], strict=True)
    )
    places = " or ".join(sorted([claim.claim_id, *other.index]))
    return Judgement(
        "contradicted",
        tellings,
        "",
        "; ".join(other.index),
        f"one of the two sentences ({places})",
        readings="with the words of the other abstracts, hard to decide on, it would be open",
    )
