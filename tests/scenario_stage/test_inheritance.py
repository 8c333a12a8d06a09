"""Files that build on each other: merging, removal, places of errors, escapes and circles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, load_scenario, load_scenario_text
from sim.scenario.wording import suggest

DATA = Path(__file__).parents[1] / "data"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
HEAD = "name: child\ntitle: Child\ndescription: A child.\nextends: small\n"
CONTROL = "providers.us.offers.infrastructure.local_control"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(DATA / "small.yaml", tmp_path)
    return tmp_path


def child(folder: Path, body: str) -> Scenario:
    (folder / "child.yaml").write_text(HEAD + body)
    return load_scenario(folder / "child.yaml")


def test_maps_merge_lists_replace_and_own_words_do_not_pass_on(folder: Path) -> None:
    parent = load_scenario(folder / "small.yaml")
    scenario = child(folder, "providers: {us: {linkage: 0.9}}\nsources: [b]\n")
    assert (scenario.name, scenario.title, scenario.sources) == ("child", "Child", ("b",))
    assert scenario.providers["us"].linkage == 0.9
    assert scenario.offers["us.infrastructure"] == parent.offers["us.infrastructure"]
    assert scenario.events == parent.events
    assert scenario.source_files == (str(folder / "child.yaml"), str(folder / "small.yaml"))


def test_null_removes_entries_and_null_slots_are_a_value(folder: Path) -> None:
    scenario = child(
        folder,
        "providers: {china: null, us: {offers: {infrastructure: {slots: null}}}}\n"
        "levers: {local_control: null}\nevents: null\n",
    )
    assert list(scenario.providers) == ["us"]
    assert scenario.offers["us.infrastructure"].slots is None
    assert (dict(scenario.levers), scenario.events) == ({}, ())


RECORD = (
    "initial: {commitments: [{country: KOR, offer: us.infrastructure, signed: 2025-04}, "
    "{country: JPN, offer: china.cloud, signed: 2025-04}], "
    "withdrawals: [{country: NOR, offer: china.cloud, by: country, date: 2025-04}]}\n"
)


def with_rival(folder: Path) -> None:
    """Write a parent that says much about the provider china."""
    text = (
        (folder / "small.yaml")
        .read_text()
        .replace(
            "levers:\n",
            "  providers.china.pressure: {distribution: uniform, low: 0, high: 0.5}\n"
            "  providers.china.offers.cloud.chips: {distribution: uniform, low: 0, high: 0.5}\n"
            "corporate_ties: {KOR: {us: 0.4, china: 0.2}}\n"
            "levers:\n  rival: {target: providers.china.pressure, title: R, explanation: R}\n",
        )
    )
    text += (
        "  - {date: 2025-09, title: b, shock: {provider: us, size: 1}, "
        "set: {providers.china.offers.cloud.chips: 0.1}}\n"
        "  - {date: 2025-09, title: c, affinity_shift: {provider: china, size: 0.1}}\n"
    )
    (folder / "small.yaml").write_text(text + RECORD)
    load_scenario(folder / "small.yaml")


def test_what_was_inherited_about_a_removed_provider_goes_with_it(folder: Path) -> None:
    with_rival(folder)
    scenario = child(folder, "providers: {china: null}\n")
    assert list(scenario.levers) == ["local_control"]
    assert not [address for address in scenario.uncertainties if "china" in address]
    assert CONTROL in scenario.uncertainties
    assert dict(scenario.corporate_ties["KOR"]) == {"us": 0.4}
    assert [(event.title, event.set) for event in scenario.events] == [
        ("Something happens", None), ("b", None),
    ]  # fmt: skip
    assert [each.country for each in scenario.initial.commitments] == ["KOR"]
    assert scenario.initial.withdrawals == ()
    parent = load_scenario(folder / "small.yaml")
    changed = parent.with_changes({"providers.china": None})
    assert changed.to_dict()["events"] == scenario.to_dict()["events"]


def test_what_was_inherited_about_a_removed_offer_goes_with_it(folder: Path) -> None:
    with_rival(folder)
    scenario = child(folder, "providers: {china: {offers: {cloud: null}}}\n")
    assert list(scenario.levers) == ["rival", "local_control"]
    drawn = [address for address in scenario.uncertainties if "china" in address]
    assert drawn == ["providers.china.pressure"]
    assert [event.title for event in scenario.events] == ["Something happens", "b", "c"]
    assert [each.country for each in scenario.initial.commitments] == ["KOR"]


def test_what_the_removing_file_says_of_what_it_removed_is_an_error(folder: Path) -> None:
    with_rival(folder)
    body = (
        "providers: {china: null}\ncorporate_ties: {KOR: {china: 0.3}}\n"
        "uncertainties:\n  providers.china.pressure: {distribution: uniform, low: 0, high: 0.5}\n"
        "levers: {rival: {target: providers.china.pressure}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        child(folder, body)
    places = [(Path(p.file).name, p.line) for p in caught.value.problems]
    assert places == [("child.yaml", 6), ("child.yaml", 8), ("child.yaml", 9)]
    assert list(child(folder, "providers: {china: null}\nlevers: {rival: null}\n").levers) == [
        "local_control"
    ]


def test_a_number_that_is_set_is_no_longer_drawn(folder: Path) -> None:
    assert CONTROL in load_scenario(folder / "small.yaml").uncertainties
    offer = "providers: {us: {offers: {infrastructure: {local_control: 0.5}}}}\n"
    assert CONTROL not in child(folder, offer).uncertainties
    again = f"uncertainties: {{{CONTROL}: {{distribution: uniform, low: 0.4, high: 0.6}}}}\n"
    assert child(folder, offer + again).uncertainties[CONTROL].low == 0.4


def test_parameters_fix_and_the_word_fixed_drops(folder: Path) -> None:
    scenario = child(
        folder, "parameters: {w_peer: 1.0}\nuncertainties: {parameters.w_fund: fixed}\n"
    )
    assert scenario.parameters["w_peer"] == 1.0
    assert "parameters.w_peer" not in scenario.uncertainties
    assert "parameters.w_fund" not in scenario.uncertainties
    assert "parameters.w_tie" in scenario.uncertainties


def test_parameter_set_is_read_beneath_the_file(folder: Path) -> None:
    (folder / "parameter_sets").mkdir()
    (folder / "parameter_sets" / "fitted.yaml").write_text(
        "name: fitted\nparameters: {w_peer: 2.0, w_tie: 0.9}\n"
        "uncertainties: {parameters.w_peer: {distribution: normal, mean: 2, sd: 0.3}}\n"
    )
    scenario = child(folder, "parameter_set: fitted\nparameters: {w_tie: 0.1}\n")
    assert (scenario.parameters["w_peer"], scenario.parameters["w_tie"]) == (2.0, 0.1)
    drawn = scenario.uncertainties["parameters.w_peer"]
    assert (drawn.kind, drawn.mean, drawn.sd) == ("normal", 2.0, 0.3)
    assert (drawn.low, drawn.high) == (0.0, 200.0)
    assert scenario.parameter_set == "fitted"
    assert scenario.source_files[1].endswith("fitted.yaml")


def test_an_inherited_error_is_placed_where_it_was_written(folder: Path) -> None:
    text = (folder / "small.yaml").read_text()
    (folder / "small.yaml").write_text(text.replace("slots: 2", "slots: -2"))
    with pytest.raises(ScenarioError) as caught:
        child(folder, "providers: {us: {linkage: 7}}\n")
    places = [(Path(p.file).name, p.line) for p in caught.value.problems]
    line = text.splitlines().index("        slots: 2") + 1
    assert places == [("child.yaml", 5), ("small.yaml", line)]


def test_an_overruled_error_of_a_parent_does_not_count(folder: Path) -> None:
    text = (folder / "small.yaml").read_text()
    (folder / "small.yaml").write_text(text.replace("slots: 2", "slots: -2"))
    scenario = child(folder, "providers: {us: {offers: {infrastructure: {slots: 3}}}}\n")
    assert scenario.offers["us.infrastructure"].slots == 3


def test_chain_of_ten_loads_and_a_longer_one_does_not(folder: Path) -> None:
    previous = "small"
    for number in range(1, 12):
        (folder / f"c{number}.yaml").write_text(
            f"name: c{number}\ntitle: T\ndescription: D\nextends: {previous}\n"
        )
        previous = f"c{number}"
    assert load_scenario(folder / "c10.yaml").name == "c10"
    with pytest.raises(ScenarioError, match="makes a chain of more than 10 files"):
        load_scenario(folder / "c11.yaml")


def test_a_link_out_of_the_folder_is_refused(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.yaml"
    shutil.copy(DATA / "small.yaml", outside)
    (folder / "secret.yaml").symlink_to(outside)
    (folder / "child.yaml").write_text(HEAD.replace("extends: small", "extends: secret"))
    with pytest.raises(ScenarioError, match="names a link that leads to no file") as caught:
        load_scenario(folder / "child.yaml")
    assert "Did you mean" not in str(caught.value)


def test_a_link_that_leads_nowhere_is_called_so(folder: Path) -> None:
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    with pytest.raises(ScenarioError, match=r"loop\.yaml: this link leads to no file") as caught:
        load_scenario(folder / "loop.yaml")
    assert "Did you mean" not in str(caught.value)


def test_a_word_is_never_proposed_in_its_own_place() -> None:
    assert suggest("loop", ["loop", "small"]) == "Known are: small."
    assert suggest("loop", ["loop", "Loop"]) == "Did you mean 'Loop'?"


@pytest.mark.parametrize("providers", ["null", "[1]", "3"])
@pytest.mark.parametrize("name", ["baseline", "today", "kill-switch"])
def test_providers_refused_as_a_whole_are_one_problem(providers: str, name: str) -> None:
    text = HEAD.replace("extends: small", f"extends: {name}") + f"providers: {providers}\n"
    with pytest.raises(ScenarioError) as caught:
        load_scenario_text(text, SCENARIOS)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("uploaded", 5)


@pytest.mark.parametrize(
    "horizon", ["{start: 2030-01, end: 2020-01}", "{start: 2010-01, end: 2011-12}", "soon", "null"]
)
@pytest.mark.parametrize("name", ["baseline", "third-way"])
def test_a_wrong_horizon_is_one_problem(horizon: str, name: str) -> None:
    text = HEAD.replace("extends: small", f"extends: {name}") + f"horizon: {horizon}\n"
    with pytest.raises(ScenarioError) as caught:
        load_scenario_text(text, SCENARIOS)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("uploaded", 5)


def test_text_extends_only_files_of_the_given_folder(folder: Path) -> None:
    assert load_scenario_text(HEAD, folder=folder).name == "child"
    with pytest.raises(ScenarioError, match=r"uploaded:4: extends = \"small\" names a file"):
        load_scenario_text(HEAD)
    escape = HEAD.replace("extends: small", "extends: ../small")
    with pytest.raises(ScenarioError, match="must be the plain name of a file"):
        load_scenario_text(escape, folder=folder / "below")


def test_problems_of_yaml_schema_and_rules_come_together(folder: Path) -> None:
    body = (
        "providers:\n  us:\n    linkage: 0.1\n    linkage: 0.2\n    pressure: 7\n"
        "    offers: {infrastructure: {data_centre_mw_min: 2000}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        child(folder, body)
    rules = [problem.message.split(" ", 1)[0] for problem in caught.value.problems]
    assert [problem.line for problem in caught.value.problems] == [8, 9, 10]
    assert len(rules) == 3
