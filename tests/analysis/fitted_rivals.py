"""Rivals that are fitted once to what several tests let them learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pytest

from sim.analysis.backtests.rivals import estimators

_FITS: dict[tuple[Any, ...], Any] = {}


@contextmanager
def fitted_once() -> Iterator[None]:
    """Fit rivals once to the same facts of the same training part; most of their time is that."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("logit", "splines", "boosting"):
            patch.setattr(estimators, name, _remembering(name, getattr(estimators, name)))
        yield


def _remembering(name: str, fit: Callable[[Any, pd.DataFrame], Any]) -> Callable[..., Any]:
    def fitted(facts: Any, train: pd.DataFrame) -> Any:
        content = pd.util.hash_pandas_object(train).to_numpy().tobytes()
        key = (name, facts, tuple(train.columns), content)
        if key not in _FITS:
            _FITS[key] = fit(facts, train)
        return _FITS[key]

    return fitted
