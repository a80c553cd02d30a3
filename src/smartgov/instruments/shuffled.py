"""The questionnaire in an order drawn anew for each respondent, by calculations of the form itself.

A *deck* is one ring's comparisons: its contexts, components and pairs. For each deck the form draws
an order of the contexts, and for each block (one context shown) an order of the pairs and, pair by
pair, which alternative stands first: ``randomize`` shuffles the codes in a choice list, ``once``
keeps what was drawn. The form shows *places*: the third place of a block asks whatever pair was
drawn there. Its choices are filtered from a list that holds every component twice, before and after
``equal``: ``a_k02 b_k01`` puts component k02 above and k01 below. (Listing every pair both ways
would do too, but Enketo copies a question's whole list, in every language, into the page: with 36
pairs that took half a minute to open, against two seconds.)

The fields that are read later are calculated from the places. The answers of a block are written
one after the other (``k01_k02=k02:5 k03_k07=equal: …``); a question finds its own behind the code
of its pair, wherever that was shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pandas as pd

from smartgov.instruments.form import Form
from smartgov.instruments.names import INTENSITY, SIDE, question_field
from smartgov.instruments.opening import AGREED
from smartgov.instruments.plain import Texts, group_rows, question_rows
from smartgov.model import Model
from smartgov.words import say

LIST = "shuffle"
_ITEMS = f"instance('{LIST}')/root/item"
END = "‖"
"""Ends a text in a column that holds the texts of all pairs of a context."""


@dataclass(frozen=True)
class Deck:
    """The comparisons of one ring, named ``r1``, ``r2``, … in the order in which rings are asked.

    `contexts` maps codes to ids, `components` ids to codes, `pairs` codes to the ids of left and
    right. Codes are unique in the form and equally long, so that none is part of another.
    """

    name: str
    contexts: dict[str, str]
    components: dict[str, str]
    pairs: dict[str, tuple[str, str]]

    @property
    def blocks(self) -> list[str]:
        """Names of the blocks, each of which shows one context."""
        return [f"{self.name}_{place}" for place in range(1, len(self.contexts) + 1)]

    @property
    def sides(self) -> str:
        """Name of the list of choices."""
        return f"sides_{self.name}"


def decks(asked: pd.DataFrame) -> list[Deck]:
    """The decks of a questionnaire, one a ring; one a context where a ring's contexts ask different
    pairs, as with questions left out."""
    width, found, contexts, components = len(str(2 * len(asked))), [], 0, 0
    pairs = asked.groupby(["ring", "context"], sort=False)[["left", "right"]].apply(
        lambda rows: frozenset(rows.itertuples(index=False, name=None))
    )
    alike = pairs.groupby(level="ring").nunique() == 1
    deck = asked["ring"].where(asked["ring"].map(alike), asked["ring"] + " " + asked["context"])
    for number, (_, rows) in enumerate(asked.groupby(deck, sort=False), start=1):
        codes = {
            f"c{contexts + i:0{width}}": name
            for i, name in enumerate(rows["context"].unique(), start=1)
        }
        members = dict.fromkeys(rows[["left", "right"]].to_numpy().ravel())
        named = {name: f"k{components + i:0{width}}" for i, name in enumerate(members, start=1)}
        pairs = rows[["left", "right"]].drop_duplicates().itertuples(index=False, name=None)
        coded = {f"{named[left]}_{named[right]}": (left, right) for left, right in pairs}
        contexts, components = contexts + len(codes), components + len(named)
        found.append(Deck(f"r{number}", codes, named, coded))
    return found


def shuffled_rows(asked: pd.DataFrame, form: Form, texts: Texts) -> Iterator[dict]:
    """Rows of the survey sheet: what is drawn, what is shown, and what is read later.

    `asked` is what :func:`names.asked_questions` returns; the texts are shown with each question.
    """
    table, number = decks(asked), 1
    # Never shown; older converters write only lists that a question filters.
    never = {"relevant": "false()", "choice_filter": "set = ''"}
    yield form.row(f"select_one {LIST}", "shuffle_codes", **never, label=lambda language: LIST)
    for deck in table:
        yield _calculate(f"shuffle_contexts_{deck.name}", _drawn(deck, "context"))
        for place, block in enumerate(deck.blocks):
            yield from _drawn_rows(deck, place, block, form, bool(texts))
    for deck in table:
        for block in deck.blocks:
            yield from _shown_rows(deck, block, number, form, bool(texts))
            number += len(deck.pairs)
    for deck in table:
        yield from (
            _calculate(f"shuffle_answers_{block}", _answers(deck, block)) for block in deck.blocks
        )
    for context in asked["context"].unique():
        yield from _read_rows(context, table, form)


def _calculate(name: str, calculation: str) -> dict:
    return {"type": "calculate", "name": name, "calculation": calculation}


def _drawn(deck: Deck, what: str) -> str:
    """Codes of a deck's contexts or pairs, in a random order that is then kept."""
    return f"once(join(' ', randomize({_ITEMS}[set = '{deck.name}' and what = '{what}']/name)))"


