"""What stands on the time axis of a chart: events of the scenario, and a country's own record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.on_record import answers_on_record
from sim.analysis.pairing import sides_of
from sim.words.titles import offer_title, programme_title
from sim.words.wording import month_in_words, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.analysis.shown import Shown
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Dated:
    """Something that happens in a month.

    Parameters
    ----------
    month : str
        "YYYY-MM".
    title : str
        What happens, in a few words.
    """

    month: str
    title: str

    @property
    def in_words(self) -> str:
        """The month and what happens."""
        return f"{month_in_words(self.month)}: {self.title}"


def events_in_view(shown: Shown, side: str = "") -> list[Dated]:
    """Return the events of the scenarios on view in the months shown, by month.

    Parameters
    ----------
    shown : Shown
    side : str
        "A" or "B" for the events of one side; "" for those of both, each marked with its side if
        the other lacks it.
    """
    sides = {name: each for name, each in sides_of(shown).items() if side in ("", name)}
    found: dict[Dated, list[str]] = {}
    for name, each in sides.items():
        for event in _events(each.scenario):
            if event.month in each.months:
                found.setdefault(event, []).append(name)
    marked = [
        each
        if len(having) == len(sides)
        else Dated(each.month, f"{each.title}, only in {having[0]}")
        for each, having in found.items()
    ]
    return sorted(marked, key=lambda each: each.month)


def _events(scenario: Scenario) -> list[Dated]:
    found = []
    for event in scenario.events:
        share = "" if event.probability == 1 else f" (in {percent(event.probability)} of futures)"
        found.append(Dated(event.date, f"{' '.join(event.title.split())}{share}"))
    return found


def _answers(scenario: Scenario, code: str) -> Iterator[tuple[str, str, bool]]:
    """Yield a country's answers on record to the offers of a scenario: month, offer, if it is yes.

    Offers are named for readers.
    """
    for provider in scenario.providers:
        rows = answers_on_record(scenario, provider)
        columns = (rows[name].tolist() for name in ("iso3", "month", "offer", "is_yes"))
        for iso3, month, offer, is_yes in zip(*columns, strict=True):
            if iso3 != code:
                continue
            is_own = offer in scenario.offers
            title = offer_title(scenario, offer) if is_own else programme_title(offer)
            yield str(month), title, bool(is_yes)


def dated_record(shown: Shown, code: str) -> list[Dated]:
    """Return a country's answers on record to the offers of A in the months shown, by month."""
    found = [
        Dated(month, f"on record, {'signed' if is_yes else 'withdrew'}: {title}")
        for month, title, is_yes in _answers(shown.a.scenario, code)
    ]
    kept = (each for each in dict.fromkeys(found) if each.month in shown.a.months)
    return sorted(kept, key=lambda each: each.month)


def unwritten_record(scenario: Scenario, code: str) -> list[Dated]:
    """Return a country's last answer on record to each offer that a scenario does not begin with.

    What is on record before the first month stands in ``initial``; later answers are simulated.
    """
    last = {
        title: Dated(month, f"{'signed' if is_yes else 'withdrew from'} {title}")
        for month, title, is_yes in sorted(_answers(scenario, code), key=lambda each: each[0])
        if month >= scenario.months[0]
    }
    return sorted(last.values(), key=lambda each: each.month)


def unwritten_in_words(scenario: Scenario, code: str) -> str:
    """Return what a country has answered in fact where a scenario lets it decide; "" if nothing.

    Examples
    --------
    >>> import sim
    >>> unwritten_in_words(sim.load_scenario("baseline"), "KAZ")
    'On record, and not written into this scenario: signed United States: adoption (January 2026).'
    >>> unwritten_in_words(sim.load_scenario("today"), "KAZ")
    ''
    """
    found = unwritten_record(scenario, code)
    listed = "; ".join(f"{each.title} ({month_in_words(each.month)})" for each in found)
    return f"On record, and not written into this scenario: {listed}." if listed else ""


def numbered_in_words(dated: Sequence[Dated]) -> str:
    """Return dated things with their numbers on the chart; "" if there are none.

    Examples
    --------
    >>> numbered_in_words([Dated("2027-03", "New licences"), Dated("2028-01", "An election")])
    'On the time axis: 1 March 2027: New licences; 2 January 2028: An election.'
    """
    listed = "; ".join(f"{n} {each.in_words}" for n, each in enumerate(dated, start=1))
    return f"On the time axis: {listed}." if listed else ""
