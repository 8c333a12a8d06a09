"""What is shown about one country: every row has its source, estimates are marked."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sim.data import (
    build_features,
    describe_country,
    facts_as_of,
    load_facts,
    load_parameters,
)
from sim.data.description import COLUMNS
from sim.data.yearly.vintages import LASTING
from sim.errors import DataError

FACTS = load_facts()
PARAMETERS = {name: row.default for name, row in load_parameters().items()}
FEATURES = build_features(FACTS, {"us": ("USA",), "china": ("CHN",)}, PARAMETERS, "2026-11")
# As in a run with these providers: homes and what belongs to them take no part.
AGENTS = tuple(code for code in FACTS.countries.index if code not in {"USA", "CHN", "HKG"})


@pytest.mark.parametrize("iso3", list(FACTS.countries.index))
def test_every_row_of_every_country_names_its_source_and_licence(iso3: str) -> None:
    rows = describe_country(FACTS, FEATURES, iso3, AGENTS)
    assert tuple(rows) == COLUMNS
    assert (rows["source"].str.len() > 3).all()
    assert (rows["licence"].str.len() > 2).all()
    assert (rows["name"] != "").all()
    assert {"fact", "feature", "towards us", "towards china"} <= set(rows["group"])
    assert ("peer" in set(rows["group"])) == (iso3 in AGENTS)


def test_peers_are_those_that_a_run_uses() -> None:
    rows = describe_country(FACTS, FEATURES, "KOR", AGENTS)
    shown = rows[rows["group"] == "peer"].set_index("name")["value"]
    used = dict(zip(AGENTS, FEATURES.peer_weights(AGENTS)[AGENTS.index("KOR")], strict=True))
    assert shown.index[0] == "JPN"
    assert shown.to_dict() == {code: used[code] for code in shown.index}
    assert min(shown) >= max(weight for code, weight in used.items() if code not in shown.index)


def test_one_country_alone_watches_nobody() -> None:
    assert "peer" not in set(describe_country(FACTS, FEATURES, "KOR", ("KOR",))["group"])


def test_estimates_are_marked() -> None:
    rows = describe_country(FACTS, FEATURES, "CUB", AGENTS).set_index(["group", "name"])
    assert rows.loc[("fact", "gdp_usd"), "imputed"]
    assert rows.loc[("feature", "gdp_rank"), "imputed"]
    assert not rows.loc[("fact", "population"), "imputed"]


def test_a_year_column_gives_the_year_of_its_figure() -> None:
    rows = describe_country(FACTS, FEATURES, "KOR", AGENTS).set_index(["group", "name"])
    assert rows.loc[("fact", "gdp_usd"), "year"] == "2023"
    assert rows.loc[("fact", "eu"), "value"] == 0


def test_taiwan_has_an_estimate_of_2019_whatever_year_its_source_prints() -> None:
    rows = describe_country(FACTS, FEATURES, "TWN", AGENTS).set_index(["group", "name"])
    assert rows.loc[("fact", "gdp_usd"), "year"] == "2019"
    caveat = FACTS.provenance.column("country_panel", "gdp_usd").caveat
    assert "TWN is an estimate for 2019" in caveat


def fact(rows: pd.DataFrame, name: str) -> dict[str, Any]:
    """Return the row of one fact."""
    found = rows[(rows["group"] == "fact") & (rows["name"] == name)].to_dict("records")
    return {str(key): value for key, value in found[0].items()}


def test_facts_of_an_earlier_month_name_their_own_years_and_sources() -> None:
    facts = facts_as_of(FACTS, "2014-06")
    features = build_features(facts, {"us": ("USA",)}, PARAMETERS, "2014-06")
    rows = describe_country(facts, features, "TWN", AGENTS)
    assert (rows["licence"].str.len() > 2).all()
    gdp = fact(rows, "gdp_usd")
    assert (gdp["value"], gdp["year"], gdp["licence"]) == (467.7e9, "2012", "public domain")
    assert "editions of 2010 to 2025" in gdp["source"]
    unknown = fact(rows, "notable_ai_models")
    assert unknown["value"] is None
    assert unknown["source"].startswith("not public yet")
    assert unknown["imputed"]
    assert "aiib_member" not in set(rows["name"])
    dated = rows[~rows["name"].isin(LASTING)]
    assert not dated["year"].str.contains("202").any()


def test_a_figure_that_was_not_public_yet_is_called_anachronistic() -> None:
    facts = facts_as_of(FACTS, "2010-06")
    features = build_features(facts, {"us": ("USA",)}, PARAMETERS, "2010-06")
    gdp = fact(describe_country(facts, features, "KOR", AGENTS), "gdp_usd")
    assert gdp["year"] == "2010"
    assert gdp["source"].endswith("anachronistic: not public by 2010-06")


def test_agreements_that_ended_say_until_when() -> None:
    rows = describe_country(FACTS, FEATURES, "NIC", AGENTS).set_index(["group", "name"])
    treaty = ("agreement", "Inter-American Treaty of Reciprocal Assistance")
    assert rows.loc[treaty, "year"] == "1948 to 2014-09"


def test_korea_shows_its_firms_and_its_memorandum() -> None:
    rows = describe_country(FACTS, FEATURES, "KOR", AGENTS)
    names = set(rows.loc[rows["group"] == "corporate tie", "name"])
    assert names == {"OpenAI with Kakao", "OpenAI with SK", "OpenAI with Samsung"}
    events = rows[rows["group"] == "event"]
    assert "openai_for_countries" in set(events["name"])


def test_an_unknown_country_is_refused_with_a_hint() -> None:
    with pytest.raises(DataError, match=r"'KRO' is not a country of the panel.\n  Did you mean"):
        describe_country(FACTS, FEATURES, "KRO", AGENTS)
