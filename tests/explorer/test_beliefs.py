"""Beliefs and evidence of a scenario that draws its numbers from a posterior."""

from __future__ import annotations

from app_pages import Open, plain
from sim.data import load_parameters
from sim.interfaces.explorer.evidence.tables import parameter_table
from sim.interfaces.explorer.state.view import pack
from sim.scenario import default_folder, load_scenario_text

ESTIMATED = """\
name: drawn-jointly
extends: baseline
title: Drawn jointly
description: Weights are drawn from the shipped posterior.
estimated: {kind: contract}
"""


def test_an_estimated_belief_shows_the_range_of_its_posterior(open_page: Open) -> None:
    posterior = load_scenario_text(ESTIMATED, default_folder()).posterior
    assert posterior is not None
    at = open_page(a="drawn-jointly", draft__a=pack(ESTIMATED))
    at.selectbox(key="belief.new").set_value("w_likeness").run()
    control = at.slider(key="belief.w_likeness")
    low, high = posterior.intervals["w_likeness"]
    assert (control.min, control.max) == (low, high)
    assert control.value == posterior.means["w_likeness"]
    assert f"Basis: {posterior.title}." in plain(control.help)
    assert f"nine times in ten from {low:.3g} to {high:.3g}." in plain(control.help)
    # What no posterior gives has the range of the parameter table.
    at.selectbox(key="belief.new").set_value("w_waiting").run()
    row = load_parameters()["w_waiting"]
    control = at.slider(key="belief.w_waiting")
    assert (control.min, control.max) == (row.dist_low, row.dist_high)


def test_the_parameters_on_the_evidence_page_name_their_posterior() -> None:
    scenario = load_scenario_text(ESTIMATED, default_folder())
    assert scenario.posterior is not None
    table = parameter_table(scenario).set_index("name in files")
    row = table.loc["w_likeness"]
    assert row["basis"] == f"estimated; {scenario.posterior.title}"
    low, high = scenario.posterior.intervals["w_likeness"]
    assert (row["drawn from"], row["drawn to"]) == (low, high)
    assert row["value"] == scenario.posterior.means["w_likeness"]
    assert "estimated" not in str(table.loc["w_waiting", "basis"])
