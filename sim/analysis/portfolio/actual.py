"""Who is a partner in fact: the answers to a provider's offers on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.on_record import answers_on_record

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class AcceptancePeriod:
    """What is on record of one country and one offer.

    Parameters
    ----------
    code, offer : str
        ISO3 code; reference of the offer, such as ``us.infrastructure``.
    since : str
        Date of the first acceptance, as far as it is known: "YYYY", "YYYY-MM" or "YYYY-MM-DD".
    ended : str
        Date of the withdrawal that ended it; "" while it stands.
    source : str
        Of the acceptance, and of the withdrawal.
    """

    code: str
    offer: str
    since: str
    ended: str
    source: str

    @property
    def stands(self) -> bool:
        """Whether it stands at the end of the record."""
        return not self.ended


def partners_in_fact(
    scenario: Scenario, provider: str, as_of: str | None = None
) -> tuple[AcceptancePeriod, ...]:
    """Return the acceptances on record of the offers of a provider, by their date.

    What happened after the month `as_of` is not among them; the whole record unless given.
    """
    rows = answers_on_record(scenario, provider)
    if as_of is not None:
        rows = rows[rows["month"] <= as_of]
    found = []
    for (code, offer), own in rows.groupby(["iso3", "offer"], sort=False):
        accepted = own[own["is_yes"]]
        if accepted.empty or code not in scenario.agents:
            continue
        first, last = accepted.iloc[0], own.iloc[-1]
        ended = "" if last["is_yes"] else str(last["date"])
        sources = dict.fromkeys(
            [str(first["source"]), str(last["source"])] if ended else [str(first["source"])]
        )
        found.append(
            AcceptancePeriod(str(code), str(offer), str(first["date"]), ended, "; ".join(sources))
        )
    return tuple(sorted(found, key=lambda each: (each.since, each.code)))


def holders_in_fact(answered: Iterable[AcceptancePeriod], offer: str) -> tuple[str, ...]:
    """Return the countries that ever accepted an offer, whether or not that still stands."""
    return tuple(each.code for each in answered if each.offer == offer)
