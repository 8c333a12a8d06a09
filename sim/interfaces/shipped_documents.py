"""The documents that ship with the program, and the parts of them that are generated."""

from __future__ import annotations

from functools import cache

from sim.scenario.reading.shipped import shipped

FOLDER = shipped("docs")


@cache
def generated_part(name: str, section: str) -> str:
    """Return one generated section of a document, as Markdown.

    Raises
    ------
    OSError
        If the document is not installed with this program.
    """
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    return text.split(f"<!-- begin {section} -->")[1].split(f"<!-- end {section} -->")[0].strip()
