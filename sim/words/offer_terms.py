"""The terms in the editor's form: their groups and labels.

Bounds, units and explanations come from the schema. A term added there appears under *Other terms*
until it is assigned to a group here.
"""

from __future__ import annotations

import re

from sim.data import load_parameters
from sim.data.parameters import parameter_label
from sim.scenario import FieldSpec, Offer, Provider, numeric_fields

Groups = tuple[tuple[str, tuple[str, ...]], ...]

_OFFER: Groups = (
    ("On which terms", ("local_control", "dependence", "exclusivity", "cost_share", "visibility")),
    ("Who may take it", ("slots", "max_chip_tier", "democracy_floor", "democracy_strictness",
                         "democracy_floor_is_hard", "open_enrolment")),
    ("What a partner gets", ("data_centre_mw_min", "data_centre_mw_max", "fund_usd_m", "assistant",
                             "safety", "chips")),
    ("How it is brought about", ("pace_per_quarter", "patience_months", "cooldown_months",
                                 "concession_step", "concession_limit", "lead_months")),
)  # fmt: skip
_PROVIDER: Groups = (
    ("Diplomacy", ("backing", "linkage", "pressure", "home_takes_part")),
    (
        "Access to chips",
        ("chip_access_tier_1", "chip_access_tier_2", "chip_access_tier_3", "chip_lead"),
    ),
    (
        "Whom it wants",
        (
            "value_market",
            "value_readiness",
            "value_headroom",
            "value_alignment",
            "value_tie",
            "value_record",
        ),
    ),
)
_REST = "Other terms"
_LABELS = {
    "assistant": "National assistant",
    "backing": "Backing by its government",
    "chip_access_tier_1": "Chips for close allies",
    "chip_access_tier_2": "Chips for most states",
    "chip_access_tier_3": "Chips under arms embargo",
    "chip_lead": "Chips that only it can license",
    "chips": "Share on licensed chips",
    "concession_limit": "Control conceded at most",
    "concession_step": "Control conceded each time",
    "cooldown_months": "Pause before asking again",
    "cost_share": "Share of cost for the host",
    "data_centre_mw_max": "Largest data centre",
    "data_centre_mw_min": "Smallest data centre",
    "democracy_floor": "Floor of democracy",
    "democracy_floor_is_hard": "Refuse those below the floor",
    "democracy_strictness": "Weight of the floor",
    "dependence": "Dependence it brings",
    "exclusivity": "Exclusivity",
    "fund_usd_m": "Fund for each partner",
    "home_takes_part": "Home countries choose too",
    "intercept": "Attraction not explained",
    "lead_months": "From signature to building",
    "linkage": "Tie to its own programme",
    "local_control": "Control that stays in the country",
    "max_chip_tier": "Highest export tier admitted",
    "open_enrolment": "Open to all who are eligible",
    "pace_per_quarter": "Invitations a quarter",
    "patience_months": "Invitation stays open",
    "pressure": "Pressure on rivals' partners",
    "safety": "Safety and security support",
    "slots": "Places",
    "value_alignment": "Weight of alignment",
    "value_headroom": "Weight of power",
    "value_market": "Weight of market size",
    "value_readiness": "Weight of readiness",
    "value_record": "Weight of earlier answers",
    "value_tie": "Weight of corporate ties",
    "visibility": "Visibility to rivals",
}
# Units that need not be stated beside the label and the range.
# "1" is how tables write that a number has no unit.
_UNSAID = {"", "1", "share", "tier", "liberal-democracy index", "invitations a quarter"}


def term_groups(block: type[Offer] | type[Provider]) -> Groups:
    """Return the numeric and boolean terms of a block of the schema in groups, each term once."""
    chosen = _OFFER if block is Offer else _PROVIDER
    known = numeric_fields(block)
    groups = tuple((title, tuple(t for t in terms if t in known)) for title, terms in chosen)
    placed = {term for _, terms in groups for term in terms}
    rest = tuple(term for term in known if term not in placed)
    return (*groups, (_REST, rest)) if rest else groups


def label_of(term: str, spec: FieldSpec) -> str:
    """Return the label of a control.

    Examples
    --------
    >>> from sim.scenario import field_at
    >>> spec = field_at(("providers", "us", "offers", "adoption", "fund_usd_m"))
    >>> label_of("fund_usd_m", spec)
    'Fund for each partner (USD million)'
    """
    words = _LABELS.get(term) or term.replace("_", " ").capitalize()
    return words if spec.unit in _UNSAID else f"{words} ({spec.unit})"


def meaning_for_readers(spec: FieldSpec) -> str:
    """Return what a term means in the words of the pages: its description names those of files.

    Examples
    --------
    >>> from sim.scenario import field_at
    >>> offer = ("providers", "us", "offers", "adoption")
    >>> meaning_for_readers(field_at((*offer, "slots")))
    'How many countries the offer has room for; “no limit” means that there is none.'
    >>> meaning_for_readers(field_at((*offer, "open_enrolment")))[:45]
    'Whether every eligible country is invited (ye'
    """
    text = spec.description.replace(
        "null means no limit", f"“{in_words(None)}” means that there is none"
    )
    for value in (True, False):
        text = text.replace(f"({str(value).lower()})", f"({in_words(value)})")
    parameters = load_parameters()

    def named(match: re.Match[str]) -> str:
        name = match[0]
        label = _LABELS.get(name) or (parameter_label(name) if name in parameters else "")
        return f"“{label}”" if label else name

    return re.sub(r"\b[a-z]+(?:_[a-z0-9]+)+\b", named, text)


def step_of_field(spec: FieldSpec) -> float:
    """Return the step of the buttons of a control."""
    if spec.kind == "whole number":
        return 1
    reach = (spec.high or 0) - (spec.low or 0)
    for least, step in ((50_000, 50.0), (1000, 10.0), (100, 1.0), (1.5, 0.5)):
        if reach >= least:
            return step
    return 0.05


def explanation_of(path: tuple[str, ...], spec: FieldSpec) -> str:
    """Return the meaning of a term, its range, its default, and its address in a file."""
    lines = [spec.description]
    if spec.is_numeric and spec.low is not None and spec.high is not None:
        unit = "" if spec.unit == "share" else f" {spec.unit}"
        lines.append(f"From {spec.low:g} to {spec.high:g}{unit}.")
    if spec.default is not ...:
        lines.append(f"Default: {in_words(spec.default)}.")
    return "\n\n".join([*lines, f"In a scenario file: {'.'.join(path)}"])


def in_words(value: object) -> str:
    """Return the value of a term as the form shows it.

    Examples
    --------
    >>> [in_words(value) for value in (None, True, 0.35, 1000.0)]
    ['no limit', 'yes', '0.35', '1,000']
    """
    if value is None:
        return "no limit"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.10g}" if isinstance(value, int | float) else " ".join(str(value).split())
