"""The pages Country and Compare say why, when they are asked to."""

from __future__ import annotations

import pytest
from streamlit.delta_generator import DeltaGenerator

from app_pages import Downloaded, Open, plain, said
from sim.interfaces.explorer.controls import answers
from sim.interfaces.explorer.country.why import FUTURES


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
    # A number beyond the last is the last, and what is no number the first; both are told.
    for given, shown in (("999", 199), ("x", 0)):
        at = open_page("country", **link, **{"show.country.future": given})
        assert f"number {shown}, Türkiye" in said(at)
        assert f"country.future = {given}, which is not offered here; {shown} is shown" in said(at)


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


@pytest.mark.parametrize(
    ("page", "name", "asked"),
    [
        ("country", "country.why", "never"),
        ("country", "country.takes", "everything"),
        ("compare", "compare.why", "7"),
        ("compare", "compare.split", "x"),
        ("explore", "explore.asking", "glory"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(
    open_page: Open, page: str, name: str, asked: str
) -> None:
    at = open_page(page, **{f"show.{name}": asked})
    note = f"The link asks for {name} = {asked}, which is not offered here; “None” is shown."
    assert [plain(each.value) for each in at.info] == [note]
    assert not charts(at)


def test_a_question_is_answered_once_and_pressing_it_again_keeps_the_answer(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_page("country", country="TUR", futures="200")
    told: list[str] = []
    monkeypatch.setattr(answers, "SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(
        DeltaGenerator, "progress", lambda _, value, text: told.append(f"{value:.2f} {text}")
    )
    at = at.button_group(key="country.why").set_value("all").run()
    first = said(at)
    assert "In the model, Türkiye is a partner of" in first
    assert plain(told[-1]) == "1.00 Following the futures: 400 of about 400 futures"
    (control,) = [each for each in at.get("button_group") if each.key == "country.why"]
    assert control.proto.required
    # The answer is there: nobody waits for it again.
    told.clear()
    assert said(at.run()) == first
    assert told == []
