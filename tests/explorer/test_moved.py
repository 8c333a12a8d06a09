"""Why the total moved, on the page Explore: from the start or from B, as the command line says."""

from __future__ import annotations

import sim
from app_pages import Downloaded, Open, plain

LINK = {"as_of": "2025-09", "futures": "200", "a.linkage": "1", "show.explore.group": "EU"}
AGAIN = "moved.again"


def test_a_moved_lever_is_divided_as_on_the_command_line(
    open_page: Open, downloaded: Downloaded
) -> None:
    at = open_page("explore", **LINK, **{"show.explore.moved": "changes"})
    assert not at.exception
    text = " ".join(plain(block.value) for block in (*at.markdown, *at.caption))
    assert "By UN region: " in text
    assert "200 futures of each run, with the same luck" in text
    a = sim.load_scenario("baseline")
    b = a.with_levers({"linkage": 1.0})
    own = sim.split(a, b, by="address", replicates=200, as_of="2025-09", countries="EU")
    for table in ("parts", "countries"):
        shown = downloaded(f"moved-by-{table}")
        assert shown["contribution"].tolist() == own.frame(table)["contribution"].tolist()
        assert (shown["seed"] == 1).all()


def test_without_a_change_there_is_nothing_to_divide(open_page: Open) -> None:
    at = open_page("explore", as_of="2025-09", futures="200", **{"show.explore.moved": "changes"})
    assert any("Nothing has moved" in block.value for block in at.caption)


def test_a_lever_starts_no_division(open_page: Open) -> None:
    at = open_page("explore", **LINK, **{"show.explore.moved": "reasons"})
    assert not at.exception
    at = at.slider(key="lever.a.baseline.linkage").set_value(0.9).run()
    assert not at.exception
    (again,) = [button for button in at.button if button.key == AGAIN]
    at = again.click().run()
    assert not at.exception
    assert not [button for button in at.button if button.key == AGAIN]
