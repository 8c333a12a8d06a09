"""A real server of the explorer on a free port of this machine, its memory and its log."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

from sim.interfaces.explorer.state.plain_log import UNEXPECTED

ROOT = Path(__file__).parents[1]
# The kernels may have to be compiled first.
START_SECONDS = 300
STOP_SECONDS = 10
_COMPUTED = re.compile(r"computed (\(.*\)) in ([0-9.]+) s")
_READY = re.compile(r"ready in ([0-9.]+) s")


def streaming(port: int, *words: str) -> connect:
    """Return the connection over which a page of the explorer talks, for ``async with``.

    Parameters
    ----------
    port : int
        Of the server, on 127.0.0.1.
    words : str
        What a browser says after the name of the protocol.
    """
    own = f"127.0.0.1:{port}"
    return connect(
        f"ws://{own}/_stcore/stream",
        origin=Origin(f"http://{own}"),
        subprotocols=[Subprotocol(word) for word in ("streamlit", *words)],
        max_size=None,
    )


@dataclass(frozen=True)
class Server:
    """A running server.

    Parameters
    ----------
    port : int
        On 127.0.0.1.
    process : subprocess.Popen
        The server itself; it has no children.
    log : Path
        What it has written.
    """

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Address of the first page."""
        return f"http://127.0.0.1:{self.port}"

    def resident_mb(self) -> float:
        """Return the resident memory of the server, in MB."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6

    def runs(self) -> list[tuple[str, float]]:
        """Return scenario, futures, seed and months, and seconds, of each run made so far."""
        found = _COMPUTED.findall(self.log.read_text("utf-8", "replace"))
        return [(key, float(seconds)) for key, seconds in found]

    def wait_until_ready(self) -> float:
        """Wait until the server has warmed up; return how long that took it, in seconds."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            found = _READY.search(self.log.read_text("utf-8", "replace"))
            if found:
                return float(found[1])
            time.sleep(0.05)
        raise RuntimeError("the server never got ready")

    def complaints(self) -> list[str]:
        """Return what in the log should not be there."""
        text = self.log.read_text("utf-8", "replace")
        found = [] if self.process.poll() is None else ["the server has stopped"]
        signs = ("Traceback", UNEXPECTED)
        return found + [line for line in text.splitlines() if any(sign in line for sign in signs)]


def free_port() -> int:
    """Return a port of this machine that nobody listens on.

    Those that systems give out by themselves are avoided: until the server has it, the next
    connection of a browser could take it.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(**environment: str) -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it at the end.

    Parameters
    ----------
    **environment : str
        Variables on top of our own.

    Raises
    ------
    RuntimeError
        If it does not start.
    """
    with TemporaryDirectory() as folder:
        port, log = free_port(), Path(folder) / "log"
        command = [sys.executable, "-m", "benchmarks.logged_server"]
        command += ["--server.port", str(port), "--server.headless", "true"]
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=os.environ | environment,
            )
        server = Server(port, process, log)
        try:
            _wait(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_SECONDS)


def _wait(server: Server) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.process.poll() is None:
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"the server did not start:\n{server.log.read_text('utf-8', 'replace')}")
