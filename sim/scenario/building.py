"""From merged layers to a checked, complete scenario: schema, rules between keys, completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.data.parameters import load_parameters
from sim.errors import Problem, ScenarioError
from sim.scenario.addresses import field_at, numeric_fields, split_address
from sim.scenario.checks import dates as checks_timeline
from sim.scenario.checks import estimated as checks_estimated
from sim.scenario.checks import keys as checks
from sim.scenario.checks import numbers as checks_numbers
from sim.scenario.checks.checking import ALL, Draft, offer_names_of
from sim.scenario.estimated import (
    as_found,
    is_from_posterior,
    means_of,
    parameters_from,
    posterior_of,
    with_range,
)
from sim.scenario.reading.nodes import Node, Path, at, to_plain
from sim.scenario.schema.file import Distribution, ScenarioFile
from sim.scenario.schema.translation import fill_missing, prune, translate
from sim.scenario.wording import bounded_guessing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.data.parameters import Parameter
    from sim.data.posterior import Posterior
    from sim.scenario.schema.fields import Block
    from sim.scenario.schema.offers import Offer
    from sim.scenario.schema.timeline import Event

# The rules between keys, in the order of a file. To add a rule, write a function and list it here.
CHECKS: tuple[Callable[[Draft], None], ...] = (
    checks_timeline.check_horizon,
    checks_timeline.check_states_exist,
    checks.check_excluded,
    checks_estimated.check_estimated,
    checks_numbers.check_parameters,
    checks_numbers.check_uncertainties,
    checks_numbers.check_uncertain_sizes,
    checks_numbers.check_levers,
    checks_numbers.check_corporate_ties,
    checks.check_providers_present,
    checks.check_offers_present,
    checks.check_path_names,
    checks.check_group_names,
    checks.check_homes,
    checks.check_somebody_decides,
    checks.check_megawatts,
    checks.check_concessions,
    checks.check_enrolment,
    checks_timeline.check_opening,
    checks_timeline.check_event_dates,
    checks_timeline.check_event_actions,
    checks_timeline.check_event_terms,
    checks_timeline.check_event_sizes,
    checks.check_event_countries,
    checks_timeline.check_as_of,
    checks_timeline.check_commitments,
    checks_timeline.check_withdrawals,
)

_MOST_ROUNDS = 12
# If the schema refuses more than this, little is left to check, and checks would take long.
_MOST_REFUSED = 200


def build_file(
    root: Node,
    problems: Sequence[Problem] = (),
    files: Sequence[str] = (),
    *,
    misspelt: Sequence[Problem] = (),
    is_partial: bool = False,
) -> ScenarioFile:
    """Return the content of a scenario, checked and complete.

    Parameters
    ----------
    root : Node
        All layers merged. Values with problems are removed from it in place.
    problems : sequence of Problem
        Problems found while reading and merging.
    files : sequence of str
        The files that were merged, the scenario's own first.
    misspelt : sequence of Problem
        Misspelt keys, which have been read as what was probably meant.
    is_partial : bool
        Whether a file of the chain could not be read; then only the schema is checked, and no key
        counts as missing, because that file may contain it.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    found = list(problems)
    offer_names = offer_names_of(root)
    with bounded_guessing():
        spoilt: list[Path] = []
        missing: set[Path] = set()
        file = _fit_schema(root, found, spoilt, missing, is_partial=is_partial)
        if file is not None and not is_partial and len(spoilt) <= _MOST_REFUSED:
            draft = Draft(file, root, offer_names, spoilt, missing, files)
            for check in CHECKS:
                check(draft)
            found += draft.problems
    found += misspelt
    if found or file is None:
        raise ScenarioError(_once(found))
    return _completed(file)


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _fit_schema(
    root: Node,
    problems: list[Problem],
    spoilt: list[Path],
    missing: set[Path],
    *,
    is_partial: bool,
) -> ScenarioFile | None:
    """Validate against the schema; report what it refuses and go on with the rest.

    Appends the refused values to `problems`, their places to `spoilt`, and the places that now
    hold a placeholder to `missing`.
    """
    already = {(problem.file, problem.line) for problem in problems}
    for attempt in range(_MOST_ROUNDS):
        try:
            return ScenarioFile.model_validate(to_plain(root))
        except ValidationError as refusal:
            errors = refusal.errors(include_url=False)
        if attempt == 0:
            wanted = [e for e in errors if not (is_partial and e["type"] == "missing")]
            translated = [translate(root, error) for error in wanted]
            # A consequence of a damaged line is not a problem of its own.
            problems += [p for p in translated if (p.file, p.line) not in already or not p.line]
        filled = fill_missing(root, errors)
        missing.update(filled)
        left = [e for e in errors if e["type"] != "missing" or at(root, e["loc"]) is None]
        spoilt += [*filled, *prune(root, left)]
    return None


