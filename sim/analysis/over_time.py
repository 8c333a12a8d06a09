"""What runs come to month by month: partners, and slots, megawatts and dollars of offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.analysis.pairing import ensembles_of
from sim.analysis.standing import Ribbon, partners_by_month, ribbon
from sim.model.layout import FUND_USD_M, MW_CONTRACTED, MW_LIVE, SLOTS_HELD
from sim.words.outcomes import OUTCOME_WORDS, OutcomeWords
from sim.words.titles import offer_title

if TYPE_CHECKING:
    from sim.analysis.shown import Shown


def partner_ribbons(shown: Shown, provider: str) -> dict[str, Ribbon]:
    """Return the partners of a provider month by month, by the letter of the side."""
    return {
        side: ribbon(partners_by_month(ensemble, provider))
        for side, ensemble in ensembles_of(shown).items()
    }


def partner_difference(shown: Shown, provider: str) -> Ribbon:
    """Return the partners of a provider in A less those in B, in the same futures."""
    a, b = (partners_by_month(each, provider) for each in ensembles_of(shown).values())
    return ribbon(a - b)


class OfferMeasure(NamedTuple):
    """What can be shown of offers: its words, its column in their record, and its meaning."""

    words: OutcomeWords
    column: int
    meaning: str


# By the word for it in links; the first one of a reader is FIRST_MEASURE.
OFFER_MEASURES = {
    "slots": OfferMeasure(
        OUTCOME_WORDS["n_slots_held"],
        SLOTS_HELD,
        "An open invitation or a partner at any stage holds a slot.",
    ),
    "contracted": OfferMeasure(
        OUTCOME_WORDS["contracted_mw"],
        MW_CONTRACTED,
        "Data centres that are signed, being built, stalled or live.",
    ),
    "live": OfferMeasure(OUTCOME_WORDS["live_mw"], MW_LIVE, "Data centres in operation."),
    "funds": OfferMeasure(
        OUTCOME_WORDS["fund_usd_m"],
        FUND_USD_M,
        "Start-up funds of all partners that have signed.",
    ),
}
FIRST_MEASURE = "contracted"


@dataclass(frozen=True)
class OfferLine:
    """One offer of one side, month by month.

    Parameters
    ----------
    name : str
        What it is called beside the others.
    side : str
        "A" or "B".
    provider : str
        Key of its provider.
    ribbon : Ribbon
        Shape (T,), in the unit of the measure.
    heads : dict
        What says in a download which line it is.
    """

    name: str
    side: str
    provider: str
    ribbon: Ribbon
    heads: dict[str, Any]


def offer_lines(shown: Shown, measure: str) -> list[OfferLine]:
    """Return a line for each offer of each side that has any of one of `OFFER_MEASURES`."""
    column, lines = OFFER_MEASURES[measure].column, []
    for side, ensemble in ensembles_of(shown).items():
        axes = ensemble.axes
        for o in range(len(axes.offer)):
            values = ensemble.offer_record[:, :, o, column]
            reference = f"{axes.offer_provider[o]}.{axes.offer_key[o]}"
            slots = ensemble.scenario.offers[reference].slots
            is_of_slots = column == SLOTS_HELD
            if not values.any() or (is_of_slots and slots is None):
                continue
            title = offer_title(ensemble.scenario, reference)
            heads: dict[str, Any] = {"side": side, "offer": title}
            name = title if shown.other is None else f"{side}: {title}"
            if is_of_slots:
                name, heads["places in all"] = f"{name} ({slots} in all)", slots
            lines.append(OfferLine(name, side, axes.offer_provider[o], ribbon(values), heads))
    return lines
