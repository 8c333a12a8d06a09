"""The yearly table follows from its series, is whole, and says when each figure was public."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.data import load_facts
from sim.data.facts import PANEL, YEARLY
from sim.data.yearly.columns import NEVER, yearly_column
from sim.data.yearly.table import COLUMNS, TWO_SOURCES, cell_text, compile_yearly
from sim.data.yearly.vintages import ONE_YEAR

FACTS = load_facts()
RECORDS = FACTS.provenance.tables[YEARLY].columns
FIGURES = [name for name, record in RECORDS.items() if record.is_numeric and name != "year"]


def series(*rows: tuple[str, int, str, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["iso3", "year", "variable", "value", "source_id"])


VOTES = (
    ("USA", 2013, "un_agree_china", 0.125, "BSV24"),
    ("CHN", 2013, "un_agree_us", 0.125, "BSV24"),
    ("CHN", 2013, "un_ideal_point", -0.5, "BSV25"),
    ("CUB", 2013, "us_troops", 1061.0, "DMDC"),
    ("KOR", 2013, "gdp_usd", 1.3706e12, "WDI"),
    ("TWN", 2013, "gdp_usd", 4.847e11, "CIAA"),
    ("KOR", 2013, "trade_total_usd_m", 1342600.0, "WDIT"),
    ("KOR", 2019, "trade_total_usd_m", 1.0e6, "CIAA"),
    ("KOR", 2020, "government_ai_readiness", 77.0, "OXI"),
    ("KOR", 2025, "us_troops", 23000.0, "DMDCQ"),
    ("KOR", 2013, "gdp_per_capita_usd", 27000.0, "WDI"),
)


def test_series_become_columns_by_the_conventions_of_the_panel() -> None:
    table = compile_yearly(series(*VOTES))
    keys = list(zip(table["iso3"], table["year"], strict=True))
    assert keys == sorted(keys)
    rows: dict[Any, dict[str, Any]] = {
        key: {str(name): value for name, value in row.items()}
        for key, row in zip(keys, table.to_dict("records"), strict=True)
    }
    assert rows["CHN", 2013]["un_agree_china"] == 1
    hong_kong = rows["HKG", 2013]
    assert [hong_kong[name] for name in ("un_agree_china", "un_agree_us")] == [1, 0.125]
    assert hong_kong["un_ideal_point"] == -0.5
    assert rows["CUB", 2013]["us_troops_hosted"] == 0
    assert rows["KOR", 2013]["gdp_usd"] == 1.3706e12
    assert rows["KOR", 2013]["gdp_usd_source"] == "WDI"
    assert rows["TWN", 2013]["gdp_usd_source"] == "CIY"
    # The Factbook prints balances of payments sooner than lists of partners.
    assert rows["KOR", 2013]["trade_total_usd_m_source"] == "WDT"
    assert rows["KOR", 2019]["trade_total_usd_m_source"] == "CIB"
    assert np.isnan(rows["KOR", 2013]["population"])


def test_series_without_a_stated_licence_and_ratios_are_left_out() -> None:
    table = compile_yearly(series(*VOTES))
    assert [name for name in table if not str(name).endswith("_source")] == [
        "iso3", "year", *COLUMNS.values()
    ]  # fmt: skip
    assert 2020 not in set(table["year"])
    assert 2025 not in set(table["year"])
    assert "government_ai_readiness" not in RECORDS


@pytest.mark.parametrize(
    ("value", "text"),
    [(1305604000000.0, "1305600000000"), (0.75, "0.75"), (0.0, "0"), (-0.85817123, "-0.85817"),
     (2.396e-05, "0.00002396"), (float("nan"), ""), ("WDI", "WDI"), ("", "")],
)  # fmt: skip
def test_cells_are_plain_decimals_of_five_digits(value: float | str, text: str) -> None:
    assert cell_text(value) == text


def test_another_file_of_series_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "series.csv"
    path.write_text("iso3,year,variable,value,source_id\n", "utf-8")
    run = [sys.executable, "-m", "sim.data.yearly.table", str(path)]
    said = subprocess.run(run, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "SHA-256 is" in said.stderr
    assert said.stdout == ""


def test_the_shipped_table_is_sorted_and_has_every_country() -> None:
    table = FACTS.yearly
    keys = list(zip(table["iso3"], table["year"], strict=True))
    assert keys == sorted(keys)
    assert set(table["iso3"]) == set(FACTS.countries.index)
    assert set(table["year"]) == set(range(2010, 2026))


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_a_month_of_publication_after_its_year(name: str) -> None:
    column = yearly_column(FACTS, name)
    known = ~np.isnan(column.value)
    assert known.sum() == RECORDS[name].coverage
    months = column.public_from[known]
    assert not (months == NEVER).any()
    year = np.broadcast_to(column.years, known.shape)[known]
    assert (np.array([int(month[:4]) for month in months]) > year).all()
    if name in TWO_SOURCES:
        assert set(column.source[known]) == set(RECORDS[name].sources)


def test_panel_figures_of_one_year_have_a_month_of_publication() -> None:
    rows = FACTS.publications.set_index(["source", "year"])["public_from"]
    for name, year in ONE_YEAR.items():
        source = FACTS.provenance.column(PANEL, name).sources[0]
        assert rows[source, year][:4] >= str(year)
        assert FACTS.provenance.column(PANEL, name).year == str(year)


@pytest.mark.parametrize(
    ("name", "year", "allowed"),
    [("gdp_usd", 2024, 0.0002), ("population", 2024, 0.0002), ("liberal_democracy", 2024, 0.0005)],
)
def test_the_two_tables_agree_where_they_share_year_and_source(
    name: str, year: int, allowed: float
) -> None:
    yearly = FACTS.yearly[FACTS.yearly["year"] == year].set_index("iso3")[name]
    panel = FACTS.countries[name].where(FACTS.countries[f"{name}_year"] == year)
    difference = (panel / yearly - 1).abs().dropna()
    assert len(difference) > 150
    assert difference.median() <= allowed
