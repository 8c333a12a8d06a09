"""What the tests of the explorer's pages share."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
from streamlit.testing.v1 import AppTest

Downloaded = Callable[[str], pd.DataFrame]
Open = Callable[..., AppTest]
# What pages show follows from 40 futures as from 200, in a fifth of the time.
FEW = 40


def plain(text: str) -> str:
    """Return Markdown as it is read: without marks of markup and signs of print."""
    return re.sub(r"\\(.)", r"\1", text).replace("\u00a0", " ").replace("\u2212", "-")


def said(at: AppTest) -> str:
    """Return what a page says in its paragraphs and notes."""
    return plain(" ".join(each.value for each in [*at.markdown, *at.info]))


def listed(at: AppTest, label: str) -> pd.DataFrame:
    """Return what a page lists in the box of that name, with the titles of sections as a column."""
    start = f'aria-label="{label}"'
    (body,) = [html.proto.body for html in at.get("html") if start in html.proto.body]
    reader = _Rows()
    reader.feed(body[body.index(start) :])
    (head, *rows), section, found = reader.rows, "", []
    for row in rows:
        if len(row) < len(head):
            (section,) = row
        else:
            found.append([section, *row])
    return pd.DataFrame(found, columns=["section", *head])


def links(at: AppTest, label: str) -> list[Any]:
    """Return the links to pages that are called so."""
    found = [link.proto for link in at.get("page_link")]
    return [link for link in found if plain(link.label) == label]


def follow(at: AppTest, label: str) -> AppTest:
    """Follow the first link of that name, as a browser does."""
    link = links(at, label)[0]
    assert not link.disabled
    at.query_params.clear()
    at.query_params.update({key: value[-1] for key, value in parse_qs(link.query_string).items()})
    return at.switch_page(f"sim/interfaces/pages/{link.page or 'explore'}.py").run()


class _Rows(HTMLParser):
    """The texts of the cells of a table, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows:
            self.rows[-1][-1] += plain(data)
