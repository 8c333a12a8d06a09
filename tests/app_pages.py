"""What the tests of the explorer's pages share."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
from streamlit.testing.v1 import AppTest

Downloaded = Callable[[str], pd.DataFrame]
Open = Callable[..., AppTest]


def plain(text: str) -> str:
    """Return Markdown as it is read: without marks of markup and signs of print."""
    return re.sub(r"\\(.)", r"\1", text).replace("\u00a0", " ").replace("\u2212", "-")
