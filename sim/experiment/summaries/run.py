"""What a run says, in plain words for readers who are new to the model."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.probability_interval import interval_words
from sim.experiment.summaries.explaining import case_of_row, explain
from sim.experiment.summaries.focus import USUAL, checked_focus
from sim.experiment.tables.inputs import ASSUMPTION, ESTIMATED
from sim.scenario.path_names import offer_id
from sim.words.evidence import estimates_in_words
from sim.words.outcomes import OUTCOME_WORDS
from sim.words.wording import (
    REASONS_COME_BACK,
    counted,
    error_in_words,
    moment_of_drivers,
    month_in_words,
    number,
    percent,
    span,
    title_of_path,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.result_tables import RunTables
    from sim.scenario import Offer, Scenario

WIDTH = 92
SIGNS_THEN = "p_signed_given_invited"
LIKELIEST = 10
LEAST_SHOWN = 0.005


@dataclass(frozen=True)
class HeadedLines:
    """A heading and the lines below it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Summary:
    """Sections of plain text; `str` joins them, and so a notebook shows them."""

    sections: tuple[HeadedLines, ...]

    def __str__(self) -> str:
        return "\n\n".join(
            "\n".join([section.heading, *(f"  {line}".rstrip() for line in section.lines)])
            for section in self.sections
        )

    def __repr__(self) -> str:
        return str(self)


def wrap(text: str, indent: str = "") -> list[str]:
    """Return a text in lines of the width of the summary, broken nowhere before a percent sign."""
    joined = text.replace(" %", "\u00a0%")
    lines = textwrap.wrap(joined, WIDTH - 2, subsequent_indent=indent)
    return [line.replace("\u00a0%", " %") for line in lines]


def summarise_run(run: RunTables, focus: str | None = None) -> Summary:
    """Return the summary of a run, with a closer look at one country that takes part in it."""
    scenario = run.scenario
    closely = USUAL if focus is None else checked_focus(focus, scenario)
    sections = [
        HeadedLines(scenario.title, (*_question(run),)),
        HeadedLines(f"Who signs with whom by {_end(run)}", (*_paths(run),)),
        HeadedLines("What each provider has by then", (*_providers(run),)),
    ]
    offer = most_limited_offer(scenario)
    if offer is not None:
        sections.append(_likeliest(run, offer))
    if closely in scenario.agents:
        sections.append(_closer_look(run, closely))
    sections.append(HeadedLines("What this rests on", (*_grounds(run),)))
    return Summary(tuple(sections))


def _end(run: RunTables) -> str:
    return month_in_words(run.months[-1])


def _is_whole(run: RunTables) -> bool:
    """Return whether a run goes on to the end of its scenario."""
    return run.months[-1] == run.scenario.months[-1]


def _question(run: RunTables) -> Iterator[str]:
    scenario = run.scenario
    yield from wrap(" ".join(scenario.description.split()))
    yield ""
    yield (
        f"Scenario {scenario.name}, {month_in_words(scenario.months[0])} to {_end(run)}: "
        f"{len(run.countries)} countries, {counted(run.replicates, 'future')}, seed {run.seed}."
    )
    if not _is_whole(run):
        end = month_in_words(scenario.months[-1])
        yield f"All figures are as of the end of {_end(run)}; the scenario goes on to {end}."
    yield "The offers:"
    for reference, offer in scenario.offers.items():
        room = "open to all it admits" if offer.open_enrolment else "by invitation"
        if offer.slots is not None:
            room += f", {counted(offer.slots, 'slot')}"
        yield from wrap(f"  {reference.replace('.', ' ')}: {offer.title} ({room})", "    ")


def _paths(run: RunTables) -> Iterator[str]:
    """Yield how many countries end on each path."""
    last = run.timeline[run.timeline["month"] == run.months[-1]]
    rows = {(row["path"], row["outcome"]): row for row in last.to_dict("records")}
    yield f"{'':42}{'countries':>9} {'error':<6}  {'90 % of futures':<16}{'of world GDP':>12}"
    for path in dict.fromkeys(path for path, _ in rows):
        title = textwrap.shorten(title_of_path(path, run.scenario), 41, placeholder="...")
        count, wealth = rows[path, "n_countries"], rows[path, "gdp_share"]
        yield (
            f"{title:<42}{number(count['mean']):>9} {_error(count):<6}  "
            f"{span(count['p05'], count['p95']):<16}{percent(wealth['mean']):>12}"
        )


_TOTALS = (
    "n_countries", "gdp_share", "contracted_mw", "live_mw", "fund_usd_m", "n_left_by_supplier",
)  # fmt: skip


def _error(row: Mapping[Any, float], scale: float = 1.0) -> str:
    """Return the Monte Carlo error of a mean; results of earlier versions have none."""
    return f"±{error_in_words(scale * row.get('mean_se', float('nan')))}"


def _providers(run: RunTables) -> Iterator[str]:
    """Yield partners, megawatts and funds of each provider."""
    for name, provider in run.scenario.providers.items():
        yield f"{provider.title}:"
        own = run.totals[run.totals["provider"] == name]
        rows = {row["outcome"]: row for row in own.to_dict("records")}
        for outcome in _TOTALS:
            row = rows[outcome]
            show = percent if outcome == "gdp_share" else number
            interval = f"90 %: {span(row['p05'], row['p95'], show)}"
            error = _error(row, 100.0 if outcome == "gdp_share" else 1.0)
            label = OUTCOME_WORDS[outcome].amount
            yield f"  {show(row['mean']):>10} {error:<6} {label:<28} {interval}"


