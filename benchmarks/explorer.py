"""Measure the explorer: a lever, a first page, playing, and many visitors at once.

``python -m benchmarks.explorer`` starts the real server on a free port of this machine, and stops
it again. It takes some two minutes with the usual settings. Nothing leaves the machine. Times
depend on what else runs there; the exit code says only whether something broke.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil

from benchmarks.explorer_page import (
    browsing,
    first_page,
    messages_while_playing,
    move_lever,
    visiting,
)
from benchmarks.explorer_script import split
from benchmarks.explorer_server import Server, serving
from benchmarks.visitors import THINK_SECONDS, Diary, visit_all

# What the server may take beyond what its store keeps: libraries, and a session for each visitor.
MOST_RESIDENT_MB = 1500


def spread(seconds: Sequence[float]) -> str:
    """Return median, 95th percentile and worst of some times."""
    if len(seconds) < 2:
        return f"{seconds[0]:.2f} s" if seconds else "none"
    p95 = statistics.quantiles(seconds, n=20)[-1] if len(seconds) >= 20 else max(seconds)
    median = statistics.median(seconds)
    return f"median {median:.2f} s, 95 % under {p95:.2f} s, worst {max(seconds):.2f} s"


def report_first_page() -> None:
    """Print what the first visitor waits for: at once after the start, and after warming up."""
    with browsing() as browser:
        for when in ("at once", "when warm"):
            with serving() as server:
                if when == "when warm":
                    print(f"warming up took {server.wait_until_ready():.1f} s")
                with visiting(browser) as page:
                    headline, world, whole = first_page(page, server.url)
                print(
                    f"first page, {when:9}  headline {headline:.2f} s, map {world:.2f} s, "
                    f"all {whole:.2f} s"
                )


def report_lever(repeats: int, futures: int) -> None:
    """Print what moving a lever to a fresh value takes in a browser, and where the time goes."""
    with browsing() as browser, serving() as server, visiting(browser) as page:
        server.wait_until_ready()
        first_page(page, f"{server.url}/?futures={futures}")
        page.wait_for_timeout(1000)
        known = len(server.runs())
        moves = move_lever(page, repeats)
        computed = [seconds for _, seconds in server.runs()[known:]]
        print(f"{len(moves)} moves of a lever, {futures} futures, {len(computed)} runs")
        print(f"  headline and map redrawn  {spread([move.map for move in moves])}")
        print(f"  whole page settled        {spread([move.done for move in moves])}")
        print(f"  of it compute             {spread(computed)}")
        print(f"  messages sent in playing  {messages_while_playing(page)}")
    parts = split(repeats, futures)
    print("the script of a page drawn whole, without server and browser")
    for name in parts[0]:
        print(f"  {name:24}  {spread([part[name] for part in parts])}")


@contextmanager
def watching_memory(server: Server, readings: list[float]) -> Iterator[None]:
    """Note the server's resident memory twice a second, in MB."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            readings.append(server.resident_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def report_load(visitors: int, seconds: float, futures: int) -> list[str]:
    """Print how many visitors at once fare; return what broke."""
    with serving() as server:
        server.wait_until_ready()
        before, readings = server.resident_mb(), [server.resident_mb()]
        begin = time.monotonic()
        with watching_memory(server, readings):
            diary = asyncio.run(visit_all(server.port, visitors, seconds, futures))
        lasted = time.monotonic() - begin
        time.sleep(2)
        after, runs = server.resident_mb(), server.runs()
        broken = [*diary.errors, *server.complaints()]
    _print_load(diary, visitors, lasted, runs)
    print(f"  resident memory           before {before:.0f}, peak {max(readings):.0f}, after "
          f"{after:.0f} MB")  # fmt: skip
    if max(readings) > MOST_RESIDENT_MB:
        broken.append(f"resident memory passed {MOST_RESIDENT_MB} MB")
    if len({key for key, _ in runs}) > len(diary.settings):
        broken.append("more scenarios were run than were asked for")
    return broken


def _print_load(
    diary: Diary, visitors: int, lasted: float, runs: Sequence[tuple[str, float]]
) -> None:
    low, high = THINK_SECONDS
    print(f"{visitors} visitors for {lasted:.0f} s, {low:g} to {high:g} s between moves")
    print(f"  first page                {spread(diary.first_seconds)}")
    print(f"  headline after a move     {spread(diary.headline_seconds)}")
    print(f"  whole page after a move   {spread(diary.seconds)}")
    print(f"  moves                     {len(diary.seconds)}")
    distinct = len({key for key, _ in runs})
    print(f"  scenarios asked for       {len(diary.settings)}")
    print(f"  runs computed             {len(runs)}, of {distinct} scenarios")
    print(f"  received                  {diary.n_bytes / 1e6:.0f} MB")
    print(f"  errors                    {len(diary.errors)}")


def main() -> int:
    """Run the measurements that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explorer", description=__doc__)
    parser.add_argument("--only", choices=["first", "lever", "load"])
    parser.add_argument("--repeats", type=int, default=20, help="moves of a lever, up to 39")
    parser.add_argument("--futures", type=int, default=500, choices=[200, 500, 1000, 2000])
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    load = psutil.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before the measurement")
    broken: list[str] = []
    if asked.only in (None, "first"):
        report_first_page()
    if asked.only in (None, "lever"):
        report_lever(min(asked.repeats, 39), asked.futures)
    if asked.only in (None, "load"):
        broken = report_load(asked.visitors, asked.seconds, asked.futures)
    for line in broken[:20]:
        print(f"BROKEN: {line}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
