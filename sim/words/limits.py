"""What no figure of the model can say: a claim, and the ground for it."""

from __future__ import annotations

LIMITS_TITLE = "Limits, before you quote a number"
LIMITS = (
    ("It compares scenarios. It does not forecast.",
     "Prefer “raises the probability by ten points” to “the probability is 62 %”: two scenarios "
     "share their random numbers, and much of what is wrong with both cancels in the difference."),
    ("Most of its numbers are assumptions.",
     "What draws a country to one side, how soon it looks at an offer and how popular a launch "
     "turns out come from earlier programmes. What a package is worth and what dependence costs "
     "do not: futures draw them from ranges, and the ranges are judgements. A "
     "result that flips within the ranges is not a result."),
    ("A probability is a share of simulated futures, not a betting price.",
     "Its interval says how the probability varies over the stated ranges of the uncertain "
     "numbers. It does not cover omissions, wrong formulas or wrong ranges."),
    ("More futures give precision, not accuracy.",
     "They pin down what the model says, and leave it as right or wrong as before."),
    ("Each state acts as one person.",
     "There are no firms, parties, elections or voters, except as dated events of a scenario. "
     "Providers do not plan, and nobody looks ahead."),
    ("The record is short and seen from one side.",
     "It holds what was announced, mostly in English, and not what was quietly declined. Chinese "
     "offers are pieced together from a few deals: statements about them are the least certain."),
    ("Facts for small states are often estimated.",
     "A result about a country with many estimated facts is a result about countries like it."),
)  # fmt: skip
