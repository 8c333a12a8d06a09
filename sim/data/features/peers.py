"""The peer weights W: whose choices a country watches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.data.facts import Facts
from sim.data.relations import FLOWS, rows_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

CHANNELS = ("alliance", "region", "border", "trade", "ideal_point")


def alliance_channel(facts: Facts, as_of: str) -> Matrix:
    """Return 1 for pairs bound by a mutual-defence treaty in practice by a month, else 0."""
    matrix = np.zeros((len(facts.row), len(facts.row)))
    for parties in facts.agreements.values():
        bound = [p.iso3 for p in parties if p.kind == "mutual_defence" and p.is_bound(as_of)]
        place = rows_at(facts.row, bound)
        matrix[np.ix_(place, place)] = 1.0
    return matrix


def region_channel(facts: Facts) -> Matrix:
    """Return 1 for pairs of the same UN sub-region, else 0."""
    region = facts.countries["un_subregion"].to_numpy(dtype=str)
    return np.asarray(region[:, None] == region[None, :], dtype=float)


def border_channel(facts: Facts, sea_scale_km: float) -> Matrix:
    """Return 1 for land neighbours and exp(-gap / peer_sea_scale_km) for sea neighbours."""
    dyads = facts.dyads
    matrix = np.zeros((len(facts.row), len(facts.row)))
    a, b = (rows_at(facts.row, dyads[side].tolist()) for side in ("iso3_a", "iso3_b"))
    by_sea = np.exp(-dyads["sea_gap_km"].to_numpy() / sea_scale_km)
    weight = np.where(dyads["land_border"] == 1, 1.0, np.nan_to_num(by_sea))
    matrix[a, b] = matrix[b, a] = weight
    return matrix


def trade_channel(facts: Facts) -> Matrix:
    """Return the mean of listed export and import shares; an unlisted partner counts as zero.

    As of an earlier month the lists are known for two partners only, so the channel is empty.
    """
    if facts.vintage is not None:
        return np.zeros((len(facts.countries), len(facts.countries)))
    flows = [facts.listed_shares[flow].fillna(0.0).to_numpy() for flow in FLOWS]
    return np.asarray((flows[0] + flows[1]) / 2)


def ideal_point_channel(facts: Facts, bandwidth: float) -> Matrix:
    """Return a Gaussian kernel on the distance of UN ideal points."""
    x = facts.countries["un_ideal_point_mean5"].to_numpy()
    return np.asarray(np.exp(-0.5 * ((x[:, None] - x[None, :]) / bandwidth) ** 2))


def mix_channels(channels: Mapping[str, Matrix], shares: Mapping[str, float]) -> Matrix:
    """Return the mixture of channels: rows sum to 1, the diagonal is 0.

    Each channel is normalised by row and weighted by its share. If a country has nothing in a
    channel, that share is spread over its other channels in proportion. A country with nothing in
    any channel with a share has no peers: its row is 0.

    Examples
    --------
    >>> ring = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> mix_channels({"a": ring, "b": np.zeros((2, 2))}, {"a": 0.1, "b": 0.9}).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    size = len(next(iter(channels.values())))
    mixture = np.zeros((size, size))
    for name, channel in channels.items():
        mixture += shares[name] * shares_of_rows(channel * (1 - np.eye(size)))
    return shares_of_rows(mixture)


def shares_of_rows(values: Matrix) -> Matrix:
    """Return values divided by the sum of their row; a row of zeros stays zero.

    Examples
    --------
    >>> shares_of_rows(np.array([[1.0, 3.0], [0.0, 0.0]])).tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    total = values.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.zeros_like(values), where=total > 0))


def peers(facts: Facts, parameters: Mapping[str, float], as_of: str) -> pd.DataFrame:
    """Return the peer weights W by country (rows) and peer (columns).

    Formula: a mixture of five channels with the shares peer_alliance, peer_region, peer_border,
    peer_trade and peer_ideal_point. Each channel is multiplied by the peer's GDP to the power
    peer_size_exponent (except trade, which already follows size) and normalised by row. As of an
    earlier month no lists of partners are on record, and the share of trade goes to the other
    channels. Sources: treaties.csv, UN M49, Natural Earth, Factbook, UN ideal points. Assumptions:
    the shares, and that large peers are watched more, though less than in proportion: Seoul looks
    to Tokyo before Pyongyang.
    """
    size = facts.countries["gdp_usd"].to_numpy() ** parameters["peer_size_exponent"]
    channels = {
        "alliance": alliance_channel(facts, as_of) * size,
        "region": region_channel(facts) * size,
        "border": border_channel(facts, parameters["peer_sea_scale_km"]) * size,
        "trade": trade_channel(facts),
        "ideal_point": ideal_point_channel(facts, parameters["peer_ideal_bandwidth"]) * size,
    }
    shares = {name: parameters[f"peer_{name}"] for name in CHANNELS}
    index = facts.countries.index
    return pd.DataFrame(mix_channels(channels, shares), index=index, columns=index)
