"""Downloads as a spreadsheet reads them: numbers are numbers, and a file says where it is from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from app_pages import FEW, Downloaded, Open, plain
from sim.interfaces.explorer.controls.origin import with_origin
from sim.interfaces.explorer.tables.building import csv_for_spreadsheets

MOVED = {"a__local_control": "0.5", "b": "baseline", "b__local_control": "0.3"}


def test_changes_stand_in_the_order_of_the_page(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page("country", **MOVED)
    text = " ".join(plain(block.value) for block in at.markdown)
    assert "Control that stays in the host country: 0.5 in A, 0.3 in B" in text
    row = downloaded("changes").iloc[0]
    assert row["what"] == "Control that stays in the host country"
    assert (row["A"], row["B"]) == (0.5, 0.3)
    assert row["scenario A, moved"] == "Control that stays in the host country: 0.5 instead of 0.35"
    assert row["scenario B, moved"] == "Control that stays in the host country: 0.3 instead of 0.35"


EXPLORE_FILES = (
    "map-2030-12", "partners-us", "twenty-futures-us", "countries", "who-moves-most", "places-us",
)  # fmt: skip
COUNTRY_FILES = (
    "KOR-probabilities", "KOR-reasons", "KOR-terms", "KOR-watches", "KOR-is-watched-by",
    "KOR-facts", "KOR-invitations", "changes",
)  # fmt: skip
ORIGIN = ["scenario A", "scenario A, moved", "scenario B", "scenario B, moved", "beliefs pinned",
          "futures", "seed", "months", "run A", "run B"]  # fmt: skip


def test_every_file_says_where_it_is_from(open_page: Open, downloaded: Downloaded) -> None:
    for page, files in (("explore", EXPLORE_FILES), ("country", COUNTRY_FILES)):
        open_page(page, **MOVED, belief__w_peer="2", seed="7")
        for name in files:
            table = downloaded(name)
            assert list(table.columns[-10:]) == ORIGIN, name
            assert (table["months"] == "2025-05 to 2030-12").all()
            assert (table["seed"] == 7).all()
            assert (table["futures"] == FEW).all()
            assert (table["run A"] != table["run B"]).all()
            assert table["scenario A, moved"].iloc[0].endswith(": 0.5 instead of 0.35")
            assert table["beliefs pinned"].iloc[0] == "Weight of what peers do: 2"


def test_numbers_are_numbers_with_their_unit(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page(**MOVED)
    countries = downloaded("countries")
    probability = [name for name in countries.columns if name.endswith("(0-1)")]
    assert len(probability) == 15
    assert all(is_numeric_dtype(countries[name]) for name in probability)
    less = countries["probability of being with the United States, A minus B (0-1)"]
    assert (
        countries["probability of being with the United States, A minus B, 90 % low (0-1)"] <= less
    ).all()
    assert (
        less <= countries["probability of being with the United States, A minus B, 90 % high (0-1)"]
    ).all()
    shown = at.dataframe[0].value
    np.testing.assert_allclose(shown["A minus B, points"], 100 * less, atol=1e-3)
    ribbons = downloaded("partners-us")
    assert set(ribbons["side"]) == {"A", "B", "A minus B", "on record"}
    assert set(ribbons["partners of"]) == {"United States"}
    assert is_numeric_dtype(ribbons["5 % of futures below (countries)"])
    dots = downloaded("twenty-futures-us")
    assert {"A (countries)", "B (countries)", "partners of"} <= set(dots.columns)


def test_the_map_comes_with_its_differences(open_page: Open, downloaded: Downloaded) -> None:
    open_page(**MOVED)
    table = downloaded("map-2030-12")
    name = "probability of being with the United States (0-1)"
    sides = table.pivot_table(values=name, index="code", columns="side")
    np.testing.assert_allclose(sides["A minus B"], sides["A"] - sides["B"], atol=1e-6)
    countries = downloaded("countries").set_index("code").loc[sides.index]
    own = countries["probability of being with the United States, A minus B (0-1)"]
    np.testing.assert_allclose(own, sides["A minus B"], atol=1e-5)


def test_capacity_says_offer_and_unit(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page(**MOVED)
    at.segmented_control(key="measure").set_value("slots").run()
    table = downloaded("capacity-places-held")
    assert set(table["side"]) == {"A", "B"}
    assert "United States: infrastructure" in set(table["offer"])
    assert is_numeric_dtype(table["places in all"])
    assert is_numeric_dtype(table["mean (countries)"])
    assert any("open invitation or a partner" in caption.value for caption in at.caption)


def test_a_country_in_numbers(open_page: Open, downloaded: Downloaded) -> None:
    open_page("country", **MOVED)
    paths = downloaded("KOR-probabilities")
    assert all(is_numeric_dtype(paths[name]) for name in paths.columns if "(0-1)" in name)
    assert np.isclose(paths["probability (0-1)"].sum(), 1)
    facts = downloaded("KOR-facts")
    gdp = facts[facts["what"] == "GDP at market exchange rates, current USD"]
    assert gdp["value"].astype(float).item() > 1e12
    terms = downloaded("KOR-terms")
    own = terms[
        (terms["term"] == "Control that stays in the country")
        & (terms["offer"] == "China: infrastructure")
    ]
    value = own["A"].astype(float).item()
    assert own["A, drawn from"].item() < value < own["A, drawn to"].item()


def test_two_columns_may_be_called_the_same() -> None:
    frame = pd.DataFrame([[1.23456789, "=a"], [2.0, "b"]], columns=["x", "x"])
    found = csv_for_spreadsheets(with_origin(frame, {"x": 5}))
    assert found.decode("utf-8-sig").splitlines() == ["x,x,x", "1.23457,'=a,5", "2.0,b,5"]


def test_only_text_is_guarded_against_formulas() -> None:
    frame = pd.DataFrame({"value": [-1.5, "=1+1", 1713e9, "-", None], "n": [-1, 2, 3, 4, 5]})
    text = csv_for_spreadsheets(frame).decode("utf-8-sig")
    assert text.splitlines() == ["value,n", "-1.5,-1", "'=1+1,2", "1713000000000.0,3", "'-,4", ",5"]