def _completed(file: ScenarioFile) -> ScenarioFile:
    """Return the file with all parameters and distributions, and with blocs as countries."""
    table = load_parameters()
    posterior = posterior_of(file)
    drawn = _complete_uncertainties(file, table, posterior)
    means = means_of(drawn)
    stated = {name: float(file.parameters.get(name, row.default)) for name, row in table.items()}
    parameters = {name: means.get(f"parameters.{name}", value) for name, value in stated.items()}
    providers = {
        name: provider.model_copy(
            update={
                "home": Draft.expand(provider.home),
                "offers": {
                    key: offer.model_copy(
                        update=_open_to(offer)
                        | _means_at(means, f"providers.{name}.offers.{key}", type(offer))
                    )
                    for key, offer in provider.offers.items()
                },
            }
            | _means_at(means, f"providers.{name}", type(provider))
        )
        for name, provider in file.providers.items()
    }
    exclude = Draft.expand(file.countries.exclude)
    ties = {country: dict(file.corporate_ties[country]) for country in sorted(file.corporate_ties)}
    return file.model_copy(
        update={
            "countries": file.countries.model_copy(update={"exclude": exclude}),
            # Saying that every path exists and not saying it are the same.
            "paths": file.paths if file.paths and not file.paths.sovereign else None,
            "estimated": None if posterior is None else as_found(posterior),
            "parameters": parameters,
            "uncertainties": drawn,
            "corporate_ties": ties,
            "providers": providers,
            "events": tuple(
                sorted((_with_countries(event) for event in file.events), key=lambda e: e.date)
            ),
        }
    )


def _means_at(means: Mapping[str, float], stem: str, block: type[Block]) -> dict[str, float]:
    """Return the terms of a provider or an offer that are drawn from the posterior: their means."""
    if not means:
        return {}
    return {
        term: means[address]
        for term in numeric_fields(block)
        if (address := f"{stem}.{term}") in means
    }


def _open_to(offer: Offer) -> dict[str, tuple[str, ...]]:
    """Return the countries that an offer excludes and asks, blocs as countries."""
    asked = offer.asked if offer.asked == (ALL,) else Draft.expand(offer.asked)
    return {"excluded": Draft.expand(offer.excluded), "asked": asked}


def _with_countries(event: Event) -> Event:
    changes = {
        kind: action.model_copy(update={"countries": Draft.expand(action.countries)})
        for kind in ("shock", "affinity_shift")
        if (action := getattr(event, kind)) is not None and action.countries != (ALL,)
    }
    return event.model_copy(update=changes) if changes else event


def _complete_uncertainties(
    file: ScenarioFile, table: Mapping[str, Parameter], posterior: Posterior | None
) -> dict[str, Distribution]:
    """Return what is drawn: by the table, the posterior and the scenario, less what is fixed."""
    drawn = {
        f"parameters.{name}": _from_table(row) for name, row in table.items() if row.distribution
    }
    if posterior is not None:
        drawn |= parameters_from(posterior)
    drawn = {
        address: distribution
        for address, distribution in drawn.items()
        if address.removeprefix("parameters.") not in file.parameters
    }
    others = {key: value for key, value in file.uncertainties.items() if key not in drawn}
    for address in [key for key in drawn if key in file.uncertainties]:
        drawn[address] = file.uncertainties[address]
    order = [f"parameters.{name}" for name in table]
    drawn |= others
    kept = {key: value for key, value in drawn.items() if value.kind != "fixed"}
    ranked = sorted(kept, key=lambda key: (order.index(key) if key in order else len(order), key))
    return {key: _with_bounds(key, kept[key], posterior) for key in ranked}


def _from_table(row: Parameter) -> Distribution:
    mode = row.dist_mode if row.distribution == "triangular" else None
    return Distribution.model_construct(
        distribution=row.distribution, low=row.dist_low, mode=mode, high=row.dist_high
    )


def _with_bounds(
    address: str, distribution: Distribution, posterior: Posterior | None
) -> Distribution:
    """Return a distribution with its range.

    A normal is truncated at the bounds of its number, unless it has others.
    """
    if posterior is not None and is_from_posterior(distribution):
        return with_range(posterior, address, distribution)
    spec = field_at(split_address(address))
    if distribution.kind != "normal" or spec is None:
        return distribution
    low = spec.low if distribution.low is None else distribution.low
    high = spec.high if distribution.high is None else distribution.high
    return distribution.model_copy(update={"low": low, "high": high})


def without_table_values(content: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario's content without the parameters that are as the parameter table says.

    A complete scenario states every parameter, though its files state few. A posterior that is
    chosen later must give the numbers that no file states.
    """
    table = load_parameters()
    drawn = content["uncertainties"]
    unstated = {
        name
        for name, row in table.items()
        if content["parameters"][name] == row.default
        and drawn.get(f"parameters.{name}") == _table_distribution(row)
    }
    return content | {
        "parameters": {k: v for k, v in content["parameters"].items() if k not in unstated},
        "uncertainties": {
            address: each
            for address, each in drawn.items()
            if address.removeprefix("parameters.") not in unstated
        },
    }


def _table_distribution(row: Parameter) -> dict[str, Any] | None:
    return _from_table(row).model_dump(exclude_none=True) if row.distribution else None
