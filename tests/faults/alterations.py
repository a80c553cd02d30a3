"""What happens if one printed number had been transcribed wrongly? `make alterations`

Every cell of Tables 2–4 and every number among the other claims is altered in a copy of
`data/published`, in the table and in the ledger alike (in one of them alone it is refused at
once), and the claims are judged again. Each alteration is *refused* by the reader, *stops* the
judging with a sentence (no panel prints such a table), changes a *verdict*, changes only *reasons*
(what is recomputed, or the smallest change), or changes *nothing*; for the last two, `why` says
what the verdict rests on. Conclusions that are judged by a search for opposite panels are left
out. With the article at hand, ARTICLE=path, what was not refused is also looked up in its text.
"""

import csv
import re
import shutil
import sys
import tempfile
from pathlib import Path

from smartgov.article import evidence, published
from smartgov.article.checks import CHECKS, Claim
from smartgov.article.transcription import verify_transcription
from smartgov.audit import table_size
from smartgov.audit.row_at import RowAt

RESULTS = Path(__file__).with_name("alterations.csv")
SLOW = ("inner_leader", "importance", "least_important", "significant_results")
REASONS = ("recomputed", "against", "nearest", "worked", "readings")
NEXT_WORD = {"үш": "төрт", "үшіншіден": "төртіншіден", "екі": "үш", "алты": "жеті", "тоғыз": "он"}
NEXT_WORD |= {"бір": "екі", "three": "four", "трех": "четырех"}
LAST, FIRST = re.compile(r"\d(?=\D*$)"), re.compile(r"\d(?!\d*, ?\d)")


def _turned(by: int):
    return lambda text: LAST.sub(lambda found: str((int(found[0]) + by) % 10), text)


def _next_word(text: str) -> str:
    words = "|".join(NEXT_WORD)
    return re.sub(rf"\b({words})\b", lambda found: NEXT_WORD[found[0].lower()], text, flags=re.I)


KINDS = {
    "last digit + 1": _turned(1),
    "last digit - 1": _turned(-1),
    "first decimal + 5": lambda text: FIRST.sub(lambda d: str((int(d[0]) + 5) % 10), text, 1),
    "next number word": _next_word,
    "point for comma": lambda text: text.replace(",", "."),
    "one zero more": lambda text: LAST.sub(r"\g<0>0", text) if "," in text else text,
    "letter for digit": lambda text: LAST.sub("O", text),
    "NUL byte": lambda text: f"{text[:1]}\0{text[1:]}",
}
OUTCOMES = ("refused", "stops", "verdict", "reasons", "nothing")
COLUMNS = ("claim_id", "printed", *KINDS, "transcription", "changed", "why")


def numbers() -> dict[str, str]:
    """Claims that print a number, in digits or words; a star goes with its cell."""
    return {
        name: text
        for name, text in published.claims()["printed"].items()
        if LAST.search(text) or _next_word(text) != text
    }


def remembered(function):
    """A function that works out what the same arguments give only once."""
    known = {}

    def call(*arguments):
        if (key := repr(arguments)) not in known:
            known[key] = function(*arguments)
        return known[key]

    return call


class Copy:
    """A copy of the published files, in which one number at a time is altered."""

    def __init__(self, folder: Path) -> None:
        self.original = published.PUBLISHED
        published.PUBLISHED = Path(shutil.copytree(self.original, folder / "published"))
        # what was worked out for a row stays true while the row is the same
        RowAt.printings = remembered(RowAt.printings)
        evidence.RowAt, table_size.fits = remembered(RowAt), remembered(table_size.fits)
        self.committed = judged()

    def alter(self, claim: str, text: str) -> None:
        """Put another string in the place of a claim's, wherever it is printed."""
        for path in self.original.iterdir():
            shutil.copy(path, published.PUBLISHED)
        place, row, column = (*claim.split(".", 2), "")[:3]
        self._put("claims.csv", claim, "printed", text)
        if place in ("table2", "table3", "table4"):
            self._put(f"{place}.csv", row, column, text)
        for cached in (published.table, published.claims, published.claim_places):
            cached.cache_clear()

    def _put(self, name: str, row: str, column: str, text: str) -> None:
        with (published.PUBLISHED / name).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        for cells in rows:
            if cells[0] == row:
                cells[header.index(column)] = text
        with (published.PUBLISHED / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])

    def outcome(self) -> tuple[str, str]:
        """What judging finds now, against what it found before, and where."""
        try:
            published.claims()
        except ValueError as error:
            return "refused", str(error)
        try:
            now = judged()
        except ValueError as error:
            return "stops", str(error)
        verdicts = [name for name, found in now.items() if found[0] != self.committed[name][0]]
        if verdicts:
            first = verdicts[0]
            return "verdict", f"{first}: {self.committed[first][0]} → {now[first][0]}"
        reasons = [name for name, found in now.items() if found != self.committed[name]]
        return ("reasons", reasons[0]) if reasons else ("nothing", "")


def judged() -> dict[str, tuple[str, ...]]:
    """For each claim its verdict and the reasons, the search for opposite panels left out."""
    found, known = {}, evidence.Evidence()
    for fields in published.claims().itertuples(index=False):
        claim = Claim(*fields)
        if claim.kind not in SLOW:
            judgement = CHECKS[claim.kind].judge(claim, known)
            reasons = [getattr(judgement, name) for name in REASONS]
            found[claim.claim_id] = (judgement.verdict, *reasons)
    return found


def alterations(copy: Copy, claim: str, printed: str, article: Path | None = None) -> dict:
    """One row of the table: every alteration of one number."""
    row, looked_up, missed = dict.fromkeys(COLUMNS, ""), 0, 0
    row |= {"claim_id": claim, "printed": printed}
    for kind, alter in KINDS.items():
        if (text := alter(printed)) == printed:
            continue
        copy.alter(claim, text)
        row[kind], changed = copy.outcome()
        if row[kind] in ("stops", "verdict"):
            row["changed"] = row["changed"] or f"{text}: {changed}"
        if row[kind] in ("reasons", "nothing"):
            verdict, recomputed, *_ = copy.committed.get(claim, ("judged by a search", ""))
            row["why"] = f"{verdict} before and after; the others leave {recomputed or 'it open'}"
        if article and row[kind] != "refused":
            looked_up += 1
            missed += not verify_transcription(article)["found"].all()
    row["transcription"] = f"{missed} of {looked_up}" if article else ""
    return row


def main(article: Path | None) -> None:
    """Alter everything, write the table, and sum it up."""
    before = {}
    if RESULTS.exists():
        with RESULTS.open(encoding="utf-8", newline="") as file:
            before = {row["claim_id"]: row["transcription"] for row in csv.DictReader(file)}
    targets = numbers()
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        rows = [alterations(copy, name, text, article) for name, text in targets.items()]
    for row in rows:
        row["transcription"] = row["transcription"] or before.get(row["claim_id"], "")
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    outcomes = [row[kind] for row in rows for kind in KINDS if row[kind]]
    counts = {name: outcomes.count(name) for name in OUTCOMES}
    print(f"{len(rows)} numbers, {len(outcomes)} alterations: {counts}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else None)
