"""Scenarios and questions as the command line and Python express them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.analysis.moved import moving_options, typed

# Options of the command line that are called otherwise than the arguments of Python.
_OPTIONS = {"replicates": "-n", "probability": "-p"}


@dataclass(frozen=True)
class Given:
    """A scenario, as commands and Python name it.

    Parameters
    ----------
    named : str
        Its name in the folder of scenarios, or the path of its file.
    changes, levers : mapping
        What is moved in it: by address, and by short name of a lever.
    text : str
        Text of its file, if it must be saved first; "" if there is one.
    """

    named: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    levers: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    @property
    def is_moved(self) -> bool:
        """Whether anything is moved."""
        return bool(self.changes or self.levers)

    @property
    def files(self) -> dict[str, str]:
        """The file that it needs, by path."""
        return {self.named: self.text} if self.text else {}

    @property
    def options(self) -> list[str]:
        """The options of the command line that move the same."""
        return moving_options(self.changes, self.levers)

    @property
    def loaded(self) -> str:
        """The expression of Python that builds it.

        Examples
        --------
        >>> Given("baseline", {"parameters.w_peer": 2.0}).loaded
        'sim.load_scenario("baseline").with_changes({"parameters.w_peer": 2.0})'
        """
        text = f"sim.load_scenario({json.dumps(self.named)})"
        text += f".with_changes({_literal(self.changes)})" if self.changes else ""
        return text + (f".with_levers({_literal(self.levers)})" if self.levers else "")


@dataclass(frozen=True)
class Two:
    """Two scenarios that are compared: differences are the second minus the first.

    Parameters
    ----------
    first, second : Given
    in_file : Given, optional
        The first with what is moved in it written into a file, since options of the command line
        move the second alone. Without it, there is no command if anything is moved in the first.
    """

    first: Given
    second: Given
    in_file: Given | None = None

    @property
    def words(self) -> list[str] | None:
        """The two as a command names them; None if it cannot."""
        first = self.in_file or self.first
        return None if first.is_moved else [first.named, self.second.named]

    @property
    def files(self) -> dict[str, str]:
        """The files that they need."""
        own = {} if self.in_file is None else self.in_file.files
        return {**own, **self.first.files, **self.second.files}


@dataclass(frozen=True)
class Invocation:
    """A question, as the command line and Python ask it.

    Parameters
    ----------
    verb : str
        The command.
    about : tuple of str
        What it is about besides scenarios, such as a country.
    keywords : mapping
        Arguments of Python; the options of the command are called alike. None is left out.
    options : mapping
        Options that the command alone has; True stands for one without a value.
    arguments : mapping
        Arguments that Python alone has.
    function : str
        The function of Python, if it is not called as the command.
    """

    verb: str
    about: tuple[str, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    function: str = ""

    @property
    def words(self) -> list[str]:
        """Its options on the command line."""
        return option_words({**self.keywords, **self.options})

    def call(self, *values: str) -> str:
        """Return the call of its function for expressions that stand before everything else."""
        function = self.function or self.verb.replace("-", "_")
        rest = _arguments({**self.keywords, **self.arguments})
        about = [json.dumps(word, ensure_ascii=False) for word in self.about]
        return f"sim.{function}({', '.join([*values, *about, *rest])})"


def size_of(replicates: int, seed: int, as_of: str | None = None) -> dict[str, Any]:
    """Return how many futures are simulated, with which seed, and up to which month."""
    return {"replicates": replicates, "seed": seed, "as_of": as_of or None}


def option_words(values: Mapping[str, Any]) -> list[str]:
    """Return options of the command line with their values; None has none.

    Examples
    --------
    >>> option_words({"replicates": 200, "host": True, "as_of": None})
    ['-n', '200', '--host']
    """
    found: list[str] = []
    for name, value in values.items():
        if value is not None:
            option = _OPTIONS.get(name, f"--{name.replace('_', '-')}")
            found += [option] if value is True else [option, typed(value)]
    return found


def arguments(values: Mapping[str, Any]) -> str:
    """Return arguments of Python as they stand in a call; None has none."""
    return ", ".join(_arguments(values))


def _arguments(values: Mapping[str, Any]) -> list[str]:
    return [f"{name}={_python_of(value)}" for name, value in values.items() if value is not None]


def _python_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _literal(values: Mapping[str, Any]) -> str:
    pairs = (f"{json.dumps(name)}: {_python_of(value)}" for name, value in values.items())
    return f"{{{', '.join(pairs)}}}"
