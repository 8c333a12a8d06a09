"""The country that a summary looks at closely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.data.codes import known_countries
from sim.errors import InputError, Problem
from sim.scenario.wording import suggest_country

if TYPE_CHECKING:
    from sim.scenario import Scenario

# Looked at where nobody asks for another.
USUAL = "KOR"


def checked_focus(code: str, scenario: Scenario, called: str = "focus") -> str:
    """Return a country's code in capitals, if the country takes part in the scenario.

    Parameters
    ----------
    code : str
        ISO3 code, any case.
    scenario : Scenario
    called : str
        What the message calls the wish: that of the caller's option.

    Raises
    ------
    InputError
        If the country is not in the panel, or takes no part.
    """
    known = known_countries()
    focus = str(code).upper()
    if focus in scenario.agents:
        return focus
    shown = f"{called} {str(code)[:60]!r}"
    if focus not in known:
        rule, remedy = f"{shown} is not a country of the panel.", suggest_country(str(code), known)
    else:
        why, way = _why_not(focus, scenario)
        rule = f"{shown} takes no part in the scenario {scenario.name}: {why}."
        remedy = f"Choose one of the {len(scenario.agents)} countries that decide, or {way}."
    raise InputError([Problem("", 0, rule, remedy)])


def _why_not(code: str, scenario: Scenario) -> tuple[str, str]:
    """Return why a country takes no part, and what would let it."""
    if code in scenario.excluded_countries:
        return "countries.exclude leaves it out", "take it off that list"
    name = next(name for name, home in scenario.homes.items() if code in home)
    return f"it is home to provider {name}", f"set providers.{name}.home_takes_part to true"
