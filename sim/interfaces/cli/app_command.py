"""The command that opens the explorer."""

from __future__ import annotations

from typing import Annotated

import typer

Port = Annotated[
    int | None,
    typer.Option("--port", min=1, max=65535, help="Port; 8501 or a free one near it unless given."),
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help="Do not open a browser; only print the address.")
]


def app(port: Port = None, no_browser: NoBrowser = False) -> None:
    """Open the what-if explorer in the browser.

    It listens on this machine only, and shows the scenarios and results of the current folder.
    Ctrl-C ends it. Streamlit's own settings apply too, such as STREAMLIT_SERVER_PORT=8600.

    \b
    Example:
      alignsim app
    """  # noqa: D301 (the mark keeps click from joining the lines)
    from streamlit.web.cli import main as streamlit

    from sim.scenario.reading.shipped import shipped

    options = [] if port is None else ["--server.port", str(port)]
    if no_browser:
        options += ["--server.headless", "true"]
    streamlit(["run", str(shipped("app.py")), *options], standalone_mode=False)
