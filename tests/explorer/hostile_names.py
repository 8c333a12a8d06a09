"""A scenario whose every name tries to be more than text."""

from __future__ import annotations

OUTSIDE = "http://outside.invalid/x.png"
ATTEMPTS = (
    "<script>window.hit=1</script>",
    f"<img src={OUTSIDE} onerror=window.hit=1>",
    f"![x]({OUTSIDE})",
    f'=HYPERLINK("{OUTSIDE}")',
    "$latex$ $$x^2$$",
    ":red[x] :material/bolt: :smile:",
    "# heading",
    "`code` **bold** [a](javascript:window.hit=1)",
    "&lt;b&gt; &#60;i&#62;",
    "{{7*7}} ${7*7} %s %d",
)
# Several at once, where a name has room for it.
ALL = " ".join(ATTEMPTS)[:190]


def quoted(text: str) -> str:
    """Return a text as YAML holds it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def hostile_scenario() -> str:
    """Return a scenario that runs, with hostile text wherever text is taken."""
    first, second, third = (quoted(text) for text in (ATTEMPTS[0], ATTEMPTS[1], ATTEMPTS[3]))
    return f"""\
name: hostile
extends: baseline
title: {quoted(ALL)}
description: {quoted(" ".join(ATTEMPTS))}
sources: [{", ".join(map(quoted, ATTEMPTS))}]
providers:
  us: {{title: {first}}}
  china: {{title: {second}}}
  third:
    title: {third}
    home: JPN
    offers:
      infrastructure: {{title: {quoted(ALL)}}}
levers:
  local_control:
    title: {quoted(ATTEMPTS[2])}
    explanation: {quoted(" ".join(ATTEMPTS))}
    source: {quoted(ALL)}
    stops: {{0.35: {quoted(ALL)}}}
events:
  - date: 2026-01
    title: {quoted(ALL)}
    source: {quoted(ALL)}
    shock: {{provider: us, size: 0.1}}
"""
