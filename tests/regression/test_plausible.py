"""What a reader would check first on the shipped scenarios; holds for any sensible defaults."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.model.ensemble import Ensemble, run_ensemble
from sim.model.layout import (
    INVITATIONS_OPEN,
    MW_CONTRACTED,
    N_BUILDING,
    N_LIVE,
    N_SIGNED,
    N_STALLED,
    SLOTS_HELD,
)
from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
FUTURES = 400
IN_WORDS = [
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
# Countries whose governments stood close to Beijing or under US arms embargo in 2025.
CLOSE_TO_CHINA = ("RUS", "BLR", "IRN", "PRK", "PAK", "KHM", "LAO", "VEN", "CUB", "MMR")
CLOSE_TO_US = ("KOR", "JPN", "AUS", "GBR", "NOR", "CAN", "NLD", "DEU")


@cache
def ensemble(name: str) -> Ensemble:
    """Return an ensemble of a shipped scenario, run once."""
    return run_ensemble(load_scenario(name), replicates=FUTURES, seed=1)


def probability(result: Ensemble, offer: str, *, ever: bool = True) -> dict[str, float]:
    """Return each country's probability of signing an offer, ever or at the end."""
    o = result.axes.offer.index(offer)
    if ever:
        share = (result.month_signed[:, :, o] >= 0).mean(axis=0)
    else:
        held = [offer in path.split("_and_") for path in result.axes.path]
        share = np.asarray(held)[result.final_path].mean(axis=0)
    return dict(zip(result.axes.country, share.tolist(), strict=True))


def partners(result: Ensemble, offer: str) -> float:
    """Return the mean number of countries that hold an offer at the end."""
    return sum(probability(result, offer, ever=False).values())


@pytest.mark.parametrize("name", ["baseline", "today"])
def test_close_allies_rank_above_chinas_partners(name: str) -> None:
    """Every close ally is likelier to sign than every country close to China."""
    signed = probability(ensemble(name), "us_infrastructure")
    assert min(signed[c] for c in CLOSE_TO_US) > max(signed[c] for c in CLOSE_TO_CHINA)


def test_korea_is_among_the_ten_likeliest() -> None:
    """South Korea was expected among the ten."""
    signed = probability(ensemble("baseline"), "us_infrastructure")
    assert "KOR" in sorted(signed, key=signed.__getitem__, reverse=True)[:10]


@pytest.mark.parametrize("name", ["baseline", "today", "twenty-slots"])
def test_slots_fill_and_never_overfill(name: str) -> None:
    """Invitations and commitments together never exceed the slots, and most slots get used."""
    result = ensemble(name)
    o = result.axes.offer.index("us_infrastructure")
    slots = result.scenario.offers["us.infrastructure"].slots
    assert slots is not None
    record = result.offer_record[:, :, o]
    committed = record[..., [N_SIGNED, N_BUILDING, N_LIVE, N_STALLED]].sum(axis=-1)
    assert record[..., SLOTS_HELD].max() <= slots
    assert np.array_equal(record[..., SLOTS_HELD], record[..., INVITATIONS_OPEN] + committed)
    assert committed[:, -1].mean() > 0.7 * slots


def test_most_of_the_world_hedges_or_waits() -> None:
    """Neither bloc holds half the world alone within the first three years."""
    result = ensemble("baseline")
    counts = result.path_count.mean(axis=0)[35]
    by_path = dict(zip(result.axes.path, counts, strict=True))
    for provider in ("us_", "china_"):
        alone = sum(v for k, v in by_path.items() if k.startswith(provider) and "_and_" not in k)
        assert alone < 0.5 * len(result.axes.country)


def test_strict_floor_excludes_the_emirates_and_broad_reading_does_not() -> None:
    """A hard floor on liberal democracy is a rule; the broad reading has none."""
    assert probability(ensemble("democratic-strict"), "us_infrastructure")["ARE"] == 0.0
    assert probability(ensemble("democratic-broad"), "us_infrastructure")["ARE"] > 0.05


def test_nothing_is_certain_without_a_rule() -> None:
    """No country that a rule admits to the light offer is sure to sign it or sure not to."""
    result = ensemble("baseline")
    o = result.axes.offer.index("us_adoption")
    signed = probability(result, "us_adoption")
    admitted = [c for i, c in enumerate(result.axes.country) if result.eligible[i, o]]
    refused = set(result.axes.country) - set(admitted)
    assert all(0.0 < signed[c] < 1.0 for c in admitted)
    assert all(signed[c] == 0.0 for c in refused)


