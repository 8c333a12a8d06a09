"""Which countries to ask, on the page Explore: on demand, in the link, and not at each lever."""

from __future__ import annotations

import pytest

from app_pages import Downloaded, Open, plain
from explorer.small_answers import FEW
from sim.analysis.portfolio.choosing import EFFORTS, QUICK
from sim.interfaces.explorer.explore import asking

LINK = {"as_of": "2025-12", "show.explore.asking": "partners"}
AGAIN = "asking.again"


@pytest.fixture(autouse=True)
def _few_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EFFORTS, QUICK, FEW)
    monkeypatch.setattr(asking, "FRESH", 8)


def test_an_aim_is_chosen_and_answered(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page("explore", **LINK)
    assert not at.exception
    text = " ".join(plain(block.value) for block in at.markdown)
    assert "make its infrastructure offer, with its 10 places, to" in text
    countries = downloaded("asking-countries")
    assert {"country", "adds", "p_holds", "seed"} <= {*countries.columns}
    assert "ARE" in set(downloaded("asking-record")["country"])


def test_a_lever_starts_no_search(open_page: Open) -> None:
    at = open_page("explore", **LINK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "portfolio", None)
        at = at.slider(key="lever.a.baseline.linkage").set_value(0.9).run()
    assert not at.exception
    (again,) = [button for button in at.button if button.key == AGAIN]
    at = again.click().run()
    assert not at.exception
    assert not [button for button in at.button if button.key == AGAIN]


def test_places_that_are_all_taken_are_told(open_page: Open) -> None:
    link = LINK | {"a": "today", "a.slots": "5", "as_of": "2027-01"}
    at = open_page("explore", **link)
    assert not at.exception
    assert any("5 partners on record hold all of them" in plain(block.value) for block in at.info)
