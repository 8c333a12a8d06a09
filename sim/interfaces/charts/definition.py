"""A chart as pages, reports and notebooks know it: its name, what it needs, how it is drawn."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import EnumMeta, StrEnum
from functools import cached_property
from typing import Any

from sim.analysis.discovery.discovering import Discovery
from sim.analysis.evidence import Evidence
from sim.analysis.explanation.all_futures.over_futures import WhyOverFutures
from sim.analysis.explanation.one_future.in_future import WhyInFuture
from sim.analysis.explanation.two_scenarios.differing import WhyDifference
from sim.analysis.groups.grouping import Groups
from sim.analysis.pairing import where_it_takes_part
from sim.analysis.portfolio.choosing import Portfolio
from sim.analysis.precision.enough import Precision
from sim.analysis.requirement.each.everybody import Requirements
from sim.analysis.requirement.host.bargaining import MostAsked
from sim.analysis.requirement.requiring import Requirement
from sim.analysis.robustness.comparing import Robustness
from sim.analysis.sensitivity.ranking import Ranking
from sim.analysis.shown import Shown
from sim.analysis.splitting.splitting import Split
from sim.analysis.sweeps.shown import ShownSweep
from sim.errors import InputError, Problem
from sim.interfaces.charts.base import Spec
from sim.interfaces.charts.choices import Subjects, problems_with
from sim.interfaces.charts.palette import Theme


class _Named(EnumMeta):
    """Says which names there are where a registry uses one that there is not."""

    def __getattr__(cls, name: str) -> Any:
        members = cls._member_map_
        if name in members:  # Python 3.11 asks here for every member.
            return members[name]
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(
            f"there is no {cls.__name__}.{name}. Choose one of {', '.join(members)}, or add it to "
            f"{cls.__name__} and to OTHERS in sim/interfaces/charts/definition.py."
        )


class ChartSubject(StrEnum, metaclass=_Named):
    """What a chart is about."""

    RUN = "a run"
    PAIR = "two runs that are compared"
    SWEEP = "a finished sweep"
    EVIDENCE = "the evidence"
    DISCOVERY = "where a condition holds (sim.discover)"
    ROBUSTNESS = "a comparison of settings (sim.robust)"
    PRECISION = "futures that are enough (sim.enough)"
    SPLIT = "a difference that is divided (sim.split)"
    WHY = "why a country chose as it did (sim.explain)"
    WHY_DIFFERENCE = "why two scenarios differ (sim.explain_difference)"
    REQUIREMENT = "what it would take (sim.what_would_it_take)"
    REQUIREMENTS = "what it would take for each country (sim.what_would_each_take)"
    MOST_ASKED = "the most that a country can ask (sim.most_it_can_ask)"
    PORTFOLIO = "countries to ask (sim.portfolio)"
    GROUPS = "groups of countries (sim.groups)"
    RANKING = "what an outcome hangs on (sim.sensitivity, sim.what_matters)"


@dataclass(frozen=True)
class Chart:
    """One chart.

    Parameters
    ----------
    name : str
        As code calls it.
    title : str
        As readers see it.
    says : str
        What it shows, in a sentence; screen readers say it too.
    subject : ChartSubject
        What it is about. A chart of a run also draws A of two runs.
    plot : callable
        Returns the Vega-Lite specification, given what is shown (one of `Subjects`), a theme and,
        by keyword, its choices. Choices without a default are needed.
    has_b : bool
        Whether it draws B beside A where there are two runs.
    """

    name: str
    title: str
    says: str
    subject: ChartSubject
    plot: Callable[..., Spec]
    has_b: bool = False

    @cached_property
    def choices(self) -> Mapping[str, bool]:
        """Names of its choices, and whether each is needed."""
        return {
            name: parameter.default is parameter.empty
            for name, parameter in inspect.signature(self.plot).parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY
        }

    @property
    def needs(self) -> tuple[str, ...]:
        """What it cannot be drawn without: its subject, and the choices without a default."""
        return (str(self.subject), *(name for name, needed in self.choices.items() if needed))

    def spec(self, shown: Subjects, theme: Theme, **choices: Any) -> Spec:
        """Return the Vega-Lite specification.

        Parameters
        ----------
        shown : Subjects
            What is drawn.
        theme : Theme
            Of the page it stands on.
        **choices
            See `choices`.

        Raises
        ------
        InputError
            If the chart is about something else, or a choice is missing, unknown or impossible.
        """
        self._check(shown, choices)
        country = choices.get("country")
        if country is not None and isinstance(shown, Shown):
            shown = where_it_takes_part(shown, country)
        found = problems_with(shown, choices)
        if found:
            raise InputError(found)
        spec = self.plot(shown, theme, **choices)
        says = f"{spec.get('description', '')} {self.says}".strip()
        # Vega-Lite passes it on unread: it tells a chart from others on a page.
        return spec | {"description": says, "usermeta": {"chart": self.name}}

    def _check(self, shown: Subjects, choices: Mapping[str, Any]) -> None:
        given = chart_subject(shown)
        if given is not self.subject and (given, self.subject) != (
            ChartSubject.PAIR,
            ChartSubject.RUN,
        ):
            rule = f"the chart {self.name} needs {self.subject}, not {given}."
            raise InputError([Problem("", 0, rule, "See CHARTS[name].needs for what others need.")])
        wrong = [key for key in choices if key not in self.choices]
        if wrong:
            rule = f"the chart {self.name} has no choice {', '.join(wrong)}."
            raise InputError([Problem("", 0, rule, f"It has {', '.join(self.choices)}.")])
        missing = [key for key, needed in self.choices.items() if needed and key not in choices]
        if missing:
            rule = f"the chart {self.name} needs {', '.join(missing)}."
            example = ", ".join(f"{key}=..." for key in missing)
            raise InputError([Problem("", 0, rule, f"Give {example}.")])


def chart_subject(shown: Subjects) -> ChartSubject:
    """Return what a chart of something would be about."""
    if isinstance(shown, Shown):
        return ChartSubject.RUN if shown.b is None else ChartSubject.PAIR
    return next(subject for kind, subject in OTHERS.items() if isinstance(shown, kind))


# What each kind of answer is to a chart; runs and pairs are `Shown`.
OTHERS: Mapping[type, ChartSubject] = {
    ShownSweep: ChartSubject.SWEEP,
    Evidence: ChartSubject.EVIDENCE,
    Discovery: ChartSubject.DISCOVERY,
    Robustness: ChartSubject.ROBUSTNESS,
    Precision: ChartSubject.PRECISION,
    Split: ChartSubject.SPLIT,
    WhyInFuture: ChartSubject.WHY,
    WhyOverFutures: ChartSubject.WHY,
    WhyDifference: ChartSubject.WHY_DIFFERENCE,
    Requirement: ChartSubject.REQUIREMENT,
    Requirements: ChartSubject.REQUIREMENTS,
    MostAsked: ChartSubject.MOST_ASKED,
    Portfolio: ChartSubject.PORTFOLIO,
    Groups: ChartSubject.GROUPS,
    Ranking: ChartSubject.RANKING,
}
