"""How the reading commands say what they found, and write it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.interfaces.cli.output import notice, records, show_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.analysis.answers import Answer

_WIDTH = 92
_COMMAND = ": alignsim "


def show_answer(
    found: Answer, chart_name: str, out: Path | None, as_json: bool, quiet: bool
) -> None:
    """Write what was found, if asked to, and print it: sentences, or data for machines.

    Parameters
    ----------
    found : Answer
    chart_name : str
        One of `sim.interfaces.charts.CHARTS`.
    out : Path or None
        Folder for tables and picture.
    as_json, quiet : bool
        As the options say.
    """
    if out is not None:
        _write(found, chart_name, out, is_silent=as_json or quiet)
    if as_json:
        tables: dict[str, Any] = {table.name: records(table.frame) for table in found.tables()}
        show_json({"sentences": found.sentences(), **tables})
        return
    if not quiet:
        print("\n".join(wrapped(found.sentences())))
    if out is not None:
        print(out if quiet else f"Tables: {out}")


def wrapped(sentences: Iterable[str]) -> list[str]:
    """Return sentences as lines of a terminal; no line breaks before a sign of per cent.

    A command at the end of a sentence has a line of its own, however long: so it can be copied.
    """
    lines = []
    for said in sentences:
        sentence, mark, command = said.partition(_COMMAND)
        sentence += ":" if mark else ""
        joined = sentence.replace(" %", "\u00a0%").replace("± ", "±\u00a0")
        wrapped = textwrap.wrap(joined, _WIDTH, subsequent_indent="  ")
        lines += [line.replace("\u00a0", " ") for line in wrapped]
        lines += [f"  {_COMMAND[2:]}{command}"] if mark else []
    return lines


def _write(found: Any, chart_name: str, out: Path, is_silent: bool) -> None:
    from sim.analysis.written import write_files
    from sim.interfaces.charts import chart
    from sim.interfaces.pictures import picture_files

    found.write(out)
    files = picture_files(chart_name, chart(found, chart_name))
    write_files(out, files)
    if len(files) == 1 and not is_silent:
        notice(
            f"note: the picture is written as {chart_name}.vl.json, which programs that draw "
            "Vega-Lite show. For an SVG too: pip install 'alignsim[pictures]'."
        )
