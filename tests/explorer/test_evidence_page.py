"""The Evidence page: skill, calibration, uptake and surprises, and what rests on which record."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app_pages import Downloaded, Open, listed, plain
from explorer.draft_pages import said
from sim.analysis import evidence as evidence_module
from sim.analysis.backtests.names import RULE
from sim.analysis.evidence import (
    AT_COUNT,
    SCORES,
    calibration_table,
    load_evidence,
    skill,
    skill_table,
)
from sim.data import load_parameters
from sim.interfaces.explorer.evidence import parts
from sim.interfaces.explorer.evidence.tables import parameter_table
from sim.scenario import load_scenario
from tolerances import ROUNDING


def drawn(at: AppTest, name: str) -> list[dict[str, object]]:
    """Return the specifications of the charts of a name on a page."""
    specs = [json.loads(each.proto.spec) for each in at.get("vega_lite_chart")]
    return [spec for spec in specs if spec["usermeta"]["chart"] == name]


def test_it_shows_skill_calibration_uptake_and_numbers(open_page: Open) -> None:
    at = open_page("evidence")
    assert [len(drawn(at, name)) for name in ("skill", "calibration", "programme_uptake")] == [
        2, 1, 1,
    ]  # fmt: skip
    assert len(drawn(at, "estimates")) == 1
    assert any("this model has a mean AUC of" in block.value for block in at.markdown)
    table = at.dataframe[0].value
    (own,) = table[table["forecaster"] == "This model"].to_dict("records")
    pooled = load_evidence().pooled
    is_own = (pooled["forecaster"] == RULE) & (pooled["score"] == "auc")
    (auc,) = pooled[is_own].to_dict("records")
    assert own["AUC"] == pytest.approx(auc["value"])
    assert own["AUC, 90 %"] == f"{auc['low']:.3f} to {auc['high']:.3f}"


def test_a_programme_is_chosen_and_stands_in_the_link(open_page: Open) -> None:
    at = open_page("evidence")
    box = at.selectbox(key="evidence.programme")
    assert box.value == "openai-for-countries"
    box.set_value("artemis-accords").run()
    assert at.query_params["show.evidence.programme"] == "artemis-accords"
    (spec,) = drawn(at, "programme_uptake")
    assert "Artemis Accords" in str(spec["description"])
    uptake = load_evidence().uptake
    last = uptake[uptake["scenario"] == "artemis-accords"].to_dict("records")[-1]
    assert f"{last['on_record']:.0f} had joined where {last['forecast_mean']:.0f}" in said(at)


def test_each_table_can_be_had_as_csv(open_page: Open, downloaded: Downloaded) -> None:
    open_page("evidence")
    evidence = load_evidence()
    assert len(downloaded("skill")) == len(skill_table(evidence))
    assert downloaded("calibration")["countries"].sum() == len(evidence.chances)
    assert len(downloaded("uptake")) == len(evidence.uptake)
    assert len(downloaded("numbers")) == len(evidence.numbers)
    rows = {row["name in files"]: row for row in downloaded("parameters").to_dict("records")}
    assert rows["w_ally"]["estimated from"].count(";") == len(evidence.programmes) - 1
    assert np.isnan(rows["w_peer"]["estimate, all kinds"])


def test_every_number_is_said_to_be_estimated_or_assumed(open_page: Open) -> None:
    listing = listed(open_page("evidence"), "Parameters of the model")
    says = dict(zip(listing["name in files"], listing["what the record says"], strict=True))
    numbers = load_evidence().numbers
    whole = {r["number"]: r for r in numbers[numbers["kind"] == "all"].to_dict("records")}
    assert says.keys() == load_parameters().keys()
    assert whole.keys() <= says.keys()
    for name, words in says.items():
        if name in whole:
            assert words.startswith(f"{whole[name]['identification']}: ")
            assert words.endswith(f"from {whole[name]['n_programmes']} programmes")
        else:
            assert words.startswith("nothing: ")
    assert says["w_peer"].startswith("nothing: assumption, ")


def test_without_the_tables_the_page_says_so(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise FileNotFoundError("pooled.csv")

    monkeypatch.setattr(parts, "load_evidence", missing)
    at = open_page("evidence")
    assert "their tables are not on this server" in " ".join(plain(i.value) for i in at.info)
    says = listed(at, "Parameters of the model")["what the record says"]
    assert (says == "").all()


def test_surprises_are_shown_where_they_have_been_worked_out(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, downloaded: Downloaded
) -> None:
    evidence = dataclasses.replace(load_evidence(), surprise=None)
    monkeypatch.setattr(parts, "load_evidence", lambda: evidence)
    heads = [each.value for each in open_page("evidence").header]
    assert not any("Surprise" in head for head in heads)
    row = {"month": "2026-09", "programme": "bri", "n_answers": 3, "surprise": 1.25,
           "expected": 0.75, "z": 2.5}  # fmt: skip
    whole_month = row | {"programme": np.nan}
    evidence = dataclasses.replace(evidence, surprise=pd.DataFrame([row, whole_month]))
    at = open_page("evidence")
    assert any("Surprise" in each.value for each in at.header)
    shown = at.dataframe[1].value
    assert shown["programme"].tolist() == ["Belt and Road Initiative", "all programmes"]
    assert shown["standard deviations above"].tolist() == [row["z"]] * 2
    assert downloaded("surprise")["z"].tolist() == [row["z"]] * 2


def test_the_best_forecaster_stands_first_whichever_way_a_score_runs() -> None:
    evidence = load_evidence()
    assert skill(evidence, "auc")["value"].is_monotonic_decreasing
    assert skill(evidence, AT_COUNT)["value"].is_monotonic_increasing
    assert {*SCORES} <= {*evidence.pooled["score"]}


def test_all_countries_stand_in_the_calibration_curve() -> None:
    evidence = load_evidence()
    curve = calibration_table(evidence)
    assert curve["countries"].sum() == len(evidence.chances)
    joined = (curve["observed"] * curve["countries"]).sum()
    np.testing.assert_allclose(joined, evidence.chances["has_joined"].sum(), rtol=ROUNDING)


def test_parameters_without_evidence_are_those_of_the_scenario() -> None:
    table = parameter_table(load_scenario("baseline"))
    assert (table["what the record says"] == "").all()


def test_a_folder_without_tables_is_not_evidence(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(FileNotFoundError):
        evidence_module.read_evidence(tmp_path_factory.mktemp("empty"))
