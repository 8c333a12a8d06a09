"""The pages Country and Compare say why, when they are asked to."""

from __future__ import annotations

from app_pages import Downloaded, Open, plain
from sim.interfaces.explorer.country.why import FUTURES


def said(at: object) -> str:
    return " ".join(plain(block.value) for block in at.markdown)  # type: ignore[attr-defined]


def charts(at: object) -> list[str]:
    found = at.get("vega_lite_chart")  # type: ignore[attr-defined]
    return [chart.proto.spec for chart in found if '"chart": "why' in chart.proto.spec]


def test_nothing_is_followed_unless_it_is_asked_for(open_page: Open) -> None:
    at = open_page("country", country="TUR", futures="200")
    assert "of the model, number" not in said(at)
    assert charts(at) == []


def test_one_future_is_explained(open_page: Open, downloaded: Downloaded) -> None:
    link = {"country": "TUR", "futures": "200", "show.country.why": "one"}
    at = open_page("country", **link, **{"show.country.future": "3"})
    assert "In one future of the model, number 3, Türkiye " in said(at)
    assert len(charts(at)) == 1
    terms = downloaded("TUR-why")
    assert {"path", "term", "value", "against_staying"} <= {*terms.columns}
    # A number beyond the last is the last, and what is no number the first.
    for given, shown in (("999", 199), ("x", 0)):
        at = open_page("country", **link, **{"show.country.future": given})
        assert f"number {shown}, Türkiye" in said(at)
    assert not at.exception


def test_all_futures_are_explained(open_page: Open, downloaded: Downloaded) -> None:
    link = {"country": "TUR", "futures": "200", "of": "china", "show.country.why": "all"}
    at = open_page("country", **link)
    assert "In the model, Türkiye is a partner of China at the end of 2030 in " in said(at)
    assert len(charts(at)) == 1
    assert "mean_low" in downloaded("TUR-why").columns
    assert FUTURES >= 200


def test_two_scenarios_are_explained_by_reason_and_by_country(
    open_page: Open, downloaded: Downloaded
) -> None:
    link = {"c1": "baseline", "c2": "baseline", "c2.linkage": "1", "show.compare.why": "2"}
    at = open_page("compare", **link)
    assert "in the scenario baseline as changed, against" in said(at)
    assert len(charts(at)) == 2
    causes, countries = downloaded("why-by-causes"), downloaded("why-by-countries")
    assert abs(causes["mean"].sum() - countries["mean"].sum()) < 0.01
    assert not at.exception
