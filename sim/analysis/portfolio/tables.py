"""The tables of a portfolio: who is asked, what else there is, each place, and who blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.analysis.shared.estimates import P, estimate_columns
from sim.experiment.tables.table import Column, Described, Table, build_table
from sim.words.titles import country_names

if TYPE_CHECKING:
    from sim.analysis.portfolio.found import Selection

_CODE = Column("country", "string", "ISO3 code", "Country.")
_NAME = Column("name", "string", "", "Name of the country.")


def portfolio_tables(found: Selection) -> tuple[Table, ...]:
    """Return the tables of a portfolio."""
    return (
        _countries(found), _others(found), _slots(found), _limits(found), _measures(found),
        _belonging(found), _pairs(found), _record(found), _terms(found), _search(found),
    )  # fmt: skip


def _flag(name: str, text: str, values: Iterable[bool]) -> Described:
    return Column(name, "boolean", "", text), [*values]


def _listed(name: str, text: str, values: Iterable[Sequence[str]]) -> Described:
    return Column(name, "string", "ISO3 codes", text), [" ".join(codes) for codes in values]


def _unit(found: Selection) -> str:
    return found.asked.objective.unit


def _countries(found: Selection) -> Table:
    members, unit = found.members, _unit(found)
    belongs = {each.code: each.share.mean for each in found.belonging}
    promised = "promised to it: mean over futures, by the terms at the start"
    return build_table(
        "countries",
        f"One row per country that is asked to {found.asked.offer}, in the order in which they "
        f"would join; as it stands at the end of {found.months[-1]}, over {found.replicates:,} "
        "fresh futures.",
        ("country",),
        [
            (Column("place", "integer", "", "Place in the order."), range(1, len(members) + 1)),
            (_CODE, [each.code for each in members]),
            (_NAME, [each.name for each in members]),
            *estimate_columns(
                "adds", unit, "What it adds itself to the objective, over asking nobody",
                [each.adds for each in members],
            ),
            *estimate_columns(
                "p_holds", P, "Share of futures in which it holds the offer at the end",
                [each.holds for each in members],
            ),
            *estimate_columns(
                "p_signs", P, "Share of futures in which it ever signs the offer",
                [each.signs for each in members],
            ),
            *estimate_columns(
                "p_camp_unasked", P, "Share of futures in which it is with the provider at the "
                "end, by any offer, if nobody is asked to this one",
                [each.camp_unasked for each in members],
            ),
            (
                Column("size_mw", "number", "MW", f"Data centre {promised}."),
                [each.size_mw for each in members],
            ),
            (
                Column("bill_usd_m", "number", "USD million",
                       f"The provider's share of data centre and fund {promised}."),
                [each.bill_usd_m for each in members],
            ),
            (
                Column("share_belongs", "number", "share 0-1",
                       "Share of the draws of the uncertain numbers in which it is one of the "
                       "best."),
                [belongs[each.code] for each in members],
            ),
            _flag("is_in_fact", "Whether it ever accepted the offer, on record.",
                  (each.code in found.holders_in_fact for each in members)),
        ],
    )  # fmt: skip


def _others(found: Selection) -> Table:
    rows, unit = found.others, _unit(found)
    return build_table(
        "others",
        "One row per other set of countries, or other rule, in the same futures as the set that "
        "was chosen.",
        ("set",),
        [
            (Column("set", "string", "", "Short name."), [each.name for each in rows]),
            (Column("title", "string", "", "What it is."), [each.title for each in rows]),
            _listed("countries", "Countries asked; empty where they differ from future to future.",
                    [each.codes for each in rows]),
            *estimate_columns("value", unit, "The objective", [each.value for each in rows]),
            *estimate_columns("ahead", unit, "By how much the set that was chosen is better, "
                              "future by future", [each.ahead for each in rows]),
            _flag("fits", "Whether places, megawatts and money suffice for it.",
                  (each.fits for each in rows)),
        ],
    )  # fmt: skip


def _slots(found: Selection) -> Table:
    rows, unit = found.slots, _unit(found)
    return build_table(
        "slots",
        "One row per place, in the order in which countries would join, and one for a place more "
        "than there are.",
        ("places",),
        [
            (
                Column("places", "integer", "countries",
                       "Places, those of partners on record included."),
                [each.places for each in rows],
            ),
            (_CODE, [each.code for each in rows]),
            (_NAME, [each.name for each in rows]),
            *estimate_columns("value", unit, "The objective with so many places",
                              [each.value for each in rows]),
            *estimate_columns("adds", unit, "What the place adds, future by future",
                              [each.adds for each in rows]),
            _flag("is_beyond", "Whether it is more than there are.",
                  (each.is_beyond for each in rows)),
        ],
    )  # fmt: skip


def _limits(found: Selection) -> Table:
    rows = found.further
    return build_table(
        "limits",
        "One row per limit on what may be promised, and what a step more would add.",
        ("limit",),
        [
            (Column("limit", "string", "", "megawatts or budget_usd_m."),
             [each.limit for each in rows]),
            (Column("unit", "string", "", "Unit of the limit."), [each.unit for each in rows]),
            (Column("amount", "number", "as the limit", "The limit."),
             [each.amount for each in rows]),
            (Column("promised", "number", "as the limit",
                    "What the countries asked, and partners on record, count of it: what each does "
                    "not exceed in 95 % of the draws."),
             [each.promised for each in rows]),
            (Column("expected", "number", "as the limit",
                    "What they would take on average, were all to sign."),
             [each.expected for each in rows]),
            *estimate_columns("p_exceeds", P, "Share of futures in which those who hold the offer "
                              "at the end take more than the limit",
                              [each.exceeds for each in rows]),
            (Column("step", "number", "as the limit", "By how much it is raised."),
             [each.step for each in rows]),
            *estimate_columns("adds", _unit(found), "What the step adds to the objective",
                              [each.adds for each in rows]),
            _listed("joins", "Countries that would then be asked too.",
                    [each.joins for each in rows]),
            _listed("leaves", "Countries that would then not be asked.",
                    [each.leaves for each in rows]),
        ],
    )  # fmt: skip


def _measures(found: Selection) -> Table:
    rows = found.measures
    own = "as the measure"
    return build_table(
        "measures",
        "One row per measure that can be an objective: with these countries asked, and with nobody "
        "asked.",
        ("measure",),
        [
            (Column("measure", "string", "", "Short name."), [each.name for each in rows]),
            (Column("title", "string", "", "What is counted."), [each.title for each in rows]),
            (Column("unit", "string", "", "Its unit."), [each.unit for each in rows]),
            *estimate_columns("asked", own, "Mean with these countries asked",
                              [each.asked for each in rows]),
            *estimate_columns("unasked", own, "Mean with nobody asked",
                              [each.unasked for each in rows]),
            *estimate_columns("difference", own, "The first less the second, future by future",
                              [each.difference for each in rows]),
        ],
    )  # fmt: skip


def _belonging(found: Selection) -> Table:
    rows = found.belonging
    return build_table(
        "belonging",
        "One row per country that could be asked: how often it is one of the best, over "
        f"{found.draws} draws of the uncertain numbers.",
        ("country",),
        [
            (_CODE, [each.code for each in rows]),
            (_NAME, [each.name for each in rows]),
            *estimate_columns("share", "share 0-1", "Share of the draws in which it belongs to the "
                              "best set, were the numbers known", [each.share for each in rows]),
            (Column("group", "string", "", "core: in at least half of the draws; fringe: in "
                    "some; never: in none."), [each.group for each in rows]),
            _flag("is_asked", "Whether it is asked.", (each.is_asked for each in rows)),
        ],
    )  # fmt: skip


def _pairs(found: Selection) -> Table:
    rows = found.stability.pairs
    names = country_names()
    return build_table(
        "pairs",
        "One row per blocking pair of the outcome: a country that is not asked would rather hold "
        "the offer, and the provider would rather have it than the partner inside, or than an "
        f"empty place; at the end of {found.stability.futures} fresh futures.",
        ("by", "outside", "inside"),
        [
            (Column("by", "string", "", "What the provider prefers by: the objective, or its own "
                    "ranking of countries."), [each.by for each in rows]),
            (Column("outside", "string", "ISO3 code", "Country that is not asked."),
             [each.outside for each in rows]),
            (Column("outside_name", "string", "", "Its name."),
             [names.get(each.outside, each.outside) for each in rows]),
            (Column("inside", "string", "ISO3 code", "Partner; empty for an empty place."),
             [each.inside for each in rows]),
            *estimate_columns("share", "share 0-1", "Share of the futures in which the two block",
                              [each.share for each in rows], has_error=False),
        ],
    )  # fmt: skip


def _record(found: Selection) -> Table:
    names, asked = country_names(), found.codes
    rows = found.record
    return build_table(
        "record",
        "One row per country and offer of the provider that the country accepted, on record.",
        ("country", "offer"),
        [
            (_CODE, [each.code for each in rows]),
            (_NAME, [names.get(each.code, each.code) for each in rows]),
            (Column("offer", "string", "", "Offer that it accepted."),
             [each.offer for each in rows]),
            (Column("since", "string", "", "Date of the acceptance, as far as it is known."),
             [each.since for each in rows]),
            (Column("ended", "string", "", "Date on which it was ended; empty while it stands."),
             [each.ended for each in rows]),
            _flag("is_asked", "Whether the portfolio asks the country.",
                  (each.code in asked for each in rows)),
            _flag("is_held", "Whether it holds the offer at the start of the scenario.",
                  (each.code in found.held and each.offer == found.asked.offer for each in rows)),
            (Column("source", "string", "", "Source."), [each.source for each in rows]),
        ],
    )  # fmt: skip


def _terms(found: Selection) -> Table:
    rows, unit = found.settings, _unit(found)
    return build_table(
        "terms",
        "One row per setting of the offer's terms, each with the best set of countries under it; "
        "no rows where terms were not to choose.",
        ("terms",),
        [
            (Column("terms", "string", "", "Name of the setting."), [each.name for each in rows]),
            _listed("countries", "The best set under it.", [each.codes for each in rows]),
            *estimate_columns("value", unit, "The objective", [each.value for each in rows]),
            *estimate_columns("difference", unit, "Less that of the setting that was chosen",
                              [each.behind for each in rows]),
            _flag("is_chosen", "Whether it was chosen.", (each.is_chosen for each in rows)),
        ],
    )  # fmt: skip


def _search(found: Selection) -> Table:
    rows = found.steps
    return build_table(
        "search",
        "One row per step of the search that looked better in the futures in which sets were "
        f"screened, {found.screened} in all, and whether other futures confirmed it.",
        (),
        [
            (Column("step", "integer", "", "Number of the step."), range(1, len(rows) + 1)),
            (Column("kind", "string", "", "greedy: a country is added; additive: the best set of "
                    "the first approximation; swap, add: an exchange."),
             [each.kind for each in rows]),
            _listed("joins", "Countries that join.", [each.joins for each in rows]),
            _listed("leaves", "Countries that leave.", [each.leaves for each in rows]),
            *estimate_columns("gain", _unit(found), "What the step gains, in the futures of the "
                              "search", [each.gain for each in rows]),
            _flag("is_taken", "Whether it was taken.", (each.is_taken for each in rows)),
        ],
    )  # fmt: skip
