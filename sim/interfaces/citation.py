"""How to cite alignsim: what CITATION.cff says, with what is quoted."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from sim.experiment.store.identity import package_version
from sim.scenario.reading.shipped import shipped


@cache
def _record() -> dict[str, Any]:
    """Return the content of CITATION.cff."""
    found: dict[str, Any] = yaml.safe_load(shipped("CITATION.cff").read_text("utf-8"))
    return found


def _authors() -> list[str]:
    return [
        person.get("name") or f"{person['given-names']} {person['family-names']}"
        for person in _record()["authors"]
    ]


def citation(quoted: str, year: int | None = None) -> str:
    """Return a reference to this version, for a list of references.

    Parameters
    ----------
    quoted : str
        What of it is quoted, at the end of the reference.
    year : int, optional

    Examples
    --------
    >>> citation("Results of 9 November 2026", 2026)[:60]
    'The alignsim developers (2026). alignsim: a scenario simulat'
    """
    who = ", ".join(_authors()) + ("" if year is None else f" ({year})")
    return f"{who}. {_record()['title']}, version {package_version()} [software]. {quoted}"


def bibtex(quoted: str, year: int | None = None, address: str = "") -> str:
    """Return the same reference as an entry for BibTeX; see `citation`.

    Parameters
    ----------
    quoted : str
    year : int, optional
    address : str
        Where it is; "" if nowhere.
    """
    fields = {
        # Braces keep a name of several words whole.
        "author": f"{{{' and '.join(_authors())}}}",
        "title": f"{{{_record()['title']}}}",
        "version": package_version(),
        "year": "" if year is None else str(year),
        "note": quoted,
        "url": address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join(["@software{alignsim,", *lines, "}"])
