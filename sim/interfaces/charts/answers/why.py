"""Why a country chose as it did: what each reason adds, from staying to what it chose."""

from __future__ import annotations

from sim.analysis.explanation.all_futures.over_futures import WhyOverFutures
from sim.analysis.explanation.one_future.in_future import WhyInFuture
from sim.interfaces.charts.base import Spec
from sim.interfaces.charts.palette import Theme
from sim.interfaces.charts.reading.waterfall import (
    Contribution,
    end_row,
    part_rows,
    plotted_waterfall,
)
from sim.words.wording import span, term_phrase, with_capital, with_sign

# Below this a reason is no bar, utility.
_LEAST = 0.005
_AXIS = "What speaks for it (utility)"


def plot_why(shown: WhyInFuture | WhyOverFutures, theme: Theme) -> Spec:
    """Return a waterfall of the reasons."""
    rows = _in_future(shown) if isinstance(shown, WhyInFuture) else _over_futures(shown)
    return plotted_waterfall(theme, rows, _AXIS, f"{shown.title}: what each reason adds.")


def _in_future(shown: WhyInFuture) -> list[Spec]:
    """Return the rows: staying, each reason and the luck of the month, and what they lead to."""
    weighed = shown.weighed
    stays = f"Stays: {shown.path_title(weighed.present)}"
    if shown.against is None:
        return [end_row(stays, 0.0, "nothing else is open")]
    path, base = shown.against
    adds = {with_capital(term_phrase(term)): value for term, value in shown.reasons.items()}
    parts = [
        Contribution(title, value, value, value, f"{value:+.2f}")
        for title, value in sorted(adds.items(), key=lambda pair: -abs(pair[1]))
        if abs(value) >= _LEAST
    ]
    luck = shown.luck
    parts.append(Contribution("Luck of the month", luck, luck, luck, f"{luck:+.2f}"))
    rows = [end_row(stays, 0.0, "what everything else is compared with"), *part_rows(0.0, parts)]
    told = {weighed.preferred: "Best", weighed.runner_up: "Next best"}
    for k in dict.fromkeys((path, weighed.preferred, weighed.runner_up)):
        if k is not None and k != base:
            above = float(weighed.total[k] - weighed.total[base])
            title = f"{told[k]}: {shown.path_title(k)}"
            rows.append(end_row(title, above, f"{above:+.2f} against staying"))
    return rows


def _over_futures(shown: WhyOverFutures) -> list[Spec]:
    """Return the rows: without the partner, each reason with its interval, and with it."""
    reasons = sorted(shown.reasons().items(), key=lambda pair: -abs(pair[1].mean))
    parts = [
        Contribution(with_capital(term_phrase(term)), each.mean, each.low, each.high,
             f"{with_sign(each.mean)} (90 %: {span(each.low, each.high, with_sign)})")
        for term, each in reasons
        if abs(each.mean) >= _LEAST
    ]  # fmt: skip
    total = sum(part.mean for part in parts)
    return [
        end_row("Without it", 0.0, "what having it is compared with"),
        *part_rows(0.0, parts),
        end_row(f"With {shown.partner}", total, f"{with_sign(total)}, mean over futures"),
    ]
