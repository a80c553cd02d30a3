"""Pieces of the pages that are written for readers: questionnaires, feedback, summaries of runs."""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files

import pandas as pd

from smartgov.present.messages import say

MISSING = "–"
SUMMARY_STYLE = """
body { max-width: 1180px; }
table { border-collapse: collapse; font-size: .9em; margin: .6em 0; }
th, td { padding: 3px 8px; vertical-align: bottom; text-align: left;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
td { white-space: nowrap; }
.number { text-align: right; }
.wide { overflow-x: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 500px), 1fr));
  gap: 12px 24px; margin: 12px 0; }
.pair figure { margin: 0; max-width: 900px; }
figure img { width: 100%; } figcaption { color: var(--soft); font-size: .875em; }
"""


def stylesheet() -> str:
    """The style shared by all pages."""
    return files("smartgov.present").joinpath("questionnaire.css").read_text(encoding="utf-8")


def html_page(title: str, body: str, language: str, style: str = "") -> str:
    """A page that stands alone; `style` is added to the shared one."""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{stylesheet()}{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def heading(key: str) -> str:
    """A second-level heading, by its message."""
    return f"<h2>{escape(say(key))}</h2>"


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def listing(lines: list[str]) -> str:
    """A list of plain texts."""
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def html_table(table: pd.DataFrame, title: str) -> str:
    """A table that scrolls sideways where it is wide; columns that hold figures stand at the right.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns are headings, as they are to be read.
    title : str
        Name of the table, for those who do not see it.
    """
    sides = ["" if table[column].map(_words).any() else " class=number" for column in table]
    head = "".join(
        f'<th scope="col"{side}>{escape(str(column))}</th>'
        for column, side in zip(table, sides, strict=True)
    )
    rows = (
        "".join(
            f"<td{side}>{escape(str(cell))}</td>" for cell, side in zip(row, sides, strict=True)
        )
        for row in table.itertuples(index=False)
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div class=wide tabindex=0 role=region aria-label="{escape(title)}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _words(cell: object) -> bool:
    """Whether a cell holds letters, and so reads better from the left."""
    return bool(re.search(r"[^\W\d_]", str(cell)))


def figure(name: str, title: str, whose: str) -> str:
    """A figure of the run by its file name, under the message that says whose it is."""
    alt = escape(say("summary.alt", title=say(title).rstrip("?."), name=name))
    return (
        f'<figure><figcaption>{escape(say(whose))}</figcaption><a href="figures/{name}.svg"><img'
        f' src="figures/{name}.svg" alt="{alt}"></a></figure>'
    )


def side_by_side(*figures: str) -> str:
    """Figures beside each other, below each other on a narrow screen."""
    return f"<div class=pair>{''.join(figures)}</div>"


def decimals(digits: int):
    """A function that writes a number with so many decimals, and a dash for NaN."""
    return lambda value: f"{value:.{digits}f}" if value == value else MISSING


def p_words(value: float) -> str:
    """A p-value to three decimals.

    Examples
    --------
    >>> p_words(0.0421), p_words(float("nan"))
    ('0.042', '–')
    """
    return MISSING if value != value else "<\u00a00.001" if value < 0.001 else f"{value:.3f}"
