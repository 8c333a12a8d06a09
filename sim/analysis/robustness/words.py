"""A comparison of settings in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.robustness.measures import GIVEN_UP
from sim.analysis.sweeps.words import field_title, place_in_words
from sim.words.wording import counted, number, percent

if TYPE_CHECKING:
    from sim.analysis.robustness.compared import Compared


def setting_in_words(found: Compared, setting: int) -> str:
    """Return a setting of the levers in words."""
    return place_in_words(found.crossing.levers, found.crossing.settings[setting].tolist())


def value_in_unit(found: Compared, value: float) -> str:
    """Return an amount of the outcome for reading: a share or a probability as a percentage."""
    unit = found.quantity.unit
    return percent(value) if "0-1" in unit else number(value)


def robustness_sentences(found: Compared) -> list[str]:
    """Return the least regretted setting, what it costs, and how others fare beside it."""
    n, s = found.outcome.shape
    pick = found.least_regretted
    levers = ", ".join(field_title(each) for each in found.crossing.levers)
    differing = [field_title(each) for each in found.crossing.uncertainties]
    if len(found.crossing.scenarios) > 1:
        differing.append(f"the scenario ({', '.join(found.crossing.scenarios)})")
    worlds = ", ".join(differing)
    lines = [
        f"{found.quantity.title}, {'more' if found.is_more_better else 'less'} is better: {n:,} "
        f"settings of {levers}, each in the same {s:,} worlds that differ in {worlds}."
    ]
    regret = found.regret
    most, usual = (
        amount_in_words(found, float(value)) for value in (regret[pick].max(), regret[pick].mean())
    )
    lines.append(
        f"Least regretted: {setting_in_words(found, pick)}. In no world does it fall short of the "
        f"best setting by more than {most}; on average by {usual}."
        if regret[pick].max() > 0
        else f"Least regretted: {setting_in_words(found, pick)}. No setting is better in any world."
    )
    lines += _within_chance(found)
    lines.append(_cost(found, pick))
    lines.append(_elsewhere(found, pick))
    now = found.crossing.now
    if now is not None and now != pick:
        lines.append(
            f"As the levers stand now ({setting_in_words(found, now)}), the greatest regret is "
            f"{amount_in_words(found, found.greatest_regret[now])}."
        )
    return lines


def amount_in_words(found: Compared, value: float) -> str:
    """Return a difference of the outcome with its unit."""
    unit = found.quantity.unit
    if "0-1" in unit:
        return f"{100 * value:.1f} points"
    return f"{number(value)} {unit}"


def _within_chance(found: Compared) -> list[str]:
    """Return how many other settings chance does not set apart from the least regretted."""
    n = int(found.within_chance.sum()) - 1
    if not n:
        return []
    verb = "is" if n == 1 else "are"
    return [
        f"{counted(n, 'other setting')} {verb} within twice the Monte Carlo error of it, "
        "by its upper bound: with more futures another could be least regretted."
    ]


def _cost(found: Compared, pick: int) -> str:
    """Return what the least regretted setting costs."""
    best = found.best_on_average
    mean = value_in_unit(found, float(found.mean[pick]))
    lines = f"What it costs: its mean over the worlds is {mean}"
    if best == pick:
        lines += ", the best of all settings"
    else:
        less = amount_in_words(found, float(abs(found.mean[best] - found.mean[pick])))
        word = "less" if found.is_more_better else "more"
        lines += f", {less} {word} than that of {setting_in_words(found, best)}"
    if found.cost_title != GIVEN_UP:
        unit = f" {found.cost_unit}" if found.cost_unit else ""
        least = float(found.cost.min())
        lines += (
            f"; {found.cost_title}: {number(float(found.cost[pick]))}{unit}, where the cheapest "
            f"setting has {number(least)}"
        )
    return f"{lines}."


def _elsewhere(found: Compared, pick: int) -> str:
    """Return how often settings are good enough, and what they reach in bad worlds."""
    most = int(found.good_enough.argmax())
    word = "at least" if found.is_more_better else "at most"
    text = (
        f"Good enough ({word} {value_in_unit(found, found.threshold)}) in "
        f"{percent(float(found.good_enough[pick]))} of the worlds"
    )
    if found.good_enough[most] > found.good_enough[pick]:
        text += (
            f"; most often with {setting_in_words(found, most)}, in "
            f"{percent(float(found.good_enough[most]))}"
        )
    reached = value_in_unit(found, float(found.percentile[pick]))
    where = f"all but {found.percent:g} %" if found.percent else "100 %"
    verb = "reaches" if found.is_more_better else "stays at or below"
    return f"{text}. In {where} of the worlds it {verb} {reached}."