def most_limited_offer(scenario: Scenario) -> str | None:
    """Return the offer with the fewest slots, as ``provider_offer``; None if none has slots."""

    def limit(item: tuple[str, Offer]) -> float:
        offer = item[1]
        is_limited = offer.slots is not None and not offer.open_enrolment
        return float(offer.slots or 0) if is_limited else float("inf")

    reference, offer = min(scenario.offers.items(), key=limit)
    return offer_id(reference) if limit((reference, offer)) < float("inf") else None


def _offer(scenario: Scenario, limited: str) -> Offer:
    return {offer_id(ref): offer for ref, offer in scenario.offers.items()}[limited]


def _likeliest(run: RunTables, limited: str) -> HeadedLines:
    """Return the countries most likely to sign an offer."""
    offer = _offer(run.scenario, limited)
    key = f"p_ever_signed_{limited}"
    taken = [c for c in run.scenario.initial.commitments if offer_id(c.offer) == limited]
    held = {c.country for c in taken}
    table = run.countries.sort_values([key, "country"], ascending=[False, True])
    table = table[(table[key] > 0) & ~table["country"].isin(held)].head(LIKELIEST)
    heads = (
        f"{'probability':>11}  {'90 % interval':<16}{'invited':>7}{'signs then':>12}  median month"
    )
    lines = [f"{'':28}{heads}"]
    if table.empty:
        lines = ["None: nobody signs it in any of the futures."]
    for row in table.to_dict("records"):
        month = row[f"month_signed_{limited}_p50"]
        shown = month if isinstance(month, str) else "-"
        name = textwrap.shorten(f"{row['name']} ({row['country']})", 27, placeholder="...")
        interval = interval_words(row, key)
        filters = (percent(row[f"{start}_{limited}"]) for start in ("p_invited", SIGNS_THEN))
        first, then = filters
        cells = f"{percent(row[key]):>11}  {interval:<16}{first:>7}{then:>12}  {shown}"
        lines.append(f"{name:<28}{cells}")
    if held:
        lines += wrap(f"Already partners at the start: {', '.join(sorted(held))}.")
    by = "at some time" if _is_whole(run) else f"by the end of {_end(run)}"
    if not table.empty:
        lines += wrap(
            f"Probability: share of futures in which it signs {by}. Interval: over "
            "plausible values of the uncertain numbers, with the Monte Carlo error. Invited: share "
            "of futures in which the provider invites it; signs then: share of those in which it "
            "signs. Month: median of the first signature."
        )
    room = counted(offer.slots or 0, "slot")
    heading = f"Likeliest partners of {title_of_path(limited, run.scenario)}, {room}"
    return HeadedLines(heading, tuple(lines))


def _closer_look(run: RunTables, focus: str) -> HeadedLines:
    """Return one country's probabilities, and what weighs for and against each provider."""
    table, scenario = run.countries, run.scenario
    row = table[table["country"] == focus].to_dict("records")[0]
    shares = {path: float(row[f"p_{path}"]) for path in dict.fromkeys(run.timeline["path"])}
    lines = [
        f"{percent(p):>6}  {title_of_path(path, scenario)}"
        for path, p in sorted(shares.items(), key=lambda item: -item[1])
        if p >= LEAST_SHOWN
    ]
    for key, provider in scenario.providers.items():
        name = f"p_committed_{key}"
        lines += wrap(
            f"With {provider.title}: {percent(row[name])} (90 %: {interval_words(row, name)}). "
            f"{explain(case_of_row(row, scenario, key))}",
            "  ",
        )
    moment = moment_of_drivers(scenario, focus)
    lines += wrap(
        "Figures after reasons: what each adds to utility, relative to staying as it was, "
        f"{moment}; mean over futures. {REASONS_COME_BACK}"
    )
    return HeadedLines(f"{row['name']}: probabilities in {_end(run)}, and why", tuple(lines))


def _vintage_lines(countries: pd.DataFrame) -> Iterator[str]:
    """Yield the month of the facts, if they are not of the present vintage."""
    if "facts_as_of" not in countries or countries.empty:
        return
    month = month_in_words(str(countries["facts_as_of"].iloc[0]))
    text = f"The facts are those that were public in {month}."
    early = countries["share_anachronistic"].mean()
    if early > 0:
        text += f" {percent(early)} of them were published later: no earlier ones are on record."
    yield from wrap(text)


def _grounds(run: RunTables) -> Iterator[str]:
    """Yield what is assumed, what is estimated, and what the intervals mean."""
    table = run.parameters
    weights = table[table["address"].str.startswith("parameters.")]
    assumed = int((weights["status"] == ASSUMPTION).sum())
    drawn = int(table["distribution"].notna().sum())
    imputed = run.countries["share_imputed"]
    estimated = int((table["status"] == ESTIMATED).sum())
    yield from wrap(
        f"{assumed} of the {len(weights)} model parameters are assumptions; the others have a "
        "source or are set by the scenario. The scenario itself sets "
        f"{len(table) - len(weights)} terms of providers, offers and ties. {drawn} of all these "
        f"numbers are uncertain and drawn anew for every {run.futures_per_draw} futures."
    )
    if run.scenario.posterior is not None:
        yield from wrap(
            f"{estimated} of them are estimated on history and drawn jointly, from the "
            f"{run.scenario.posterior.title}."
        )
    yield from wrap(estimates_in_words([*imputed]))
    yield from _vintage_lines(run.countries)
    yield from wrap(
        "Beside a mean, ± is its Monte Carlo standard error with these futures (of shares, in "
        "points); the command enough says how many futures make it as small as you need."
    )
    yield from wrap(
        "The intervals hold within this model and its assumptions. They say how far its own "
        "numbers and chance can move it, not how far the world can."
    )