def _drawn_rows(deck: Deck, place: int, block: str, form: Form, has_texts: bool) -> Iterator[dict]:
    """The context of a block with its names, the order of its pairs, and which side is first."""
    context, pairs = f"shuffle_context_{block}", f"shuffle_pairs_{block}"
    yield _calculate(context, f"selected-at(${{shuffle_contexts_{deck.name}}}, {place})")
    for column in ("title", "texts") if has_texts else ("title",):
        for language in form.languages:
            looked_up = f"{_ITEMS}[name = ${{{context}}}]/{column}_{language}"
            yield _calculate(f"shuffle_{column}_{block}_{language}", looked_up)
    yield _calculate(pairs, _drawn(deck, "pair"))
    for k in range(len(deck.pairs)):
        pair = f"selected-at(${{{pairs}}}, {k})"
        first, second = f"substring-before({pair}, '_')", f"substring-after({pair}, '_')"
        one, other = (
            f"concat('a_', {above}, ' b_', {below})"
            for above, below in ((first, second), (second, first))
        )
        order = f"once(if(random() < 0.5, {one}, {other}))"
        yield _calculate(f"shuffle_order_{block}_{k + 1}", order)
        for language in form.languages if has_texts else ():
            own = f"substring-after(${{shuffle_texts_{block}_{language}}}, concat({pair}, '='))"
            text = f"substring-before({own}, '{END}')"
            yield _calculate(f"shuffle_text_{block}_{k + 1}_{language}", text)


def _shown_rows(deck: Deck, block: str, first: int, form: Form, has_texts: bool) -> Iterator[dict]:
    """One group: the places of a block, each a question with two fields."""

    def title(language: str) -> str:
        return f"${{shuffle_title_{block}_{language}}}"

    def label(key: str, number: int, language: str) -> str:
        return say(key, language, number=number, context=title(language))

    def text(place: int, language: str) -> str:
        return f"${{shuffle_text_{block}_{place}_{language}}}"

    yield from group_rows(f"shown_{block}", f"shown_{block}__intro", form, title)
    for number, k in enumerate(range(1, len(deck.pairs) + 1), start=first):
        shown = f"shown_{block}_{k}"
        keys = ("question.which", "question.which_intensity")
        yield from question_rows(
            form,
            f"select_one {deck.sides}",
            (shown, f"{shown}_intensity"),
            tuple(partial(label, key, number) for key in keys),
            f"${{{shown}}} != '' and ${{{shown}}} != 'equal'",
            partial(text, k) if has_texts else None,
            choice_filter=f"name = 'equal' or selected(${{shuffle_order_{block}_{k}}}, name)",
        )
    yield {"type": "end_group", "name": f"shown_{block}"}


def _answers(deck: Deck, block: str) -> str:
    """All answers of a block in one text; an intensity left over from before “equal” is dropped."""
    parts = []
    for k in range(1, len(deck.pairs) + 1):
        shown = f"${{shown_{block}_{k}}}"
        pair = f"selected-at(${{shuffle_pairs_{block}}}, {k - 1})"
        chosen = f"if({shown} = 'equal', 'equal', substring-after({shown}, '_'))"
        intensity = f"if({shown} = 'equal', '', ${{shown_{block}_{k}_intensity}})"
        parts.append(f"{pair}, '=', {chosen}, ':', {intensity}, ' '")
    return f"concat({', '.join(parts)})"


def _read_rows(context: str, table: list[Deck], form: Form) -> Iterator[dict]:
    """The group that is read later: every question of a context, calculated."""
    yield {"type": "begin_group", "name": context, "relevant": AGREED}
    # Collect refuses a group that shows nothing; this note is never shown.
    hidden = f"{context}__hidden"
    yield form.row("note", hidden, relevant="false()", label=lambda language: context)
    for deck in table:
        for code in (code for code, name in deck.contexts.items() if name == context):
            answers = f"shuffle_block_of_{code}"
            yield _calculate(answers, _block_of(code, deck))
            for pair, sides in deck.pairs.items():
                field = question_field(context, *sides)
                left, right = (deck.components[name] for name in sides)
                own = f"substring-after(${{{answers}}}, '{pair}=')"
                said = f"substring-before({own}, ':')"
                side = f"if({said} = '{left}', 'left', if({said} = '{right}', 'right', {said}))"
                intensity = f"substring-before(substring-after({own}, ':'), ' ')"
                yield _calculate(field + SIDE, side)
                yield _calculate(field + INTENSITY, intensity)
    yield {"type": "end_group", "name": context}


def _block_of(code: str, deck: Deck) -> str:
    """The answers of the block in which a context was shown."""
    found = "''"
    for block in reversed(deck.blocks):
        here = f"${{shuffle_context_{block}}} = '{code}'"
        found = f"if({here}, ${{shuffle_answers_{block}}}, {found})"
    return found


def shuffled_choices(asked: pd.DataFrame, model: Model, form: Form, texts: Texts) -> Iterator[dict]:
    """For each deck the alternatives that can be chosen; the codes drawn, with their texts."""
    for deck in decks(asked):
        above, below = (
            [
                form.choice(deck.sides, f"{place}_{code}", partial(model.label, name))
                for name, code in deck.components.items()
            ]
            for place in ("a", "b")
        )
        yield from [*above, form.choice(deck.sides, "equal", "question.equal"), *below]
    for deck in decks(asked):
        for pair in deck.pairs:
            yield _code(deck, pair, "pair", form)
        for code, context in deck.contexts.items():
            titles = {f"title_{each}": model.label(context, each) for each in form.languages}
            context_texts = _texts_of(context, deck, form, texts)
            yield _code(deck, code, "context", form) | titles | context_texts


def _code(deck: Deck, code: str, what: str, form: Form) -> dict:
    return form.choice(LIST, code, lambda language: code) | {"set": deck.name, "what": what}


def _texts_of(context: str, deck: Deck, form: Form, texts: Texts) -> dict[str, str]:
    """The texts of a context's questions, each behind its pair's code, one column a language.

    One long text a block is looked up, and searched for each question: looking up every question's
    own text took Enketo a quarter of a minute.
    """
    if not texts:
        return {}
    own = {pair: texts[question_field(context, *sides)] for pair, sides in deck.pairs.items()}
    return {
        f"texts_{language}": "".join(
            f"{pair}={text[language].replace(END, ' ')}{END}" for pair, text in own.items()
        )
        for language in form.languages
    }
