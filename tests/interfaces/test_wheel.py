"""The wheel alone, in an empty folder: scenarios, sweeps, facts and the explorer come with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from benchmarks.explorer_server import START_SECONDS, STOP_SECONDS, free_port
from children import NEXT, ONE_BY_ONE, THEN

ROOT = Path(__file__).parents[2]
# What the explorer reads besides its code.
FILES_OF_PAGES = """
from sim.analysis.evidence import load_evidence
from sim.interfaces.explorer.controls.documents import DOCUMENTS, document
from sim.interfaces.explorer.state.page_list import FOLDER, PAGES
print(all(len(document(name)) > 1000 for name in DOCUMENTS))
print(load_evidence().titles["artemis-accords"])
print(all((FOLDER / f"{name}.py").is_file() for name in PAGES))
"""
# Neither this folder nor the editable installation of the checkout is on the path of the process.
PATH = "import sys; sys.path[:0] = {places!r}; sys.argv[0] = 'alignsim'\n"
COMMAND_LINE = "from sim.interfaces.cli.command_line import main; sys.exit(main())"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel without a network."""
    folder = tmp_path_factory.mktemp("dist")
    options = ["--quiet", "--no-build-isolation", "--no-deps", "--no-index", "-w", str(folder)]
    command = [sys.executable, "-m", "pip", "wheel", *options, str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str]]:
    """Install the wheel where nothing else is; return what makes a command of a program."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    libraries = sysconfig.get_paths()
    places = [str(folder), libraries["platlib"], libraries["purelib"]]
    start = PATH.format(places=places)
    return lambda program: [sys.executable, "-I", "-S", "-c", start + program]


@pytest.fixture(scope="module")
def alignsim(python: Callable[[str], list[str]]) -> list[str]:
    """Return the beginning of a command line."""
    return python(COMMAND_LINE)


@pytest.fixture
def run(python: Callable[[str], list[str]], tmp_path: Path) -> Callable[..., list[str]]:
    """Return what runs some commands in one process, and says what each printed."""

    def call(*commands: str) -> list[str]:
        words = f" {THEN} ".join(commands).split()
        said = subprocess.run(
            [*python(ONE_BY_ONE), *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )
        assert (said.returncode, said.stderr) == (0, "")
        found = said.stdout.split(f"{NEXT}\n")
        assert len(found) == len(commands) + 1
        return found[:-1]

    return call


def test_the_wheel_has_one_copy_of_what_ships(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        for folder in ("scenarios", "scenarios/sweeps"):
            for path in (ROOT / folder).glob("*.*"):
                name = f"sim/shipped/{folder}/{path.name}"
                assert archive.read(name) == path.read_bytes()
    assert len(names) == len(set(names))
    assert not [name for name in names if not name.startswith(("sim/", "alignsim-"))]


def test_scenarios_and_sweeps_are_found_by_name(
    run: Callable[..., list[str]], tmp_path: Path
) -> None:
    listed, folder, _, country = run(
        "scenarios --json",
        "run third-way -n 4 -q",
        "sweep control-and-linkage -n 1 -q",
        "countries KOR",
    )
    assert {entry["name"] for entry in json.loads(listed)} == {
        path.stem for path in (ROOT / "scenarios").glob("*.yaml")
    }
    assert (tmp_path / folder.strip() / "manifest.json").is_file()
    assert country.startswith("South Korea (KOR)\n")


def test_a_scenario_of_ones_own_extends_one_that_ships(
    run: Callable[..., list[str]], tmp_path: Path
) -> None:
    (tmp_path / "scenarios").mkdir()
    text = "name: mine\nextends: baseline\ntitle: Mine\ndescription: Mine.\n"
    (tmp_path / "scenarios" / "mine.yaml").write_text(text, "utf-8")
    *_, listed = run("validate mine", "validate scenarios/mine.yaml", "scenarios")
    assert {"baseline: The offers", "mine: Mine"} <= {
        line[:20].strip() for line in listed.splitlines()
    }


def test_the_explorer_has_its_pages_and_documents(
    python: Callable[[str], list[str]], tmp_path: Path
) -> None:
    said = subprocess.run(
        python(FILES_OF_PAGES), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert said.stdout == "True\nArtemis Accords\nTrue\n", said.stderr


def answer(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        return bytes(response.read())


def test_the_explorer_is_served_from_the_wheel(alignsim: list[str], tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    command = [*alignsim, "app", "--no-browser", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=tmp_path, stdout=out, stderr=subprocess.STDOUT, env=dict(os.environ)
        )
    try:
        end = time.monotonic() + START_SECONDS
        page = b""
        while not page and server.poll() is None and time.monotonic() < end:
            with suppress(urllib.error.URLError, OSError):
                page = answer(f"http://127.0.0.1:{port}/")
            time.sleep(0.05)
        assert b"<html" in page, log.read_text("utf-8", "replace")
        # The shipped settings hold: Streamlit's own would have it listen on every address.
        listening = [
            connection.laddr.ip
            for connection in psutil.Process(server.pid).net_connections(kind="inet")
            if connection.status == psutil.CONN_LISTEN
        ]
        assert listening == ["127.0.0.1"]
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)
    assert "Traceback" not in log.read_text("utf-8", "replace")
