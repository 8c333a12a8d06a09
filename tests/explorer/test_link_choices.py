"""What a link asks for and a page does not offer is said, with what is shown instead."""

from __future__ import annotations

import pytest

from app_pages import Open, plain


@pytest.mark.parametrize(
    ("link", "asked", "instead"),
    [
        (
            {"x": "linkage,0,7,3"},
            "the axis linkage,0,7,3",
            "Tie to the US project",
        ),
        (
            {"x": "no_such,0,1,3"},
            "the axis no_such,0,1,3",
            "Tie to the US project",
        ),
        (
            {"x": "linkage,0,1,4"},
            "the axis linkage,0,1,4",
            "Tie to the US project",
        ),
        (
            {"x": "linkage,0,1,3", "y": "linkage,0,1,3"},
            "linkage,0,1,3",
            "Control that stays",
        ),
        ({"source": "elsewhere"}, "sweep.source = elsewhere", "“A grid of your own” is shown"),
        ({"show": "nothing"}, "sweep.show = nothing", "is shown"),
        ({"as": "percent"}, "sweep.as = percent", "“Value” is shown"),
        ({"point": "linkage:7"}, "the point linkage:7", "none is picked"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said(
    open_page: Open, link: dict[str, str], asked: str, instead: str
) -> None:
    at = open_page("sweep", **{f"show__sweep__{name}": value for name, value in link.items()})
    (note,) = [plain(each.value) for each in at.info if "not offered here" in each.value]
    assert f"{asked}, which is not offered here" in note
    assert instead in note


def test_an_axis_that_is_allowed_is_not_remarked_on(open_page: Open) -> None:
    for x in ("linkage,0,1,3", "linkage,0.0,1.0,3"):
        at = open_page("sweep", show__sweep__x=x, show__sweep__y="none")
        assert not [each.value for each in at.info if "not offered" in each.value]


@pytest.mark.parametrize(
    ("page", "name", "shown"),
    [
        ("compare", "compare.map", "“Likeliest path” is shown"),
        ("editor", "editor.part", "“Name, title and months” is shown"),
        ("evidence", "evidence.programme", "“OpenAI for Countries” is shown"),
        ("evidence", "evidence.document", "“Choose one to read it here” is shown"),
    ],
)
def test_other_pages_say_it_too(open_page: Open, page: str, name: str, shown: str) -> None:
    at = open_page(page, **{f"show.{name}".replace(".", "__"): "no-such"})
    (note,) = [plain(each.value) for each in at.info if "not offered here" in each.value]
    assert note == f"The link asks for {name} = no-such, which is not offered here; {shown}."
