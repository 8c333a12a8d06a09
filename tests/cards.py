"""What notebooks show of results, read back: only safe HTML, and its text."""

from __future__ import annotations

from html.parser import HTMLParser

from sim.notebook.showing import ShowsItself

# What a card is made of.
TAGS = {"div", "p", "strong", "small", "code", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"class", "style"}


class Read(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.styles: set[str] = set()
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.styles |= {value or "" for name, value in attrs if name == "style"}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def card_of(found: ShowsItself) -> str:
    """Return the text of what a notebook shows, after checking the HTML around it."""
    html = found._repr_html_()
    read = Read(html)
    assert set(read.tags) <= TAGS
    assert read.attributes <= ATTRIBUTES
    assert read.tags[:3] == ["div", "p", "strong"]
    # Formulas are not typeset, and the text has the colours of the notebook.
    assert html.startswith('<div class="tex2jax_ignore mathjax_ignore">')
    assert not any("color" in style for style in read.styles)
    assert "nan" not in read.text.lower().split()
    return read.text