@pytest.mark.parametrize(
    ("address", "low", "high"),
    [
        ("providers.us.offers.adoption.local_control", 0.1, 0.9),
        ("providers.us.offers.adoption.assistant", 0.2, 1.0),
        ("providers.us.backing", 0.2, 1.0),
    ],
)
def test_better_terms_draw_more_countries(address: str, low: float, high: float) -> None:
    """More local control, a better assistant and more backing raise acceptance."""
    base = load_scenario("baseline")
    worse, better = (
        run_ensemble(base.with_changes({address: value}), replicates=200) for value in (low, high)
    )
    assert partners(better, "us_adoption") > partners(worse, "us_adoption")


def test_linkage_lowers_acceptance() -> None:
    """A closer tie to the US project and its diplomacy costs partners."""
    loose, tight = (ensemble(name) for name in ("stargate-separate", "stargate-linked"))
    assert partners(tight, "us_adoption") < partners(loose, "us_adoption")


def test_countries_on_record_mostly_stay() -> None:
    """Tastes agree with the record: what was signed by 2026-11 is mostly still held in 2031."""
    held = probability(ensemble("today"), "us_infrastructure", ever=False)
    assert min(held[c] for c in ("KOR", "AUS", "ARE", "ARG", "IND")) > 0.5


def test_a_wider_range_of_sizes_shuts_nobody_out() -> None:
    """China's neighbours take centres that fit them, whatever the largest on offer."""
    base = load_scenario("baseline")
    address = "providers.china.offers.infrastructure.data_centre_mw_max"
    small = run_ensemble(base.with_changes({address: 20}), replicates=200)
    for country in ("LAO", "KHM", "MMR", "TJK"):
        now = probability(ensemble("baseline"), "china_infrastructure")[country]
        assert now > 0.04
        # Not as many: where larger countries gain less, they leave more places.
        assert now > 0.5 * probability(small, "china_infrastructure")[country]


def test_data_centres_have_the_size_of_those_on_record() -> None:
    """Whole plans of US partners on record are 40 MW to 1 GW, some 540 MW on average."""
    result = ensemble("baseline")
    last = result.offer_record[:, -1, result.axes.offer.index("us_infrastructure")]
    partners = last[:, [N_SIGNED, N_BUILDING, N_LIVE, N_STALLED]].sum(axis=1)
    mean = last[:, MW_CONTRACTED].sum() / partners.sum()
    assert 400 < mean < 800


def test_exclusivity_closes_pairs_by_degrees() -> None:
    """More exclusivity means fewer partners with a rival beside, and 0.9 leaves a fraction."""
    base = load_scenario("baseline")
    address = "providers.us.offers.infrastructure.exclusivity"
    shares = []
    for asked in (0.0, 0.3, 0.6, 0.9):
        result = run_ensemble(base.with_changes({address: asked}), replicates=400)
        pairs = ["us_infrastructure" in path and "china" in path for path in result.axes.path]
        shares.append(float(result.path_count[:, -1, pairs].sum(axis=1).mean()))
    assert all(more > less for more, less in pairwise(shares)), shares
    assert shares[3] < 0.3 * shares[0]


def test_the_limits_say_how_the_launch_compares_with_the_record() -> None:
    """The numbers of docs/limits.md on the baseline in November 2026, against `today`'s record."""
    result = run_ensemble(load_scenario("baseline"), replicates=1000, seed=1)
    now = result.axes.month.index("2026-11")
    holds = [
        [k for k, path in enumerate(result.axes.path) if offer in path]
        for offer in ("us_", "us_infrastructure")
    ]
    partners, builders = (result.path_count[:, now, paths].sum(axis=1) for paths in holds)
    made = load_scenario("today").initial.commitments
    record = {c.country for c in made if c.offer.startswith("us.")}
    built = {c.country for c in made if c.offer == "us.infrastructure"}
    offers = [o for o, name in enumerate(result.axes.offer) if name.startswith("us_")]
    month = result.month_signed[:, :, offers]
    signed = ((month >= 0) & (month <= now)).any(axis=2).mean(axis=0)
    known = np.isin(result.axes.country, sorted(record))
    pairs = signed[known][:, None] - signed[~known][None, :]
    above = ((pairs > 0) + 0.5 * (pairs == 0)).mean()
    limits = " ".join((ROOT / "docs" / "limits.md").read_text("utf-8").split())
    low, high = np.quantile(partners, (0.05, 0.95), method="inverted_cdf")
    least, most = np.quantile(builders, (0.05, 0.95), method="inverted_cdf")
    for words in (
        f"has {partners.mean():.0f} American partners by November 2026 "
        f"(90 % of futures: {low:.0f} to {high:.0f})",
        f"{IN_WORDS[round(builders.mean())]} of them in the infrastructure offer "
        f"({least:.0f} to {most:.0f})",
        f"record has {len(record)}, {IN_WORDS[len(built)]} of them in that offer",
        f"in {100 * above:.0f} % of these pairs",
    ):
        assert words in limits, f"the launch moves: write into docs/limits.md: {words}"
