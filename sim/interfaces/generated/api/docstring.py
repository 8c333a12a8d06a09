"""Docstrings in the form of numpydoc, read into their sections."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_HEADING = re.compile(r"^(\w[\w ]*)\n(-{3,})$", re.MULTILINE)
PARAMETERS, RETURNS, RAISES, EXAMPLES = "Parameters", "Returns", "Raises", "Examples"


class DocstringField(NamedTuple):
    """An entry of a section: names before the colon, type after it, and the text below."""

    names: tuple[str, ...]
    kind: str
    text: str


@dataclass(frozen=True)
class Docstring:
    """A docstring.

    Parameters
    ----------
    summary : str
        Its first paragraph.
    text : str
        What follows before the first section.
    sections : dict of str
        Text of each section, by its heading.
    """

    summary: str
    text: str
    sections: dict[str, str]

    def entries(self, heading: str) -> list[DocstringField]:
        """Return the entries of a section: what begins at the margin, with the text below it."""
        found: list[DocstringField] = []
        for line in self.sections.get(heading, "").splitlines():
            if line and not line.startswith(" "):
                names, _, kind = line.partition(" : ")
                found.append(DocstringField(tuple(re.split(r",\s*", names)), kind.strip(), ""))
            elif found and line.strip():
                last = found[-1]
                found[-1] = last._replace(text=f"{last.text} {line.strip()}".strip())
        return found


def read_docstring(text: str | None) -> Docstring:
    """Return a docstring by its sections.

    Examples
    --------
    >>> found = read_docstring('''Return a sum.
    ...
    ...     Parameters
    ...     ----------
    ...     x, y : int
    ...         Terms.
    ... ''')
    >>> found.summary, found.entries("Parameters")
    ('Return a sum.', [DocstringField(names=('x', 'y'), kind='int', text='Terms.')])
    """
    plain = inspect.cleandoc(text or "")
    marks = [mark for mark in _HEADING.finditer(plain) if len(mark[1]) == len(mark[2])]
    ends = [*(mark.start() for mark in marks), len(plain)]
    head = plain[: ends[0]].strip()
    summary, _, rest = head.partition("\n\n")
    sections = {
        mark[1]: plain[mark.end() : end].strip("\n")
        for mark, (_, end) in zip(marks, pairwise(ends), strict=True)
    }
    return Docstring(" ".join(summary.split()), rest.strip(), sections)
