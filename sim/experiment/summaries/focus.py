"""The country that a summary looks at closely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.data.country_names import country_code
from sim.errors import InputError, Problem
from sim.scenario.wording import country_problem

if TYPE_CHECKING:
    from sim.scenario import Scenario

# Used unless the caller asks for another.
USUAL = "KOR"


def checked_focus(code: str, scenario: Scenario, called: str = "focus") -> str:
    """Return the ISO3 code of a country that takes part in the scenario.

    Parameters
    ----------
    code : str
        A code or a name, as `country_code` takes it.
    scenario : Scenario
    called : str
        What the message calls this argument, such as the caller's option.

    Raises
    ------
    InputError
        If it is not a country, matches more than one, or takes no part.
    """
    focus = country_code(str(code))
    if focus in scenario.agents:
        return focus
    shown = f"{called} {str(code)[:60]!r}"
    if focus is None:
        rule, remedy = country_problem(str(code))
        rule = f"{shown} {rule}."
    else:
        why, way = _why_not(focus, scenario)
        rule = f"{shown} takes no part in the scenario {scenario.name}: {why}."
        remedy = f"Choose one of the {len(scenario.agents)} countries that decide, or {way}."
    raise InputError([Problem("", 0, rule, remedy)])


def _why_not(code: str, scenario: Scenario) -> tuple[str, str]:
    """Return why a country takes no part, and what would include it."""
    if code in scenario.excluded_countries:
        return "countries.exclude leaves it out", "take it off that list"
    name = next(name for name, home in scenario.homes.items() if code in home)
    return f"it is home to provider {name}", f"set providers.{name}.home_takes_part to true"
