"""Generated sections of a page, between two markers that readers do not see."""

from __future__ import annotations


def fill_sections(page: str, sections: dict[str, str]) -> str:
    r"""Return a page with the text between its section markers replaced.

    Examples
    --------
    >>> fill_sections("<!-- begin a -->old<!-- end a -->", {"a": "new"})
    '<!-- begin a -->\nnew\n<!-- end a -->'
    """
    for name, text in sections.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        before, rest = page.split(begin)
        _, after = rest.split(end)
        page = f"{before}{begin}\n{text}\n{end}{after}"
    return page


def markdown_table(rows: list[list[str]], heads: list[str]) -> str:
    r"""Return rows of cells as a table.

    Examples
    --------
    >>> markdown_table([["a", "1"]], ["name", "value"])
    '| name | value |\n|---|---|\n| a | 1 |'
    """
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
