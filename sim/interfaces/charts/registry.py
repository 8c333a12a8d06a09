"""Every chart, in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.analysis.answers import Answer
from sim.analysis.evidence import Evidence
from sim.analysis.pairing import provider_names
from sim.analysis.sensitivity.analysing import Sensitivity
from sim.analysis.shown import Shown
from sim.analysis.sweeps.shown import shown_sweep
from sim.analysis.what_matters.matters import WhatMatters
from sim.errors import InputError, Problem
from sim.experiment.comparison import Comparison
from sim.experiment.result import Result
from sim.experiment.stored import StoredComparison, StoredRun
from sim.experiment.sweeps.stored import StoredSweep
from sim.interfaces.charts.answers.differences import plot_why_difference
from sim.interfaces.charts.answers.groups import plot_groups
from sim.interfaces.charts.answers.membership import plot_portfolio
from sim.interfaces.charts.answers.most_asked import plot_most_asked
from sim.interfaces.charts.answers.requirement import plot_requirement
from sim.interfaces.charts.answers.requirements import plot_requirements
from sim.interfaces.charts.answers.why import plot_why
from sim.interfaces.charts.capacity import plot_capacity
from sim.interfaces.charts.choices import Subjects
from sim.interfaces.charts.definition import Chart, ChartSubject
from sim.interfaces.charts.dots import plot_twenty_futures
from sim.interfaces.charts.drivers import plot_drivers
from sim.interfaces.charts.palette import theme
from sim.interfaces.charts.probabilities import plot_country_groups, plot_country_paths
from sim.interfaces.charts.programmes.estimates import plot_estimates
from sim.interfaces.charts.programmes.programme_uptake import plot_programme_uptake
from sim.interfaces.charts.programmes.skill import plot_calibration, plot_skill
from sim.interfaces.charts.reading.futures_needed import plot_futures_needed
from sim.interfaces.charts.reading.peeling import plot_peeling
from sim.interfaces.charts.reading.shares import plot_split
from sim.interfaces.charts.reading.tornado import plot_sensitivity, plot_tornado
from sim.interfaces.charts.reading.trade_off import plot_trade_off
from sim.interfaces.charts.sweeps.heat_map import plot_sweep_grid
from sim.interfaces.charts.sweeps.sweep_line import plot_sweep_line
from sim.interfaces.charts.uptake import plot_uptake, plot_uptake_difference

if TYPE_CHECKING:
    from sim.interfaces.charts.base import Spec

ENTRIES = (
    Chart(
        "country_groups",
        "A country over time",
        "Areas are the probabilities that it is with one provider only, with two, or waits.",
        ChartSubject.RUN,
        plot_country_groups,
    ),
    Chart(
        "uptake",
        "Partners over time",
        "The line is the mean of the futures; the dark band holds half of them, the light band "
        "90 %.",
        ChartSubject.RUN,
        plot_uptake,
        has_b=True,
    ),
    Chart(
        "uptake_difference",
        "Partners over time, A minus B",
        "The line is the mean difference, future by future; the dark band holds half of the "
        "futures, the light band 90 %.",
        ChartSubject.PAIR,
        plot_uptake_difference,
        has_b=True,
    ),
    Chart(
        "twenty_futures",
        "Partners at the end, in twenty futures",
        "Each dot is one chance in twenty, at the number of partners in that future.",
        ChartSubject.RUN,
        plot_twenty_futures,
        has_b=True,
    ),
    Chart(
        "capacity",
        "Places, megawatts and dollars",
        "Lines are the means of the futures for each offer; 90 % of the futures lie in a band.",
        ChartSubject.RUN,
        plot_capacity,
        has_b=True,
    ),
    Chart(
        "country_paths",
        "Probabilities of a country over time",
        "Areas are the probabilities of each path, which add up to 100 %.",
        ChartSubject.RUN,
        plot_country_paths,
    ),
    Chart(
        "drivers",
        "What weighs for and against",
        "Bars are what each reason adds, in utility, over staying as it was; means of futures.",
        ChartSubject.RUN,
        plot_drivers,
        has_b=True,
    ),
    Chart(
        "sweep_grid",
        "An outcome over two numbers",
        "Each cell is one pair of values; its number is the outcome there, a mean over futures.",
        ChartSubject.SWEEP,
        plot_sweep_grid,
    ),
    Chart(
        "sweep_line",
        "An outcome over one number",
        "Each dot is a point of the sweep; the dashed line is the scenario they are compared with.",
        ChartSubject.SWEEP,
        plot_sweep_line,
    ),
    Chart(
        "peeling",
        "The search for a box",
        "Each dot is a box on the way from all cases to few; the ring is the one chosen, the "
        "dashed line how often the condition holds anywhere.",
        ChartSubject.DISCOVERY,
        plot_peeling,
    ),
    Chart(
        "trade_off",
        "What settings cost, and how much they may be regretted",
        "Each dot is a setting of the levers, low is robust; the ring is the least regretted, the "
        "dashed ring where the levers stand now.",
        ChartSubject.ROBUSTNESS,
        plot_trade_off,
    ),
    Chart(
        "futures_needed",
        "The error against the number of futures",
        "Circles are the futures in hand, diamonds those that are enough; below the dashed line "
        "the error is as small as wanted.",
        ChartSubject.PRECISION,
        plot_futures_needed,
    ),
    Chart(
        "split",
        "What moved the result",
        "From the first scenario at the top to the second at the bottom: each bar is what a change "
        "adds or takes away, the thin line its 90 % interval.",
        ChartSubject.SPLIT,
        plot_split,
    ),
    Chart(
        "why",
        "Why it chose as it did",
        "From staying as it is at the top: each bar is what a reason adds or takes away. Dots are "
        "what the country could choose.",
        ChartSubject.WHY,
        plot_why,
    ),
    Chart(
        "why_difference",
        "Which reasons and which countries make the difference",
        "From the first scenario at the top to the second at the bottom: each bar is what a reason "
        "or a country adds or takes away, the thin line its 90 % interval.",
        ChartSubject.WHY_DIFFERENCE,
        plot_why_difference,
    ),
    Chart(
        "requirement",
        "What it would take",
        "With two levers, the least of one that is enough at levels of the other; with one, the "
        "probability over it with its 90 % interval. The diamond is the answer.",
        ChartSubject.REQUIREMENT,
        plot_requirement,
    ),
    Chart(
        "requirements",
        "What it would take for each country",
        "Each dot is the value of the lever at which a country reaches the level, with its 90 % "
        "interval; those that need least stand first.",
        ChartSubject.REQUIREMENTS,
        plot_requirements,
    ),
    Chart(
        "most_asked",
        "The most that it can ask",
        "The line is the share of futures in which the provider gives what is asked, with its "
        "90 % interval; the dashed line is the share that is wanted.",
        ChartSubject.MOST_ASKED,
        plot_most_asked,
    ),
    Chart(
        "portfolio",
        "Which countries to ask",
        "Dots are the shares of draws in which a country is one of the best, lines their 90 % "
        "intervals; diamonds accepted the offer in fact.",
        ChartSubject.PORTFOLIO,
        plot_portfolio,
    ),
    Chart(
        "groups",
        "Groups of countries",
        "Each bar is a group; its parts are the shares of its members that end with one provider "
        "only, with two, without one, or wait, as means of the futures.",
        ChartSubject.GROUPS,
        plot_groups,
    ),
    Chart(
        "sensitivity",
        "How far each number moves an outcome",
        "Dots are indices with their 90 % intervals, the strongest number first; colour tells "
        "levers from uncertainties.",
        ChartSubject.RANKING,
        plot_sensitivity,
    ),
    Chart(
        "tornado",
        "An outcome at both ends of each number",
        "A bar goes from where the dashed line stands to the outcome at each end of a number; the "
        "figure beside it is the index by which numbers are ranked.",
        ChartSubject.RANKING,
        plot_tornado,
    ),
    Chart(
        "skill",
        "The model and its rivals",
        "Dots are means over programmes, lines their 90 % intervals; the best stands first.",
        ChartSubject.EVIDENCE,
        plot_skill,
    ),
    Chart(
        "calibration",
        "How often countries joined, by what was forecast",
        "Dots are tenths of all forecasts with 90 % intervals; on the dashed diagonal as many "
        "joined as were forecast.",
        ChartSubject.EVIDENCE,
        plot_calibration,
    ),
    Chart(
        "programme_uptake",
        "Joiners of earlier programmes",
        "The coloured line is the mean of the forecast at the launch, the band holds 90 % of the "
        "futures; the stepped line is on record.",
        ChartSubject.EVIDENCE,
        plot_programme_uptake,
    ),
    Chart(
        "estimates",
        "What the record says about each number",
        "Dots are estimates with 90 % intervals, pale bars the 90 % intervals of their priors; "
        "colour and shape say how far the record tells the number.",
        ChartSubject.EVIDENCE,
        plot_estimates,
    ),
)
CHARTS = {chart.name: chart for chart in ENTRIES}
# Choices that say what of a result is drawn, not how.
SAYS_WHAT: Mapping[ChartSubject, tuple[str, ...]] = {
    ChartSubject.SWEEP: ("measure", "country"),
    ChartSubject.RANKING: ("outcome",),
}


def chart(
    result: Result | Comparison | StoredSweep | Answer | Evidence,
    name: str,
    *,
    is_dark: bool = False,
    **choices: Any,
) -> Spec:
    """Return a chart of a result as a Vega-Lite specification, as the explorer draws it.

    Parameters
    ----------
    result : Result, Comparison, StoredSweep, an answer about them, or Evidence
        From `sim.simulate`, `sim.compare` or `sim.sweep`; from a function that answers a question
        about them, such as `sim.explain` or `sim.discover`; or of earlier programmes from
        `sim.analysis.evidence.load_evidence`. Of a comparison, A is the second scenario and B the
        first, so that differences are A minus B as they are second less first.
    name : str
        One of `CHARTS`.
    is_dark : bool
        Whether it stands on a dark page.
    **choices
        What the chart needs (``CHARTS[name].needs``) and may be given (``CHARTS[name].choices``).
        A provider is the first of the scenario unless given. Of a sweep also ``measure``, a key
        of `sim.analysis.sweeps.surface.measures`, and ``country`` for the probability of one; of
        a sensitivity analysis ``outcome``, one of those that it covers.

    Returns
    -------
    dict
        Plain data, for any program that draws Vega-Lite; in a notebook
        ``altair.Chart.from_dict(spec)`` shows it. It is as wide as its place.

    Raises
    ------
    InputError
        If there is no such chart, it needs another kind of result, or a choice is missing, unknown
        or impossible.

    Examples
    --------
    >>> import sim
    >>> from sim.interfaces.charts import chart
    >>> result = sim.simulate(sim.load_scenario("baseline"), replicates=8, seed=1)
    >>> spec = chart(result, "uptake", provider="china")
    >>> len(spec["data"]["values"]) == len(result.scenario.months)
    True
    >>> chart(result, "drivers", country="BRA")["data"]["values"][0]["reason"] != ""
    True
    """
    if name not in CHARTS:
        rule = f"there is no chart {name!r}."
        raise InputError([Problem("", 0, rule, f"Choose one of {', '.join(CHARTS)}.")])
    found, shown = CHARTS[name], shown_of(result, choices)
    if isinstance(shown, Shown) and "provider" in found.choices and "provider" not in choices:
        choices["provider"] = next(iter(provider_names(shown)))
    return found.spec(shown, theme(is_dark), **choices)


def shown_of(result: Any, choices: dict[str, Any]) -> Subjects:
    """Return what of a result is drawn; takes from the choices what says so (`SAYS_WHAT`).

    Raises
    ------
    InputError
        If no chart draws such a result.
    """
    if isinstance(result, Result):
        return Shown(result)
    if isinstance(result, Sensitivity):
        return result.ranking(choices.pop("outcome", ""))
    if isinstance(result, WhatMatters):
        return result.ranking
    if isinstance(result, Evidence | Answer):
        return result
    if isinstance(result, Comparison):
        return Shown(Result(result.pair.b), Result(result.pair.a), result)
    if isinstance(result, StoredSweep):
        return shown_sweep(result, choices.pop("measure", ""), choices.pop("country", ""))
    if isinstance(result, StoredRun | StoredComparison):
        verb = "simulate" if isinstance(result, StoredRun) else "compare"
        rule = "charts draw the futures, which stored results do not hold."
        remedy = f"Make them again with sim.{verb}, the scenarios, replicates and seed it records."
        raise InputError([Problem("", 0, rule, remedy)])
    rule = f"a chart needs a result, not a {type(result).__name__}."
    raise InputError([Problem("", 0, rule, "Give that of sim.simulate, sim.compare or sim.sweep.")])
