"""One number reads the same wherever it stands: totals, changes, bounds."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from app_pages import Open, plain
from explorer.test_pages import captions, headline
from sim.analysis import findings
from sim.analysis.summary import kinds
from sim.interfaces.explorer.tables.columns import tenths
from sim.model.ensemble import Ensemble
from sim.words.wording import number

RANGE = "A, 90 % of futures: "


def test_a_total_is_rounded_once_on_explore(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rounded to one decimal and then to none, the mean of these futures would read 104.
    at_end = np.repeat([104, 105], [99, 101])
    assert number(round(at_end.mean(), 1)) == "104"

    def partners(ensemble: Ensemble, _: str) -> NDArray[np.int64]:
        return np.tile(at_end[:, np.newaxis], len(ensemble.axes.month))

    for module in (findings, kinds):
        monkeypatch.setattr(module, "partners_by_month", partners)
    at = open_page(futures=str(len(at_end)))
    assert headline(at).startswith("105 partners of")
    assert "has 105 partners" in captions(at)


def test_a_total_is_rounded_once_on_compare(open_page: Open) -> None:
    at = open_page("compare")
    total = re.search(r"Scenario \d has ([0-9.]+) ", captions(at))
    assert total is not None
    (table,) = [html.proto.body for html in at.get("html") if "<table" in html.proto.body]
    row = table[table.index("Partners of the United States") :].split("</tr>")[0]
    assert re.search(rf">\s*{re.escape(total[1])}\b", row)


def test_cards_show_the_interval_of_the_change_beside_it(open_page: Open) -> None:
    at = open_page(a__local_control="0.9", b="baseline")
    under = [
        plain(caption.value)
        for caption in at.caption
        if "A, 90 % of futures: " in plain(caption.value)
    ]
    assert len(under) == len(at.metric)
    moved = [metric for metric in at.metric if metric.delta != "as in B"]
    assert len(moved) == len([text for text in under if "90 % interval of the change: " in text])
    assert "A, 90 %" not in captions(open_page())


def test_a_change_that_may_be_none_is_not_clear(open_page: Open) -> None:
    at = open_page(a__us_backing="0.3", b="baseline")
    for metric, text in zip(
        at.metric,
        [text for text in map(plain, (c.value for c in at.caption)) if RANGE in text],
        strict=True,
    ):
        found = re.search(r"interval of the change: (\S+) to (\S+?)(, not clear)?\s", text)
        if found is None:
            assert "as in B" in metric.delta
            continue
        low, high = float(found[1]), float(found[2])
        assert bool(found[3]) == (low <= 0 <= high)


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100.0 %"), (0.99999, ">99.9 %"), (1e-9, "<0.1 %"), (0.0, "0.0 %"), (0.001, "0.1 %")],
)
def test_bounds_are_those_of_the_file(share: float, text: str) -> None:
    assert tenths(share) == text


def test_inside_a_sentence_the_side_has_a_comma(open_page: Open) -> None:
    assert "In A, China has" in captions(open_page(of="china", b="third-way"))
