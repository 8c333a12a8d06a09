"""Every pattern that the model is to reproduce, in the order in which it is shown.

Thresholds follow from the words of the sentence and were set before any value was computed: *most*
is more than half; *earlier*, *more*, *dearer* are a difference on that side of zero. None may be
moved to make a pattern hold. `HOW_JUDGED` in ``words.py`` tells readers what was changed since.
"""

from __future__ import annotations

from functools import partial

from sim.analysis.patterns import record, simulated
from sim.analysis.patterns.pattern import ABOVE, BELOW, Pattern
from sim.analysis.patterns.simulated import CHINA, US, WINDOW_MONTHS

_S_SHAPE = (
    "Signatories cut by order into quarters: how much longer the first quarter takes than the "
    "second, or the last than the third if that is less, over the time to the last signature"
)
_CLUSTERS = (
    "Moran's I of signing within United Nations sub-regions, among countries that could sign, less "
    "its expectation if the same answers were dealt out at random"
)
_BASELINE = "baseline"
_SHARE = "share of countries"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "uptake-american",
        "Uptake of the American offers is S-shaped: slow, then fast, then slow.",
        _S_SHAPE, "share of the time", _BASELINE, 0.0, ABOVE,
        partial(simulated.uptake, provider=US),
        partial(record.uptake_on_record, record.AMERICAN),
    ),
    Pattern(
        "uptake-chinese",
        "Uptake of the Chinese offers is S-shaped: slow, then fast, then slow.",
        _S_SHAPE, "share of the time", _BASELINE, 0.0, ABOVE,
        partial(simulated.uptake, provider=CHINA),
        partial(record.uptake_on_record, record.CHINESE),
    ),
    Pattern(
        "clustering-american",
        "American partners cluster in regions.",
        _CLUSTERS, "Moran's I", _BASELINE, 0.0, ABOVE,
        partial(simulated.regional_clustering, provider=US),
        partial(record.clustering_on_record, record.AMERICAN),
    ),
    Pattern(
        "clustering-chinese",
        "Chinese partners cluster in regions.",
        _CLUSTERS, "Moran's I", _BASELINE, 0.0, ABOVE,
        partial(simulated.regional_clustering, provider=CHINA),
        partial(record.clustering_on_record, record.CHINESE),
    ),
    Pattern(
        "allies-early",
        "Treaty allies of the United States sign American offers early.",
        "Of the countries that sign an American offer: mean month of the first signature of those "
        "with a mutual-defence treaty with the United States, less that of the others",
        "months", _BASELINE, 0.0, BELOW,
        simulated.allies_early,
        record.allies_on_record,
    ),
    Pattern(
        "non-aligned-late-or-both",
        "Non-aligned countries sign American offers late, or hold offers of both sides.",
        "Share of signatories of an American offer that sign after the median treaty ally, or end "
        "with offers of both providers: countries with a defence treaty with neither, less treaty "
        "allies of the United States",
        _SHARE, _BASELINE, 0.0, ABOVE,
        simulated.non_aligned_late_or_both,
    ),
    Pattern(
        "hedging",
        "Most states outside the two blocs hedge.",
        "Share of countries without a defence treaty with the United States or China that end with "
        "offers of both",
        _SHARE, _BASELINE, 0.5, ABOVE,
        simulated.hedging,
    ),
    Pattern(
        "democracies-join",
        "Democracies join American-led declarations.",
        "Mean index of liberal democracy of signatories less that of other countries that were "
        "asked, mean over declarations",
        "index 0-1",
        "American declarations of the past, each forecast from its launch", 0.0, ABOVE,
        simulated.democracies_join,
        record.democracies_on_record,
    ),
    Pattern(
        "weak-states-accept",
        "Weaker states near China accept Chinese builds.",
        "Share that signs the Chinese data centre: countries with an economy below the median and "
        "an affinity with China above it, less all others that could sign",
        _SHARE, _BASELINE, 0.0, ABOVE,
        simulated.weak_states_accept,
        record.weak_states_on_record,
    ),
    Pattern(
        "shock-slows",
        "A shock to sovereignty slows sign-ups.",
        f"New American partners in the {WINDOW_MONTHS} months from the shock, with it less without",
        "countries", "kill-switch less baseline, same futures", 0.0, BELOW,
        simulated.shock_slows,
    ),
    Pattern(
        "shock-shifts",
        "A shock to sovereignty shifts demand to sovereign or European options.",
        "Countries with sovereign AI or a European offer at the end of the "
        f"{WINDOW_MONTHS} months from the shock, with it less without",
        "countries", "third-way with the shock less third-way, same futures", 0.0, ABOVE,
        simulated.shock_shifts,
    ),
    Pattern(
        "reversals-where-dear",
        "Suppliers give up data centres where power is dear.",
        "Mean percentile rank of the price of electricity where a supplier has given up a data "
        "centre, less that where one was signed and not given up by it",
        "rank 0-1", _BASELINE, 0.0, ABOVE,
        simulated.reversals_where_dear,
        record.reversals_on_record,
    ),
)  # fmt: skip
