"""Peer weights: rows sum to one, nobody is alone, channels weigh what they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.data import build_features, load_facts, load_parameters
from sim.data.features.peers import CHANNELS, mix_channels, peers

FACTS = load_facts()
PARAMETERS = {name: row.default for name, row in load_parameters().items()}
FEATURES = build_features(FACTS, {"us": ("USA",)}, PARAMETERS, "2025-05")
W = FEATURES.peers
COUNTRIES = list(FACTS.countries.index)


def test_rows_sum_to_one_and_nobody_watches_himself() -> None:
    assert W.shape == (197, 197)
    assert list(W.index) == list(W.columns) == COUNTRIES
    np.testing.assert_allclose(W.sum(axis=1), 1.0, rtol=1e-12)
    assert (np.diag(W) == 0).all()
    assert (W.to_numpy() >= 0).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(COUNTRIES), min_size=2, max_size=197, unique=True))
def test_any_selection_of_countries_has_peers(agents: list[str]) -> None:
    weights = FEATURES.peer_weights(agents)
    assert weights.shape == (len(agents), len(agents))
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-12)
    assert (np.diag(weights) == 0).all()


def test_order_of_countries_does_not_matter() -> None:
    agents = ["KOR", "JPN", "BRA", "FRA", "KEN"]
    forward, backward = FEATURES.peer_weights(agents), FEATURES.peer_weights(agents[::-1])
    np.testing.assert_allclose(forward, backward[::-1, ::-1], rtol=1e-14, strict=True)


def test_a_single_country_has_no_peers() -> None:
    with pytest.raises(ValueError, match="at least two countries"):
        FEATURES.peer_weights(["KOR"])


@pytest.mark.parametrize(
    ("country", "watched", "ignored"),
    [
        ("KOR", "JPN", "PRK"),
        ("BRA", "ARG", "KEN"),
        ("ARE", "SAU", "BRA"),
        ("FRA", "DEU", "SUR"),
        ("KEN", "ETH", "JPN"),
        ("NZL", "AUS", "BRA"),
    ],
)
def test_who_watches_whom(country: str, watched: str, ignored: str) -> None:
    agents = [iso3 for iso3 in COUNTRIES if iso3 not in {"USA", "CHN"}]
    row = dict(zip(agents, FEATURES.peer_weights(agents)[agents.index(country)], strict=True))
    assert max(row, key=lambda iso3: row[iso3]) == watched
    assert row[ignored] < row[watched] / 5


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_alone_gives_everyone_peers(channel: str) -> None:
    # A tiny rest keeps countries that lack the channel from being alone.
    shares = {f"peer_{name}": 1.0 if name == channel else 1e-6 for name in CHANNELS}
    weights = peers(FACTS, {**PARAMETERS, **shares}, "2025-05")
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-12)
    assert (np.diag(weights) == 0).all()


def test_size_counts_as_the_parameter_says() -> None:
    alike = peers(FACTS, {**PARAMETERS, "peer_size_exponent": 0.0}, "2025-05")
    assert alike["PRK"]["KOR"] > W["PRK"]["KOR"]
    assert alike["JPN"]["KOR"] < W["JPN"]["KOR"]


@given(
    arrays(float, (5, 5), elements=st.floats(0, 10)),
    arrays(float, (5, 5), elements=st.floats(0.1, 10)),
    st.floats(0.01, 1),
)
def test_mixtures_are_weights(
    first: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    second: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    share: float,
) -> None:
    mixture = mix_channels({"a": first, "b": second}, {"a": share, "b": 1 - share + 0.01})
    np.testing.assert_allclose(mixture.sum(axis=1), 1.0, rtol=1e-9)
    assert (np.diag(mixture) == 0).all()


def test_a_country_with_nothing_in_a_channel_that_counts_has_no_peers() -> None:
    shares = {f"peer_{name}": float(name == "alliance") for name in CHANNELS}
    features = build_features(FACTS, {"us": ("USA",)}, PARAMETERS | shares, "2025-05")
    total = features.peers.sum(axis=1)
    assert total["AFG"] == 0
    assert total["KOR"] == pytest.approx(1)
    assert not features.peers.isna().any(axis=None)
    # Each has an ally, and none of the two is the other's.
    np.testing.assert_array_equal(features.peer_weights(["KOR", "PRK"]), np.zeros((2, 2)))
