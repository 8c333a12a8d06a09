"""How the scenario of a result differs from its base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from sim.errors import InputError
from sim.scenario import load_scenario
from sim.scenario.differing import UNCERTAIN, Change, content_changes
from sim.scenario.reading.named import is_bare

# A list of countries or commitments can have thousands of letters.
_LONGEST_VALUE = 60
_Content = Mapping[str, Any]


@dataclass(frozen=True)
class Differing:
    """What distinguishes the scenario of a result.

    Parameters
    ----------
    base : str
        Name of the scenario with which it is compared; "" if that is not found.
    changes : tuple of Change
        Dotted address, value in the base, value in the result.
    varied : tuple of str
        Numbers that a sweep varies.
    levers : mapping
        Name of each lever of the scenario, by its target.
    as_of : str
        Month at whose end it stops, if its scenarios go on; else "".
    """

    base: str
    changes: tuple[Change, ...]
    varied: tuple[str, ...] = ()
    levers: Mapping[str, str] = field(default_factory=dict)
    as_of: str = ""

    def parts(self) -> list[str]:
        """Return one text for each difference; a lever stands for the number that it sets."""
        found = [f"as of {self.as_of}"] if self.as_of else []
        found += [f"varies {', '.join(self.varied)}"] if self.varied else []
        changed = {address for address, _, _ in self.changes}
        for address, _, value in self.changes:
            # The loss of a distribution follows from the change of the number itself.
            if not (address.startswith(UNCERTAIN) and address[len(UNCERTAIN) :] in changed):
                name = self.levers.get(address, address)
                found.append(f"no {name}" if value is None else f"{name}={_short(value)}")
        return found


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 3]}..."


class Bases:
    """The scenarios that results are compared with, each loaded once."""

    def __init__(self) -> None:
        self._loaded: dict[str, _Content | None] = {}

    def differing(self, manifest: Mapping[str, Any]) -> Differing:
        """Return how the scenario of a result differs from its base.

        Parameters
        ----------
        manifest : mapping
            Of the result, as it was read.

        Notes
        -----
        The base of a comparison is its first scenario. The base of a run or a sweep is the scenario
        that the file of its scenario extends, or that file if it extends none; both as they are
        now. Changes made to the file for this result come first. If neither file is found, the
        changes are those that the command asked for. A sweep of several scenarios has no base.
        """
        varied = tuple((manifest.get("sweep") or {}).get("fields", ()))
        if manifest["kind"] == "sweep" and len(manifest["scenarios"]) > 1:
            return Differing("", (), varied, {}, _earlier_end(manifest))
        *before, own = manifest["scenarios"]
        content = own["content"]
        levers = _levers(content)
        if before:
            changes = content_changes(before[0]["content"], content)
            return Differing(
                str(before[0]["name"]), tuple(changes), (), levers, _earlier_end(manifest)
            )
        chain = [PurePath(name).stem for name in own["source_files"][:2]]
        steps = [(name, found) for name in chain if (found := self._content(name)) is not None]
        changes = _along(content, [found for _, found in steps])
        if not steps:
            changes = _asked_for(manifest.get("command_line") or ())
        base = steps[-1][0] if steps else ""
        return Differing(base, tuple(changes), varied, levers, _earlier_end(manifest))

    def _content(self, name: str) -> _Content | None:
        """Return the content of a scenario by name; None if there is none that is valid."""
        if name not in self._loaded:
            try:
                self._loaded[name] = load_scenario(name).to_dict() if is_bare(name) else None
            except InputError:
                self._loaded[name] = None
        return self._loaded[name]


def _along(content: _Content, bases: list[_Content]) -> list[Change]:
    """Return the changes from the last base to a content, those from the first base first."""
    found: dict[str, Change] = {}
    if bases:
        whole = {change[0]: change for change in content_changes(bases[-1], content)}
        nearest = [address for address, _, _ in content_changes(bases[0], content)]
        found = {address: whole[address] for address in nearest if address in whole} | whole
    return [*found.values()]


def _asked_for(command: Sequence[str]) -> list[Change]:
    """Return the changes in the command of a result, whose values in the base are not known."""
    texts = [text for option, text in pairwise(command) if option in ("--set", "--lever")]
    return [(text.partition("=")[0], None, text.partition("=")[2]) for text in texts]


def _earlier_end(manifest: Mapping[str, Any]) -> str:
    """Return the last month of a result, if all its scenarios go on after it; else ""."""
    last = manifest.get("last_month")
    ends = [item["content"].get("horizon", {}).get("end") for item in manifest["scenarios"]]
    return str(last) if last is not None and last not in ends else ""


def _levers(content: _Content) -> dict[str, str]:
    """Return the name of each lever by its target; none if another version wrote them otherwise."""
    levers = content.get("levers")
    if not isinstance(levers, Mapping):
        return {}
    return {
        str(lever["target"]): str(name)
        for name, lever in levers.items()
        if isinstance(lever, Mapping) and "target" in lever
    }
