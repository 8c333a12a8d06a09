"""The yearly table of facts, compiled from a long table of series: country_year.csv.

Run once with ``python -m sim.data.yearly.table SERIES.csv``. The series are rows of country, year,
variable, value and source, in the file that SOURCE_SHA256 identifies. Their publishers and copies
are on record in provenance.yaml, column by column. The compiled table ships; the series do not.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pandas as pd

# The compiled table is made from this file alone: 80,951 rows of 37 variables, 2010 to 2025.
SOURCE_SHA256 = "e97ae3e574d8eba1a6978a357f706c812e804aac359003078c3370b019e8b2b9"
SIGNIFICANT_DIGITS = 5  # as in the panel; the publishers' own estimates are not finer

# Key of a source in the series -> key in provenance.yaml. A series whose repository and publisher
# state no licence (OXI) has no key and is left out.
SOURCE_KEYS = {
    "WDI": "WDI",
    "VDEM15": "VDY",
    "BSV25": "BSV",
    "BSV24": "UNI",
    "DMDC": "DOY",
    "CENSUS": "CEN",
    "WDIT": "WDT",
    "ITPDE": "ITP",
    "ITU": "ITU",
    "EMBER": "EMB",
    "FACTS": "DATES",
    # Two readings of the same editions of the Factbook.
    "CIAA": "CIY",
    "CIAJ": "CIY",
}
# The Factbook prints a balance of payments sooner than the lists of partners.
BALANCE_OF_PAYMENTS = {"trade_total_usd_m": {"CIY": "CIB"}}
# Name in the series -> column. Others are left out: series without a stated licence, ratios of two
# columns listed here, and GDP per head.
COLUMNS = {
    "gdp_usd": "gdp_usd",
    "population": "population",
    "liberal_democracy": "liberal_democracy",
    "un_ideal_point": "un_ideal_point",
    "un_ideal_point_fp": "un_ideal_point_fp",
    "un_agree_us": "un_agree_us",
    "un_agree_china": "un_agree_china",
    "un_agree_russia": "un_agree_russia",
    "un_votes_cast": "un_votes_cast",
    "us_troops": "us_troops_hosted",
    "trade_usa_usd_m": "trade_usa_usd_m",
    "trade_total_usd_m": "trade_total_usd_m",
    "trade_share_usa_itpd": "trade_share_usa_itpd",
    "trade_share_chn_itpd": "trade_share_chn_itpd",
    "export_share_usa_top5": "export_share_usa",
    "export_share_chn_top5": "export_share_chn",
    "export_list_min_share": "export_share_smallest",
    "import_share_usa_top5": "import_share_usa",
    "import_share_chn_top5": "import_share_chn",
    "import_list_min_share": "import_share_smallest",
    "internet_users_share": "internet_users_share",
    "electricity_generation_twh": "electricity_generation_twh",
    "electricity_capacity_gw": "electricity_capacity_gw",
    "arms_supplier_us": "arms_supplier_us",
    "arms_supplier_china": "arms_supplier_china",
    "arms_supplier_russia": "arms_supplier_russia",
    "nato": "nato",
    "eu": "eu",
    "oecd": "oecd",
    "brics_member": "brics_member",
    "sco_member": "sco_member",
    "us_defense_pact": "us_defense_pact",
}
# Columns with figures from two sources; the next column says which.
TWO_SOURCES = ("gdp_usd", "population", "trade_total_usd_m", "internet_users_share")
VOTES = ("un_ideal_point", "un_ideal_point_fp", "un_agree_us", "un_agree_china", "un_agree_russia")
OWN_VOTES = {"USA": "un_agree_us", "CHN": "un_agree_china", "RUS": "un_agree_russia"}
# Countries whose US personnel do not count as hosted: those at Guantanamo, and those at home.
NO_TROOPS = ("CUB", "USA")


def compile_yearly(series: pd.DataFrame) -> pd.DataFrame:
    """Return the yearly table: one row per country and year, one column per variable.

    The panel's conventions apply: a state agrees with itself, Hong Kong carries the votes of China,
    troops at Guantanamo and at home do not count. Empty is unknown, never zero.

    Parameters
    ----------
    series : DataFrame
        Columns ``iso3``, ``year``, ``variable``, ``value``, ``source_id``.

    Returns
    -------
    DataFrame
        Columns ``iso3``, ``year``, then those of COLUMNS in order, with ``<column>_source`` after
        each of TWO_SOURCES; sorted by country and year.
    """
    known = series[series["source_id"].isin(SOURCE_KEYS) & series["variable"].isin(COLUMNS)]
    known = known.assign(
        variable=known["variable"].map(COLUMNS), source=known["source_id"].map(SOURCE_KEYS)
    )
    key = ["iso3", "year"]
    values = known.pivot_table(index=key, columns="variable", values="value")
    sources = known.pivot_table(index=key, columns="variable", values="source", aggfunc="first")
    names = list(COLUMNS.values())
    sources = sources.reindex(columns=names)
    table = values.reindex(columns=names).sort_index()
    for iso3, column in OWN_VOTES.items():
        voted = [(iso3, year) for year in _years_of(table[column])]
        table.loc[voted, column] = 1.0
    for column in (*VOTES, "un_votes_cast"):
        chinese = table[column].xs("CHN")
        for year, value in chinese.items():
            table.loc[("HKG", year), column] = value
    for iso3 in NO_TROOPS:
        hosted = [(iso3, year) for year in _years_of(table["us_troops_hosted"])]
        table.loc[hosted, "us_troops_hosted"] = 0.0
    table = table.sort_index()
    for column in TWO_SOURCES:
        place = list(table).index(column) + 1
        keys = sources[column].replace(BALANCE_OF_PAYMENTS.get(column, {}))
        table.insert(place, f"{column}_source", keys.reindex(table.index).astype(object).fillna(""))
    return table.reset_index()


def _years_of(column: pd.Series) -> list[int]:
    """Return the years in which any country has a figure."""
    return sorted(set(column.dropna().index.get_level_values("year")))


def cell_text(value: float | str) -> str:
    """Return a cell in the format of the file: plain decimals, at most five significant digits.

    Examples
    --------
    >>> cell_text(1305604000000.0), cell_text(0.000239681), cell_text(float("nan"))
    ('1305600000000', '0.00023968', '')
    """
    if isinstance(value, str) or value != value:
        return value if isinstance(value, str) else ""
    rounded = float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}")
    return f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded:.12f}".rstrip("0")


def main() -> None:
    """Print the yearly table for the file of series named on the command line."""
    path = Path(sys.argv[1])
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SOURCE_SHA256:
        sys.exit(f"{path}: SHA-256 is {found} but must be {SOURCE_SHA256}. Use the recorded file.")
    table = compile_yearly(pd.read_csv(path))
    table["year"] = table["year"].astype(str)
    text = pd.DataFrame({name: [cell_text(v) for v in table[name]] for name in table})
    text.to_csv(sys.stdout, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
