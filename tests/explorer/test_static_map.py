"""The map as a picture: colours, legend and words are those of the explorer's map."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import sim
from explorer.hostile_names import hostile_scenario
from sim.analysis.groups.members import country_groups
from sim.analysis.shown import Shown
from sim.analysis.standing import country_partners, final_group, group_counts, path_groups
from sim.interfaces.charts.palette import DIVERGING_LIGHT, LIGHT_THEME
from sim.interfaces.charts.registry import shown_of
from sim.interfaces.map.outlines import COLOURS, HERE, MEANS, shapes
from sim.interfaces.map.static_map import static_map

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pair() -> Shown:
    first, second = (sim.load_scenario(name) for name in ("baseline", "twenty-slots"))
    found = shown_of(sim.compare(first, second, replicates=64, seed=3), {})
    assert isinstance(found, Shown)
    return found


def drawn(svg: str) -> dict[str, list[tuple[str, str]]]:
    """Return fill and words of each shape or dot by the name of its country."""
    found: dict[str, list[tuple[str, str]]] = {}
    for element in ET.fromstring(svg).iter():
        words = element.find(f"{SVG}title")
        if words is not None and words.text:
            found.setdefault(words.text.split(":")[0], []).append(
                (element.attrib["fill"], words.text)
            )
    return found


def test_each_country_has_its_likeliest_path(pair: Shown) -> None:
    picture = static_map(pair, "us", picked="KOR")
    found = drawn(picture.svg)
    ensemble = pair.ensemble
    names = ensemble.facts.countries["name"]
    assert {*found} == {names[code] for code in shapes()["countries"]}
    groups = path_groups(ensemble)
    counts = group_counts(ensemble, groups)[:, :, -1]
    for code, own in zip(ensemble.axes.country, counts, strict=True):
        title = groups[own.argmax()].title
        assert all(f": {title}, " in words for _, words in found[names[code]])
    # Colours show the likeliest path, numbers are means, as on the page and on its cards.
    means = [mark.mean for mark in picture.legend if mark.mean is not None]
    assert means == pytest.approx([final_group(ensemble, group).mean() for group in groups])
    assert sum(means) == pytest.approx(len(ensemble.axes.country))
    assert any(abs(mean - (counts.argmax(axis=1) == g).sum()) > 5 for g, mean in enumerate(means))
    assert picture.title == "World map of A: likeliest path of each country, December 2030"
    assert picture.note.startswith(COLOURS)
    assert f"{MEANS} United States only {means[0]:.0f}, " in picture.description
    # The script of the page says the same.
    script = (HERE / "world_map.js").read_text("utf-8").replace("'\n  + '", "")
    assert f"const MEANS = '{MEANS}';" in script
    assert f"const COLOURS = '{COLOURS}';" in script
    assert all(words.endswith("home of a provider") for _, words in found["China"])


def test_an_earlier_month_is_another_map(pair: Shown) -> None:
    early = static_map(Shown(pair.a), "us", month="2025-06")
    assert early.title == "World map: likeliest path of each country, June 2025"
    assert early.drawn != static_map(Shown(pair.a), "us").drawn


def test_a_group_in_focus_is_counted_alone(pair: Shown) -> None:
    ensemble = pair.ensemble
    group = country_groups(ensemble.facts)["GCC"]
    picture = static_map(Shown(pair.a), "us", group=group)
    own = [ensemble.axes.country.index(code) for code in group.members]
    groups = path_groups(ensemble)
    counts = group_counts(ensemble, groups)[own, :, -1].sum(axis=0) / ensemble.replicates
    assert [m.mean for m in picture.legend if m.mean is not None] == pytest.approx([*counts])
    title = "World map, Gulf Cooperation Council: likeliest path of each country, December 2030"
    assert picture.title == title
    assert picture.note.startswith("Gulf Cooperation Council; other countries in outline. ")
    found, names = drawn(picture.svg), ensemble.facts.countries["name"]
    fills = {fill for code in ("BRA", "KOR", "USA") for fill, _ in found[names[code]]}
    assert fills == {LIGHT_THEME.page}
    assert LIGHT_THEME.page not in {fill for fill, _ in found[names["SAU"]]}


def test_a_difference_has_its_sign(pair: Shown) -> None:
    picture = static_map(pair, "us", mode="difference", sides=("one", "two"))
    assert picture.legend[0].fill == DIVERGING_LIGHT[0]
    assert picture.legend[0].title.startswith("likelier under one (full at ")
    what = "probability of being with the United States"
    assert picture.title == f"World map of one minus two: {what}, December 2030"
    found, names = drawn(picture.svg), pair.ensemble.facts.countries["name"]
    assert pair.other is not None
    a, b = (country_partners(side, "us")[:, -1] for side in (pair.ensemble, pair.other))
    for code, change in zip(pair.ensemble.axes.country, a - b, strict=True):
        sign = {1: ": +", -1: ": \u2212", 0: ": 0 "}[int(change > 0) - int(change < 0)]
        assert sign in found[names[code]][0][1]


def test_there_is_no_difference_without_a_b(pair: Shown) -> None:
    with pytest.raises(ValueError, match="needs two runs"):
        static_map(Shown(pair.a), "us", mode="difference")


def test_names_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(hostile_scenario(), "utf-8")
    run = sim.simulate(sim.load_scenario(path), replicates=8, seed=1)
    svg = static_map(Shown(run), "us").svg
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}
    assert tags == {"svg", "defs", "pattern", "path", "circle", "g", "title"}
