"""The command ``alignsim countries``: a list, and a country with its sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from shell import Shell

ROOT = Path(__file__).parents[2]
BASELINE = str(ROOT / "scenarios" / "baseline.yaml")


def test_countries_are_listed_with_the_share_of_estimates(shell: Shell) -> None:
    said = shell("countries")
    assert said.status == 0
    assert "KOR  South Korea" in said.out
    data = shell("countries", "--json").data
    assert len(data) == 197
    assert {"country", "name", "region", "share_imputed"} == data[0].keys()


@pytest.mark.parametrize("name", ["CUB", "cub", "cuba"])
def test_a_country_is_looked_up_with_sources_and_estimates(shell: Shell, name: str) -> None:
    said = shell("countries", name, "--scenario", BASELINE)
    assert said.status == 0
    assert said.out.startswith("Cuba (CUB)")
    line = next(line for line in said.out.splitlines() if line.startswith("  gdp_usd "))
    assert "*" in line
    assert "Sources and terms of use" in said.out
    data = shell("countries", name, "--json").data
    assert any(row["name"] == "gdp_usd" and row["imputed"] for row in data["rows"])


def test_a_country_watches_those_that_take_part(shell: Shell) -> None:
    rows = shell("countries", "KOR", "--scenario", BASELINE, "--json").data["rows"]
    watched = [row["name"] for row in rows if row["group"] == "peer"]
    assert watched[0] == "JPN"
    assert not {"USA", "CHN", "HKG"} & set(watched)
    assert "takes no part" not in shell("countries", "KOR", "--scenario", BASELINE).out
    said = shell("countries", "USA", "--scenario", BASELINE).out
    assert "Whom it watches" not in said
    assert "It takes no part in the scenario baseline" in said


def test_a_country_is_shown_as_of_an_earlier_month(shell: Shell) -> None:
    said = shell("countries", "KOR", "--as-of", "2014-07")
    assert "The facts are those that were public in 2014-07." in said.out
    data = shell("countries", "KOR", "--as-of", "2014-07", "--json").data
    assert data["facts_as_of"] == "2014-07"
    gdp = next(row for row in data["rows"] if (row["group"], row["name"]) == ("fact", "gdp_usd"))
    assert (gdp["value"], gdp["year"]) == (1370.6e9, "2013")
    listed = shell("countries", "--as-of", "2014-07", "--json").data
    assert min(row["share_imputed"] for row in listed) > 0.3


@pytest.mark.parametrize("month", ["2014", "2014-13", "June"])
def test_a_month_is_written_with_its_year(shell: Shell, month: str) -> None:
    said = shell("countries", "KOR", "--as-of", month)
    assert said.status == 2
    assert "YYYY-MM" in said.err


def test_an_unknown_country_is_guessed_at(shell: Shell) -> None:
    said = shell("countries", "Kora")
    assert said.status == 2
    assert "'Kora' is not a country of the data" in said.err


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("UK", "United Kingdom (GBR)"),
        ("Congo, Dem. Rep.", "DR Congo (COD)"),
        ("  co\u0302te d\u2019ivoire ", "Ivory Coast (CIV)"),
        ("Swaziland", "Eswatini (SWZ)"),
    ],
)
def test_a_country_is_found_by_the_names_that_people_use(
    shell: Shell, name: str, found: str
) -> None:
    assert shell("countries", name, "--scenario", BASELINE).out.startswith(found)


def test_a_name_of_two_countries_is_asked_about(shell: Shell) -> None:
    said = shell("countries", "Korea")
    assert said.status == 2
    assert "'Korea' is the name of more than one country." in said.err
    assert "Did you mean 'KOR' (South Korea) or 'PRK' (North Korea)?" in said.err


def test_a_country_to_look_at_is_found_by_its_names(shell: Shell, tmp_path: Path) -> None:
    given = ("run", BASELINE, "-n", "2", "--results", str(tmp_path))
    codes, names = (shell(*given, "--focus", focus).out for focus in ("TUR", "Turkey"))
    assert codes == names
    assert "Türkiye" in names
    said = shell(*given, "--focus", "Congo")
    assert said.status == 2
    assert "--focus 'Congo' is the name of more than one country." in said.err
