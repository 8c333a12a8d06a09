"""A forecast under many weightings of its countries, and what several scores share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.analysis.backtests.scoring import timing, weighted
from sim.analysis.backtests.scoring.calibration import quantile_bins
from sim.analysis.backtests.scoring.forecast import Forecast

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WeightedForecast:
    """A forecast and B weightings of its n countries.

    Parameters
    ----------
    forecast : Forecast
        Predicted and on record.
    weight : ndarray, shape (B, n)
        How often each country counts in each weighting.
    """

    forecast: Forecast
    weight: Array

    def mean(self, value: Array) -> Array:
        """Return the mean of a value of each country under each weighting, (B,)."""
        return weighted.weighted_mean(value, self.weight)

    @property
    def unknown(self) -> Array:
        """NaN for each weighting, where the forecast does not say what a score needs."""
        return np.full(len(self.weight), np.nan)

    @cached_property
    def share(self) -> Array:
        """Share of countries that joined, (B,)."""
        return self.mean(self.forecast.joined.astype(np.float64))

    @cached_property
    def entropy(self) -> Array:
        """Log score of a forecast that gives this share to every country, (B,)."""
        from scipy import special

        return np.asarray(special.entr(self.share) + special.entr(1.0 - self.share))

    @cached_property
    def log_score(self) -> Array:
        """Log score of the forecast, (B,)."""
        own = self.forecast
        return self.mean(weighted.log_loss(own.joined, own.clipped(own.probability)))

    @cached_property
    def reference_log_score(self) -> Array:
        """Log score of the base rate, (B,); of the share in this weighting if none is given."""
        own = self.forecast
        if own.base_rate is None:
            return self.entropy
        return self.mean(weighted.log_loss(own.joined, np.asarray(own.reference_rate)))

    @cached_property
    def log_score_at_count(self) -> Array:
        """Log score after the shift that makes the number of joiners right, (B,)."""
        own = self.forecast
        p = weighted.shift_to_count(own.joined, own.clipped(own.probability), self.weight)
        loss = weighted.log_loss(own.joined, p)
        # A country without weight may have lost all probability of what it did.
        loss = np.where(self.weight > 0.0, loss, 0.0)
        return weighted.divided((loss * self.weight).sum(axis=1), self.weight.sum(axis=1))

    @cached_property
    def brier(self) -> Array:
        """Brier score of the forecast, (B,)."""
        return self.mean((self.forecast.joined - self.forecast.probability) ** 2)

    @cached_property
    def reference_brier(self) -> Array:
        """Brier score of the base rate, (B,); of the share in this weighting if none is given."""
        if self.forecast.base_rate is None:
            return np.asarray(self.share * (1.0 - self.share))
        return self.mean(np.asarray((self.forecast.joined - self.forecast.base_rate) ** 2))

    @cached_property
    def brier_parts(self) -> weighted.BrierParts:
        """Parts of the Brier score; the bins are those of all countries in every weighting."""
        own = self.forecast
        bins = quantile_bins(own.probability)
        return weighted.brier_parts(own.joined, own.probability, bins, self.weight)

    @cached_property
    def auc(self) -> Array:
        """Area under the ROC curve, (B,)."""
        return weighted.auc(self.forecast.joined, self.forecast.probability, self.weight)

    @cached_property
    def hits(self) -> Array:
        """Share of joiners among the most probable countries, (B,)."""
        return weighted.hits(self.forecast.joined, self.forecast.probability, self.weight)

    @cached_property
    def concordance(self) -> Array:
        """Harrell's concordance, (B,).

        The risk is the expected number of months as a member; where months are not predicted, the
        probability of joining.
        """
        own = self.forecast
        if own.month is None:
            return self.unknown
        risk = own.probability if own.by_month is None else own.by_month.sum(axis=1)
        return timing.concordance(own.joined, own.month, risk, self.weight)

    @cached_property
    def integrated_brier(self) -> Array:
        """Brier score of having joined by each month, averaged over months, (B,)."""
        own = self.forecast
        if own.month is None or own.by_month is None:
            return self.unknown
        return timing.integrated_brier(own.joined, own.month, own.by_month, self.weight)

    @cached_property
    def reference_integrated_brier(self) -> Array:
        """Integrated Brier score of each month's share of joiners, (B,)."""
        own = self.forecast
        if own.month is None or own.by_month is None:
            return self.unknown
        return timing.integrated_brier_of_shares(
            own.joined, own.month, own.by_month.shape[1], self.weight
        )
