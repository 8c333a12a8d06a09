"""The files that ship with the package: scenarios, sweeps, documents, the entry of the explorer.

In the repository they are beside the package. In a wheel they are inside the package, where
``pyproject.toml`` puts them.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
_IN_WHEEL = PACKAGE / "shipped"


def shipped(*parts: str) -> Path:
    """Return a file or folder that ships with the package.

    Examples
    --------
    >>> shipped("scenarios", "baseline.yaml").is_file()
    True
    """
    root = _IN_WHEEL if _IN_WHEEL.is_dir() else PACKAGE.parent
    return root.joinpath(*parts)
