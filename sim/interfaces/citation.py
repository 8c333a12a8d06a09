"""How to cite alignsim: what CITATION.cff says, with the address and the date of what is quoted."""

from __future__ import annotations

from datetime import date
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


def _authors() -> str:
    people = _record()["authors"]
    return ", ".join(
        person.get("name") or f"{person['given-names']} {person['family-names']}"
        for person in people
    )


def citation(day: date, address: str = "") -> str:
    """Return a reference to this version, for a list of references.

    Parameters
    ----------
    day : date
        When the results were looked at.
    address : str
        Where they are; "" if nowhere.

    Examples
    --------
    >>> citation(date(2026, 11, 9))[:60]
    'The alignsim developers (2026). alignsim: a scenario simulat'
    """
    record = _record()
    where = f", {address}" if address else ""
    return (
        f"{_authors()} ({day.year}). {record['title']}, version {package_version()} [software]. "
        f"Results of {day.day} {day:%B %Y}{where}"
    )


def bibtex(day: date, address: str = "") -> str:
    """Return the same reference as an entry for BibTeX; see `citation`."""
    fields = {
        "author": f"{{{_authors()}}}",
        "title": f"{{{_record()['title']}}}",
        "version": package_version(),
        "year": str(day.year),
        "note": f"Results of {day.isoformat()}",
    }
    fields |= {"url": address} if address else {}
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join(["@software{alignsim,", *lines, "}"])
