"""Providers and their offers: the terms that a scenario file can set.

The model's numeric record of an offer or a provider consists of all numeric and boolean fields in
the order of declaration, so a new term is one new field.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.schema.fields import (
    REQUIRED,
    Block,
    Codes,
    Line,
    Month,
    NamedMap,
    Number,
    Switch,
    Whole,
    described,
    number,
    share,
    whole,
)


class Offer(Block):
    """One kind of partnership that a provider offers to countries: package, terms and condition."""

    title: Line = described(REQUIRED, "Title of the offer for readers.")
    open_from: Month | None = described(
        None, "First month in which the offer can be made; the start of the horizon if left out."
    )
    data_centre_mw_min: Number = number(
        0,
        0,
        20_000,
        "MW",
        "Smallest data centre that the provider builds under this offer, even for a country that "
        "wants or can power less.",
        "Use 0 for an offer without a data centre.",
    )
    data_centre_mw_max: Number = number(
        0,
        0,
        20_000,
        "MW",
        "Largest data centre that the provider builds under this offer; a country takes what fits "
        "its need and its power.",
        "Use 0 for an offer without a data centre.",
    )
    fund_usd_m: Number = number(
        0,
        0,
        100_000,
        "USD million",
        "Start-up fund or talent programme that the provider brings to each partner.",
        "Use 0 for an offer without a fund.",
    )
    assistant: Number = share(0, "How complete the customised national assistant is.")
    safety: Number = share(0, "How complete the safety and security support is.")
    chips: Number = share(0, "Share of the package that rests on export-licensed chips.")
    local_control: Number = share(
        0,
        "Control that stays in the country: residency of data, custody of model weights, local "
        "operation, a way out. 0 means the provider runs everything, 1 that the host does.",
    )
    dependence: Number = share(
        1,
        "How far the country's AI comes to depend on the provider before any local control; a "
        "light package makes it less dependent than a data centre.",
    )
    exclusivity: Number = share(
        0,
        "How far the partner must keep away from rivals: 0.5 doubles the burden of a second "
        "partner, 0.9 makes it tenfold, and 1 allows none. It also makes the dependence on the "
        "partner heavier.",
    )
    cost_share: Number = share(0, "Share of the capital cost that the host country is asked for.")
    visibility: Number = share(1, "How visible accepting is to rival providers and their pressure.")
    intercept: Number = number(
        0,
        -20,
        20,
        "utility",
        "Attraction that no other term explains; found by estimation, 0 until then.",
    )
    democracy_floor: Number = number(
        0,
        0,
        1,
        "liberal-democracy index",
        "Level of liberal democracy below which the democratic condition bites.",
    )
    democracy_strictness: Number = number(
        1,
        0,
        10,
        "1",
        "How much a shortfall below democracy_floor counts, in times w_condition; 0 means not at "
        "all.",
    )
    democracy_floor_is_hard: Switch = described(
        False,
        "Whether countries below the floor are refused (true) or only find the offer less "
        "attractive (false).",
    )
    kind: Literal["declaration", "membership", "contract", "vote"] = described(
        "contract",
        "What taking it amounts to: a declaration that costs nothing, membership of an "
        "organisation, a contract or infrastructure, or a vote. Numbers that are estimated on "
        "history are those of the kind.",
    )
    programme: Line | None = described(
        None,
        "Programme of the events table whose rows are answers to this offer; the name of the "
        "scenario if left out.",
    )
    silence: Literal["refusal", "unknown"] | None = described(
        None,
        "What it means that a country has no row in the events table: that it refused, or that "
        "nothing is known; if left out, unknown for a vote and a refusal otherwise.",
    )
    asked: Codes = described(
        ("all",), "Countries or blocs that the offer is addressed to: all, or a list."
    )
    excluded: Codes = described((), "Countries or blocs to which the offer is closed.")
    max_chip_tier: Whole = whole(
        3,
        1,
        3,
        "tier",
        "Highest export tier of January 2025 that may take the offer; 3 admits every country.",
    )
    slots: Whole | None = whole(
        None,
        0,
        200,
        "countries",
        "How many countries the offer has room for; null means no limit.",
        "Use null for an offer without a limit.",
    )
    open_enrolment: Switch = described(
        False,
        "Whether every eligible country is invited (true) or the provider selects whom to "
        "invite (false).",
    )
    pace_per_quarter: Number = number(
        3, 0, 200, "invitations a quarter", "Most invitations that the provider sends per quarter."
    )
    patience_months: Whole = whole(
        9,
        1,
        120,
        "months",
        "Months in which an invited country can review before the invitation lapses.",
    )
    cooldown_months: Whole = whole(
        12, 0, 120, "months", "Months before the provider invites the same country again."
    )
    concession_step: Number = share(
        0.05,
        "Local control that the provider adds each time an invited country reviews and does not "
        "accept.",
    )
    concession_limit: Number = share(
        0.2,
        "Most local control that the provider adds for one country; the sum with local_control "
        "is capped at 1.",
    )
    lead_months: Number = number(
        6,
        1,
        120,
        "months",
        "Mean months from signature to construction, or to being live without a data centre; in "
        "the month of the signature the commitment is always signed.",
    )

    def is_open_to(self, country: str) -> bool:
        """Return whether the offer's lists of countries, blocs resolved, admit a country."""
        is_asked = self.asked == ("all",) or country in self.asked
        return is_asked and country not in self.excluded


def _value(default: float, what: str) -> Any:
    return number(
        default, 0, 20, "1", f"Weight of {what} in what a country is worth to the provider."
    )


class Provider(Block):
    """A state or bloc that offers partnerships, with the diplomacy behind them."""

    title: Line = described(REQUIRED, "Title of the provider for readers.")
    home: Annotated[Codes, Field(min_length=1)] = described(
        REQUIRED, "Home of the provider: a country, a list of countries, or a bloc such as EU."
    )
    home_takes_part: Switch = described(
        False,
        "Whether the home countries choose like the others (true) or do not take part (false).",
    )
    backing: Number = share(
        0.5, "How far the home government backs the offers; it scales the effect of security ties."
    )
    linkage: Number = share(
        0, "How closely the offers are tied to the provider's own programme and diplomacy."
    )
    pressure: Number = share(0, "Pressure that the provider puts on those who choose its rivals.")
    chip_access_tier_1: Number = share(
        1, "Share of the wanted chips that countries of export tier 1 (close allies) can have."
    )
    chip_access_tier_2: Number = share(
        1, "Share of the wanted chips that countries of export tier 2 (most states) can have."
    )
    chip_access_tier_3: Number = share(
        1, "Share of the wanted chips that countries of export tier 3 (arms embargo) can have."
    )
    chip_lead: Number = share(
        0,
        "Share of the chips in use for AI that need a licence of the home and that nobody else "
        "could replace; what the home could withhold.",
    )
    value_market: Number = _value(1, "market size (rank of GDP)")
    value_readiness: Number = _value(1.5, "readiness")
    value_headroom: Number = _value(
        1, "power headroom (share of the offered size for which power can be found)"
    )
    value_alignment: Number = _value(
        1.2, "the mean of affinity and security tie, times the government's backing,"
    )
    value_tie: Number = _value(1.5, "corporate ties")
    value_record: Number = _value(1.5, "how it answered earlier requests of the home")
    offers: NamedMap[Offer] = described(
        {}, "The provider's offers, each under a short name; twelve in all at most."
    )
