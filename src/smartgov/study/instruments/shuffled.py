"""The questionnaire in an order drawn anew for each respondent, by calculations of the form itself.

A *deck* is one ring's comparisons: its contexts and its pairs. For each deck the form draws an
order of the contexts, and for each context shown an order of the pairs; ``randomize`` shuffles the
codes of a choice list and ``once`` keeps what was drawn. The form shows *places*: the third place
of the second block asks whatever pair was drawn there, through a choice filter, and stores for
instance ``b_p07_left``: alternatives exchanged (``b``), seventh pair, the model's left one chosen.

The fields that are read later are calculated from the places. All answers of a block are written
one after the other (``b_p07_left_5 a_p02_equal_ …``); a question finds its own by the code of its
pair, wherever it was shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pandas as pd

from smartgov.study.instruments.names import INTENSITY, SIDE, question_field
from smartgov.study.instruments.opening import AGREED
from smartgov.study.instruments.plain import Texts, group_row, intensity_row, intro_row
from smartgov.study.wording import Wording
from smartgov.study.model import Model

LIST = "shuffle"
_ITEMS = f"instance('{LIST}')/root/item"
FLIPS = {"a": ("left", "equal", "right"), "b": ("right", "equal", "left")}


@dataclass(frozen=True)
class Deck:
    """The comparisons of one ring.

    Attributes
    ----------
    name : str
        ``r1``, ``r2``, … in the model's order of rings asked.
    contexts : dict of str to str
        Code → id of a context.
    pairs : dict of str to (str, str)
        Code → ids of left and right. Codes are unique in the whole form and equally long, so that
        none is the beginning of another.
    """

    name: str
    contexts: dict[str, str]
    pairs: dict[str, tuple[str, str]]

    @property
    def blocks(self) -> list[str]:
        """Names of the groups that show a context each."""
        return [f"{self.name}_{place}" for place in range(1, len(self.contexts) + 1)]


def decks(asked: pd.DataFrame) -> list[Deck]:
    """The decks of a questionnaire, one a ring."""
    width, found, contexts, pairs = len(str(len(asked))), [], 0, 0
    for number, (_, rows) in enumerate(asked.groupby("ring", sort=False), start=1):
        ids = rows["context"].unique()
        sides = rows[["left", "right"]].drop_duplicates().itertuples(index=False, name=None)
        context_codes = {f"c{contexts + i:0{width}}": name for i, name in enumerate(ids, start=1)}
        pair_codes = {f"p{pairs + i:0{width}}": pair for i, pair in enumerate(sides, start=1)}
        contexts, pairs = contexts + len(context_codes), pairs + len(pair_codes)
        found.append(Deck(f"r{number}", context_codes, pair_codes))
    return found


def shuffled_rows(asked: pd.DataFrame, wording: Wording, texts: Texts) -> Iterator[dict]:
    """Rows of the survey sheet: what is drawn, what is shown, and what is read later.

    Parameters
    ----------
    asked : pandas.DataFrame
        Questions as :func:`names.asked_questions` returns them.
    texts : mapping
        Shown with each question; empty in round one.
    """
    table, number = decks(asked), 1
    for deck in table:
        yield _calculate(f"shuffle_contexts_{deck.name}", _drawn(f"set='{deck.name}' and side='context'", "name"))
        for place, block in enumerate(deck.blocks):
            yield from _drawn_rows(deck, place, block, wording, bool(texts))
    for deck in table:
        for block in deck.blocks:
            yield from _shown_rows(deck, block, number, wording, bool(texts))
            number += len(deck.pairs)
    for deck in table:
        yield from (_calculate(f"shuffle_answers_{block}", _answers(deck, block)) for block in deck.blocks)
    for context in asked["context"].unique():
        yield from _read_rows(context, table, wording)


def _calculate(name: str, calculation: str) -> dict:
    return {"type": "calculate", "name": name, "calculation": calculation}


def _drawn(condition: str, column: str) -> str:
    """Codes of the items that meet a condition, in a random order that is then kept."""
    return f"once(join(' ', randomize({_ITEMS}[{condition}]/{column})))"


def _title(code: str, language: str) -> str:
    return f"{_ITEMS}[name = {code}]/title_{language}"


def _drawn_rows(deck: Deck, place: int, block: str, wording: Wording, has_texts: bool) -> Iterator[dict]:
    """The context at one place, its names, its pairs in order, and which alternative stands first."""
    context = f"shuffle_context_{block}"
    yield _calculate(context, f"selected-at(${{shuffle_contexts_{deck.name}}}, {place})")
    for language in wording.languages:
        yield _calculate(f"shuffle_title_{block}_{language}", _title(f"${{{context}}}", language))
    pairs = f"shuffle_pairs_{block}"
    yield _calculate(pairs, _drawn(f"set='{deck.name}' and flip='a' and side='equal'", "pair"))
    for k in range(len(deck.pairs)):
        key = f"shuffle_key_{block}_{k + 1}"
        yield _calculate(key, f"once(concat(if(random() < 0.5, 'a', 'b'), '_', selected-at(${{{pairs}}}, {k})))")
        for language in wording.languages if has_texts else ():
            text = f"concat(${{{context}}}, substring-after(${{{key}}}, '_'))"
            yield _calculate(f"shuffle_text_{block}_{k + 1}_{language}", _title(text, language))


def _shown_rows(deck: Deck, block: str, first: int, wording: Wording, has_texts: bool) -> Iterator[dict]:
    """One group: the places of a block, each a question with two fields."""
    def title(language: str) -> str:
        return f"${{shuffle_title_{block}_{language}}}"

    def label(key: str, number: int):
        return lambda language: wording.say(key, language, number=number, context=title(language))

    yield group_row(f"shown_{block}", wording, title)
    yield intro_row(f"shown_{block}__intro", wording, lambda language: {"context": title(language)})
    for k in range(1, len(deck.pairs) + 1):
        shown, number = f"shown_{block}_{k}", first + k - 1
        text = wording.columns("hint", lambda language, k=k: f"${{shuffle_text_{block}_{k}_{language}}}") if has_texts else {}
        yield {
            "type": f"select_one {LIST}", "name": shown, "required": "yes",
            "choice_filter": f"key = ${{shuffle_key_{block}_{k}}}",
            **wording.columns("label", label("question.which", number)), **text,
            **wording.columns("required_message", "required"),
        }  # fmt: skip
        unequal = f"${{{shown}}} != '' and not(contains(${{{shown}}}, 'equal'))"
        yield intensity_row(f"{shown}_intensity", wording, unequal, label("question.which_intensity", number))
    yield {"type": "end_group", "name": f"shown_{block}"}


def _answers(deck: Deck, block: str) -> str:
    """All answers of a block in one text; an intensity left over from before “equal” is dropped."""
    parts = []
    for k in range(1, len(deck.pairs) + 1):
        shown = f"shown_{block}_{k}"
        parts.append(f"${{{shown}}}, '_', if(contains(${{{shown}}}, 'equal'), '', ${{{shown}_intensity}}), ' '")
    return f"concat({', '.join(parts)})"


def _read_rows(context: str, table: list[Deck], wording: Wording) -> Iterator[dict]:
    """The group that is read later: every question of a context, calculated."""
    yield {"type": "begin_group", "name": context, "relevant": AGREED}
    # Collect refuses a group that shows nothing; this note is never shown.
    yield {"type": "note", "name": f"{context}__hidden", "relevant": "false()", **wording.columns("label", lambda language: context)}
    for deck in table:
        for code in (code for code, name in deck.contexts.items() if name == context):
            answers = f"shuffle_block_of_{code}"
            yield _calculate(answers, _block_of(code, deck))
            for pair, (left, right) in deck.pairs.items():
                field = question_field(context, left, right)
                own = f"substring-after(${{{answers}}}, '{pair}_')"
                yield _calculate(field + SIDE, f"substring-before({own}, '_')")
                yield _calculate(field + INTENSITY, f"substring-before(substring-after({own}, '_'), ' ')")
    yield {"type": "end_group", "name": context}


def _block_of(code: str, deck: Deck) -> str:
    """The answers of the block in which a context was shown."""
    where = "''"
    for block in reversed(deck.blocks):
        where = f"if(${{shuffle_context_{block}}} = '{code}', ${{shuffle_answers_{block}}}, {where})"
    return where


def shuffled_choices(asked: pd.DataFrame, model: Model, wording: Wording, texts: Texts) -> Iterator[dict]:
    """One list for everything that is drawn or shown: pairs both ways round, contexts, texts.

    Contexts and texts have no key, so no question offers them; they are looked up. One list, used
    by a choice filter, is written into the form by old and new converters alike.
    """
    for deck in decks(asked):
        for code, pair in deck.pairs.items():
            for flip, sides in FLIPS.items():
                yield from (_side(deck, code, pair, flip, side, model, wording) for side in sides)
        for code, context in deck.contexts.items():
            yield _looked_up(deck, code, "context", partial(model.label, context), wording)
            for pair, (left, right) in deck.pairs.items() if texts else ():
                text = texts[question_field(context, left, right)]
                yield _looked_up(deck, code + pair, "text", text.__getitem__, wording)


def _side(deck: Deck, code: str, pair: tuple[str, str], flip: str, side: str, model: Model, wording: Wording) -> dict:
    chosen = {"left": partial(model.label, pair[0]), "right": partial(model.label, pair[1]), "equal": "question.equal"}
    return {
        "list_name": LIST, "name": f"{flip}_{code}_{side}", **wording.columns("label", chosen[side]),
        "key": f"{flip}_{code}", "set": deck.name, "flip": flip, "side": side, "pair": code,
    }  # fmt: skip


def _looked_up(deck: Deck, name: str, what: str, text, wording: Wording) -> dict:
    titles = {f"title_{language}": text(language) for language in wording.languages}
    return {"list_name": LIST, "name": name, **wording.columns("label", text), "set": deck.name, "side": what, **titles}
