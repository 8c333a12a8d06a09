"""Checks of what a caller gives to an answer: wrong kinds, and lists without anything in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import InputError, Problem
from sim.scenario.wording import shown_value


def check_flag(name: str, given: Any) -> None:
    """Check that something is True or False.

    Raises
    ------
    InputError
        If it is anything else, such as the text "no".
    """
    if not isinstance(given, bool):
        raise _refused(
            f"{name} = {shown_value(given)} must be True or False.", "Give one of the two."
        )


def check_text(name: str, given: Any, example: str) -> None:
    """Check that something is a text that says something, or None.

    Raises
    ------
    InputError
        If it is empty, or no text.
    """
    if given is not None and not (isinstance(given, str) and given.strip()):
        rule = f"{name} = {shown_value(given)} must be a text."
        raise _refused(rule, f"For example {example!r}; leave it out for the usual.")


def check_names(name: str, given: Any, example: str) -> None:
    """Check that something is a name, several, or a mapping by name, at least one; or None.

    Raises
    ------
    InputError
        If it is empty or of another kind.
    """
    if given is None:
        return
    is_kind = isinstance(given, str | Sequence | Mapping)
    if not is_kind or not given or not all(isinstance(each, str) and each for each in given):
        rule = f"{name} = {shown_value(given)} must name at least one, as texts."
        raise _refused(rule, f"For example {example}; leave it out for the usual.")


def check_by_name(name: str, given: Any, example: str) -> None:
    """Check that something is a mapping by name, which may be empty; or None.

    Raises
    ------
    InputError
        If it is of another kind.
    """
    if given is None:
        return
    if not isinstance(given, Mapping) or not all(isinstance(each, str) for each in given):
        raise _refused(f"{name} = {shown_value(given)} must be by name.", f"For example {example}.")


def _refused(rule: str, remedy: str) -> InputError:
    return InputError([Problem("", 0, rule, remedy)])
