"""The numbers of a result that reports quote first."""

from __future__ import annotations

from typing import Any


def totals_of(result: Any) -> dict[str, Any]:
    """Return the row of a result with the partners of the United States."""
    table = result.totals
    own = table[(table["provider"] == "us") & (table["outcome"] == "n_countries")]
    return dict(own.to_dict("records")[0])
