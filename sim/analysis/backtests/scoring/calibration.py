"""How often countries join that were given about the same probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiment.intervals import HIGH, LOW

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

BINS = 10


def quantile_bins(probability: Array, n_bins: int = BINS) -> NDArray[np.int64]:
    """Return the bin of each probability, (n,); the edges are quantiles, as in scikit-learn.

    Equal probabilities share a bin, so that bins may be empty.

    Examples
    --------
    >>> quantile_bins(np.array([0.1, 0.2, 0.3, 0.4]), 2).tolist()
    [0, 0, 1, 1]
    """
    edges = np.percentile(probability, np.linspace(0.0, 1.0, n_bins + 1) * 100.0)
    return np.searchsorted(edges[1:-1], probability)


def calibration(joined: NDArray[np.bool_], probability: Array, n_bins: int = BINS) -> pd.DataFrame:
    """Return the calibration curve, one row for each bin that has countries.

    Parameters
    ----------
    joined, probability : ndarray, shape (n,)
        What countries did, and what was predicted; of one programme, or of several in a row.
    n_bins : int
        Bins, each with about as many countries.

    Returns
    -------
    DataFrame
        predicted (mean probability), observed (share that joined), low and high (Wilson's 90 %
        interval of that share, countries taken as independent), countries.

    Examples
    --------
    >>> calibration(np.array([False, False, True, True]), np.array([0.1, 0.1, 0.8, 0.8]), 2)
       predicted  observed       low      high  countries
    0        0.1       0.0  0.000000  0.574969          2
    1        0.8       1.0  0.425031  1.000000          2
    """
    import pandas as pd
    from scipy import stats
    from sklearn.calibration import calibration_curve

    observed, predicted = calibration_curve(joined, probability, n_bins=n_bins, strategy="quantile")
    countries = np.bincount(quantile_bins(probability, n_bins))
    countries = countries[countries > 0]
    ends = [
        stats.binomtest(round(share * n), n).proportion_ci(HIGH - LOW, method="wilson")
        for share, n in zip(observed, countries.tolist(), strict=True)
    ]
    return pd.DataFrame(
        {
            "predicted": predicted,
            "observed": observed,
            "low": [end.low for end in ends],
            "high": [end.high for end in ends],
            "countries": countries,
        }
    )
