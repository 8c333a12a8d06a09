"""Downloads as a spreadsheet reads them: numbers are numbers, and each file says where it is from."""

from __future__ import annotations

from app_pages import Downloaded, Open, plain

MOVED = {"a__local_control": "0.5", "b": "baseline", "b__local_control": "0.3"}


def test_changes_stand_in_the_order_of_the_page(open_page: Open, downloaded: Downloaded) -> None:
    at = open_page("country", **MOVED)
    text = " ".join(plain(block.value) for block in at.markdown)
    assert "Control that stays in the host country: 0.5 in A, 0.3 in B" in text
    row = downloaded("changes").iloc[0]
    assert row["what"] == "Control that stays in the host country"
    assert (row["A"], row["B"]) == (0.5, 0.3)
    assert row["scenario A, moved"] == "Control that stays in the host country: 0.5 instead of 0.35"
    assert row["scenario B, moved"] == "Control that stays in the host country: 0.3 instead of 0.35"
