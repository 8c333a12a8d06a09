"""Command lines run by one process: one after the other, or each in a child of it.

A process of its own takes a second or two to load libraries, for each command anew.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
THEN, NEXT = "then", "-- next --"
# Runs the commands that stand between the words "then"; each is followed by a line of its own.
ONE_BY_ONE = f"""
import itertools, sys
from sim.interfaces.cli.command_line import main
for is_then, words in itertools.groupby(sys.argv[1:], {THEN!r}.__eq__):
    if not is_then:
        sys.argv = ["alignsim", *words]
        if main(): raise SystemExit(1)
        print({NEXT!r}, flush=True)
"""
# Loads what commands need, and runs each command in a child, which then has to load little. A child
# ends as any process of Python does. It can be given a reader, or send itself a signal in the place
# of a function.
CHILDREN = """
import importlib, json, os, subprocess, sys, tempfile
import sim.data, sim.experiment.result, sim.interfaces.cli.run_commands, sim.interfaces.cli.verbs
from sim.interfaces.cli.command_line import main

def told(job):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        ours, theirs = os.pipe() if job["reader"] else (None, out.fileno())
        child = os.fork()
        if not child:
            if ours is not None:
                os.close(ours)
            os.dup2(theirs, 1)
            os.dup2(errors.fileno(), 2)
            return None
        statuses = []
        if ours is not None:
            os.close(theirs)
            read = subprocess.run(job["reader"], stdin=ours, stdout=out, stderr=errors)
            os.close(ours)
            statuses.append(read.returncode)
        statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        for file in out, errors:
            file.seek(0)
        return max(statuses, key=abs), out.read().decode(), errors.read().decode()

found = []
for job in json.loads(sys.argv[1]):
    said = told(job)
    if said is None:
        break
    found.append(said)
else:
    json.dump(found, sys.stdout)
    sys.exit()
if job["place"]:
    module, _, name = job["place"].rpartition(".")
    send = lambda *_, **__: os.kill(os.getpid(), job["signal"]) or 0
    setattr(importlib.import_module(module), name, send)
sys.argv = ["alignsim", *job["words"]]
sys.exit(main())
"""


class Ended(NamedTuple):
    """What a process left: its status, or that of its reader if that failed; and its words."""

    status: int
    out: str
    errors: str


def job(*words: str, reader: str = "", place: str = "", number: int = 0) -> dict[str, Any]:
    """Return a command for a child, with its reader, or the signal at a place in the code."""
    return {"words": words, "reader": reader.split(), "place": place, "signal": number}


def in_children(*jobs: dict[str, Any], **environment: str) -> list[Ended]:
    """Return what each of some commands leaves, one after the other, each in its own process."""
    done = subprocess.run(
        [sys.executable, "-c", CHILDREN, json.dumps(jobs)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=False,
        timeout=600,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    return [Ended(*found) for found in json.loads(done.stdout)]
