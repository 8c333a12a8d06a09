"""Drafts, and what the tests of the editor ask of a page."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from app_pages import plain

GOOD = """\
# a comment that stays
name: more-control
extends: baseline
title: More control
description: Data, keys and model weights stay in the country.
providers:
  us:
    linkage: 0.2    # why
    offers:
      infrastructure: {local_control: 0.8}
"""
# Starts after every scenario of the folder has ended.
LATER = """\
name: later
extends: baseline
title: After all the others
description: The offers of the launch, made anew in 2032.
horizon: {start: 2032-01, end: 2033-12}
"""
# American offers whose answers are on record, or (with null) are not.
ANSWERED = """\
name: answered
extends: {extends}
title: Offers with a record
description: The American offers name the programme whose rows answer them.
sources: ["None: a test"]
providers:
  us:
    offers:
      infrastructure: {{programme: {programme}}}
      adoption: {{programme: {programme}}}
"""
TWINS = """name: twins
title: Two levers of one title
description: Both are called as columns of the file are.
extends: baseline
levers:
  data_centre_size: null
  value:
    target: providers.us.offers.infrastructure.data_centre_mw_min
    low: 0
    high: 2000
    title: Size of a data centre
    explanation: How large.
    source: Assumption
  low:
    target: providers.us.offers.infrastructure.data_centre_mw_max
    low: 0
    high: 2000
    title: Size of a data centre
    explanation: How large.
    source: Assumption
"""


def text_of(at: AppTest) -> str:
    return str(at.text_area(key="editor.text").value)


def click_through(at: AppTest, label: str) -> None:
    """Click a button that leads to Explore; the test's own page does not follow by itself."""
    button(at, label).click().run()
    assert not at.exception
    at.switch_page("sim/interfaces/pages/explore.py").run()


def button(at: AppTest, label: str) -> Any:
    return next(found for found in at.button if found.label == label)


def errors(at: AppTest) -> list[str]:
    return [plain(error.value).replace("  \n", "\n  ") for error in at.error]


def said(at: AppTest) -> str:
    return " ".join(plain(block.value) for kind in (at.caption, at.success, at.warning, at.info,
                                                    at.markdown) for block in kind)  # fmt: skip
