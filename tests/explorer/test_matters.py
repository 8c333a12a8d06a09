"""What an outcome hangs on, on the page Explore: as the command line says, and beliefs in order."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from app_pages import FEW, Downloaded, Open, plain
from sim.data.parameters import parameter_label
from sim.interfaces.explorer.explore import matters

SIZES: dict[str, Any] = {"replicates": 8, "trajectories": 4, "kept": 2, "points": 8}
LINK = {"as_of": "2025-08", "futures": str(FEW), "country": "NOR"}


@pytest.fixture(autouse=True)
def _few_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matters, "SIZES", SIZES)


def test_levers_and_beliefs_are_ranked(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page("explore", **LINK, **{"show.explore.matters": "total"})
    assert not at.exception
    scenario = sim.load_scenario("baseline").with_changes({"horizon.end": "2025-08"})
    own = sim.what_matters(scenario, "n_countries(us)", **SIZES)
    shown = downloaded("what-matters")
    assert shown["number"].tolist() == own.frame()["number"].tolist()
    assert shown["mu_star"].tolist() == own.frame()["mu_star"].tolist()
    text = " ".join(plain(block.value) for block in (*at.markdown, *at.caption))
    assert "Of the variance of the partners of the United States over futures" in text
    assert "Those that move most stand first: Partners, United States." in text
    ranked = [each for n in own.order for each in own.numbers[n].addresses]
    first = next(a.removeprefix("parameters.") for a in ranked if a.startswith("parameters."))
    assert at.selectbox(key="belief.new").options[0] == parameter_label(first)


def test_of_a_country_and_not_at_each_lever(open_page: Open) -> None:
    at = open_page("explore", **LINK, **{"show.explore.matters": "country"})
    assert not at.exception
    assert any("Norway is with the United States" in plain(block.value) for block in at.markdown)
    at = at.slider(key="lever.a.baseline.linkage").set_value(0.9).run()
    assert not at.exception
    assert [button for button in at.button if button.key == "matters.again"]
