"""Rules for numbers: parameters, corporate ties, uncertainties and levers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.data.parameters import load_parameters
from sim.scenario.checks.estimated import check_posterior
from sim.scenario.estimated import is_from_posterior
from sim.scenario.reading.nodes import at
from sim.scenario.schema.rules import broken_rule
from sim.scenario.wording import PARAMETERS_PAGE, bounds_phrase, shown_number, suggest

if TYPE_CHECKING:
    from sim.scenario.addresses import FieldSpec
    from sim.scenario.checks.checking import Draft
    from sim.scenario.reading.nodes import Path
    from sim.scenario.schema.file import Distribution

UNCERTAIN_GROUPS = ("providers", "parameters")
LEVER_GROUPS = ("providers", "parameters", "corporate_ties")

# What each kind of distribution needs; a normal may use the bounds of its number.
_NEEDED = {
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "loguniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "posterior": (),
    "fixed": (),
}
_ALLOWED = {
    **_NEEDED,
    "normal": ("mean", "sd", "low", "high"),
    "posterior": ("column", "shift"),
}


def check_parameters(draft: Draft) -> None:
    """Check that parameters are in the parameter table and respect its bounds."""
    table = load_parameters()
    for name, value in draft.file.parameters.items():
        path = ("parameters", name)
        if name not in table:
            remedy = suggest(name, table) or PARAMETERS_PAGE
            draft.report(path, "is not a parameter of the model", remedy)
            continue
        spec = draft.address(f"parameters.{name}", path, ("parameters",))
        broken = broken_rule(spec, value) if spec is not None else None
        if broken is not None:
            draft.report(path, broken.rule, broken.remedy)


def check_corporate_ties(draft: Draft) -> None:
    """Check that ties are between known countries and providers of the scenario."""
    for country, ties in draft.file.corporate_ties.items():
        draft.country(country, ("corporate_ties", country))
        for provider in ties:
            draft.provider(provider, ("corporate_ties", country, provider))


def check_uncertainties(draft: Draft) -> None:
    """Check that distributions belong to numbers, are well formed and respect their bounds."""
    for address, distribution in draft.file.uncertainties.items():
        path = ("uncertainties", address)
        spec = draft.address(address, path, UNCERTAIN_GROUPS)
        is_complete = _check_completeness(draft, path, distribution)
        if spec is None:
            continue
        if not spec.is_numeric:
            draft.report(
                path, "must be the address of a number, not of a switch", "Make it an event."
            )
        elif _shapes_features(address):
            rule = "shapes the facts, which are the same in every future of a run"
            draft.report(path, rule, f"Set {address} to another value and compare the runs.")
        elif is_from_posterior(distribution):
            if is_complete:
                check_posterior(draft, address, path, distribution, spec)
        elif (
            is_complete
            and _check_order(draft, path, distribution)
            and _check_support(draft, path, distribution, spec)
        ):
            _check_value_inside(draft, address, distribution)


def _shapes_features(address: str) -> bool:
    """Return whether an address is a parameter that enters the features of countries."""
    group, _, name = address.partition(".")
    row = load_parameters().get(name) if group == "parameters" else None
    return row is not None and row.group == "features"


def _check_completeness(draft: Draft, path: Path, distribution: Distribution) -> bool:
    """Return whether a distribution has the numbers its kind needs, and no others."""
    kind = distribution.distribution
    absent = [name for name in _NEEDED[kind] if getattr(distribution, name) is None]
    # What was written and refused is not also missing.
    missing = [name for name in absent if draft.is_sound((*path, name))]
    surplus = [
        name
        for name in ("low", "mode", "high", "mean", "sd", "column", "shift")
        if name not in _ALLOWED[kind] and _is_stated(draft, path, distribution, name)
    ]
    needs = ", ".join(_ALLOWED[kind]) or "no numbers"
    if missing:
        rule = f"is {kind} and must also have {' and '.join(missing)}"
        draft.report(path, rule, f"A {kind} distribution takes {needs}.")
    for name in surplus:
        rule = f"is not used by a {kind} distribution"
        draft.report((*path, name), rule, f"A {kind} distribution takes {needs}.")
    return not absent and not surplus


def _is_stated(draft: Draft, path: Path, distribution: Distribution, name: str) -> bool:
    """Return whether a distribution states one of its numbers.

    In a complete scenario a posterior has a range, which the posterior gives and no file states.
    """
    if is_from_posterior(distribution):
        return at(draft.root, (*path, name)) is not None
    return getattr(distribution, name) is not None


def _check_order(draft: Draft, path: Path, distribution: Distribution) -> bool:
    """Return whether the numbers of a distribution are in order."""
    low, high = distribution.low, distribution.high
    if low is not None and high is not None and low >= high:
        rule = f"must be less than high, which is {shown_number(high)}"
        draft.report((*path, "low"), rule, "Use the word fixed for a number that is certain.")
        return False
    for name in ("mode", "mean"):
        centre = getattr(distribution, name)
        below = centre is not None and low is not None and centre < low
        above = centre is not None and high is not None and centre > high
        if below or above:
            draft.report((*path, name), "must lie from low to high", "Move it inside the range.")
            return False
    if distribution.sd is not None and distribution.sd <= 0:
        remedy = "Use the word fixed for a number that is certain."
        draft.report((*path, "sd"), "must be greater than 0", remedy)
        return False
    if distribution.distribution == "loguniform" and low is not None and low <= 0:
        remedy = "Use a small positive number, or a uniform distribution."
        draft.report((*path, "low"), "must be greater than 0 for a loguniform", remedy)
        return False
    return True


def _check_support(draft: Draft, path: Path, distribution: Distribution, spec: FieldSpec) -> bool:
    """Return whether every value that can be drawn respects the bounds of the number."""
    is_within = True
    for name in ("low", "mode", "high", "mean"):
        value = getattr(distribution, name)
        broken = broken_rule(spec, value) if value is not None else None
        if broken is not None and broken.rule != "must be a whole number":
            draft.report((*path, name), broken.rule, broken.remedy)
            is_within = False
    return is_within


def _check_value_inside(draft: Draft, address: str, distribution: Distribution) -> None:
    """Check that the value used where nothing is drawn lies within the range of the draws."""
    low, high = distribution.low, distribution.high
    value = draft.value(address)
    if low is None or high is None or not draft.is_sound(tuple(address.split("."))):
        return
    path = ("uncertainties", address)
    span = f"{shown_number(low)} to {shown_number(high)}"
    if value is None:
        rule = "belongs to a number that is null and so has no value to vary around"
        draft.report(path, rule, f"Give {address} a number from {span}.")
    elif not low <= value <= high:
        rule = f"must include the present value of {address}, {shown_number(float(value))}"
        draft.report(path, rule, f"Widen the distribution, or set {address} from {span}.")


def check_uncertain_sizes(draft: Draft) -> None:
    """Check that no draw puts the smallest data centre above the largest."""
    for name, offer, terms in draft.offers():
        stem = f"providers.{name}.offers.{offer}.data_centre_mw_"
        low = draft.file.uncertainties.get(f"{stem}min")
        high = draft.file.uncertainties.get(f"{stem}max")
        if low is None and high is None:
            continue
        largest_low = low.high if low and low.high is not None else terms.data_centre_mw_min
        smallest_high = high.low if high and high.low is not None else terms.data_centre_mw_max
        if largest_low > smallest_high and terms.data_centre_mw_min <= terms.data_centre_mw_max:
            address = f"{stem}{'min' if low else 'max'}"
            rule = "can draw a smallest data centre above the largest"
            others = [
                path
                for end in ("min", "max")
                for path in (tuple(f"{stem}{end}".split(".")), ("uncertainties", f"{stem}{end}"))
            ]
            draft.report(("uncertainties", address), rule, "Keep the two ranges apart.", others)


def check_levers(draft: Draft) -> None:
    """Check that levers have existing targets, within bounds, and stops within their range."""
    for name, lever in draft.file.levers.items():
        path = ("levers", name)
        spec = draft.address(lever.target, (*path, "target"), LEVER_GROUPS)
        if lever.low >= lever.high:
            rule = f"must be less than high, which is {shown_number(lever.high)}"
            draft.report((*path, "low"), rule, "Give the lever a range.", [(*path, "high")])
            continue
        if spec is not None and not spec.is_numeric:
            rule = "must be the address of a number, not of a switch"
            draft.report((*path, "target"), rule, "Levers move numbers.")
        elif spec is not None:
            _check_lever_range(draft, name, spec)
        for stop in lever.stops:
            if not lever.low <= stop <= lever.high:
                rule = f"has a stop at {shown_number(stop)}, outside its range"
                span = f"{shown_number(lever.low)} to {shown_number(lever.high)}"
                end = (*path, "low" if stop < lever.low else "high")
                draft.report((*path, "stops"), rule, f"Keep stops from {span}.", [end])


def _check_lever_range(draft: Draft, name: str, spec: FieldSpec) -> None:
    lever = draft.file.levers[name]
    for end in ("low", "high"):
        broken = broken_rule(spec, getattr(lever, end))
        if broken is not None and spec.low is not None and spec.high is not None:
            bounds = bounds_phrase(spec.low, spec.high, spec.unit)
            draft.report(("levers", name, end), broken.rule, f"Its target takes numbers {bounds}.")
