"""Terminals, pipes and devices: what a command does where its output or its names are odd."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import platformdirs
import pytest

from children import NEXT, ONE_BY_ONE, THEN, Ended, in_children, job
from shell import Shell

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small.yaml"
MAIN = [sys.executable, "-m", "sim.interfaces.cli.command_line"]
COMMANDS = ("countries", "scenarios", "schema", "run -h", "countries KOR", "validate baseline")
RUN = f"run {SMALL} -n 4"
SWEEP = "name: two\ntitle: Two\ndescription: Two.\nscenario: small\nreplicates: 2\n"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a shell of POSIX")


def shell_line(
    line: str, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a line in a shell, where `alignsim` is the command, with the status of its pipes."""
    function = f'set -o pipefail; alignsim() {{ "{sys.executable}" -m {MAIN[2]} "$@"; }}; '
    return subprocess.run(
        ["bash", "-c", function + line],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=False,
        timeout=300,
    )


READERS = ("head -1", "head -c 0")


@cache
def left_to_readers(unbuffered: str) -> dict[tuple[str, str], Ended]:
    asked = [(command, reader) for command in COMMANDS for reader in READERS]
    jobs = [job(*command.split(), reader=reader) for command, reader in asked]
    return dict(zip(asked, in_children(*jobs, PYTHONUNBUFFERED=unbuffered), strict=True))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_enough_is_no_failure(command: str, unbuffered: str) -> None:
    for reader in READERS:
        found = left_to_readers(unbuffered)[command, reader]
        assert (found.status, found.errors) == (0, ""), (reader, found)
        assert found.out.count("\n") == (reader == "head -1")
        assert found.out == "" or reader == "head -1"


def test_a_reader_that_has_enough_is_no_failure_for_a_process_of_its_own() -> None:
    said = shell_line("alignsim schema | head -1")
    assert (said.returncode, said.stderr) == (0, b"")


def test_what_a_command_found_is_its_status_also_without_a_reader() -> None:
    bad = ROOT / "tests" / "data" / "bad_tag.yaml"
    said = shell_line(f"alignsim validate {bad} baseline | head -c 0")
    assert said.returncode == 2


@pytest.mark.parametrize(
    ("tail", "status", "words"),
    [
        (">/dev/full", 1, b"cannot write to the standard output: No space left on device."),
        ("2>/dev/full", 0, b""),
        ("2>&1 | head -c 0", 0, b""),
        (">&-", 0, b"futures in"),
        ("2>&-", 0, b""),
        ("<&-", 0, b"futures in"),
    ],
)
def test_a_run_is_kept_whatever_becomes_of_its_output(
    tmp_path: Path, tail: str, status: int, words: bytes
) -> None:
    said = shell_line(f"alignsim {RUN} --results {tmp_path} {tail}")
    assert said.returncode == status
    assert words in said.stderr
    assert b"Traceback" not in said.stderr
    assert b"Exception ignored" not in said.stderr
    (folder,) = (tmp_path / "small").iterdir()
    assert (folder / "manifest.json").is_file()


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Return a folder whose name is not UTF-8, with a scenario and a sweep in it."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sc\xe9nario"))
    (folder / "sweeps").mkdir(parents=True)
    shutil.copy(SMALL, folder)
    sweep = folder / "sweeps" / "two.yaml"
    sweep.write_text(f"{SWEEP}points_file: points.csv\n", "utf-8")
    sweep.with_name("points.csv").write_text("local_control\n0.2\n0.8\n", "utf-8")
    return folder


def by_one_process(cwd: Path, *commands: str) -> list[bytes]:
    """Return what each of some commands says that a shell hands to one process."""
    program = shlex.join([sys.executable, "-c", ONE_BY_ONE])
    said = shell_line(f"{program} {f' {THEN} '.join(commands)}", cwd)
    assert (said.returncode, said.stderr) == (0, b"")
    found = said.stdout.split(f"{NEXT}\n".encode())
    assert len(found) == len(commands) + 1
    return found[:-1]


def test_results_of_scenarios_in_odd_folders_are_written(odd: Path, tmp_path: Path) -> None:
    written = by_one_process(
        tmp_path,
        *(
            f"{command} --results $(echo sc*)/out -q"
            for command in (
                "run sc*/small.yaml -n 4",
                "compare sc*/small.yaml sc*/small.yaml -n 4",
                "sweep sc*/sweeps/two.yaml",
            )
        ),
    )
    for out in written:
        # Where the result lies, in the very bytes that a script can go on with.
        folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + out.strip()))
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert any(word.startswith("sc\\xe9nario/") for word in manifest["command_line"])
    *_, listed = by_one_process(
        tmp_path,
        "validate sc*/small.yaml sc*/sweeps/two.yaml",
        "scenarios sc*",
        "replay -q sc*/out/small/*",
        "run sc*/small.yaml -n 4 --results $(echo sc*)/out --json",
    )
    assert json.loads(listed)["folder"].startswith("sc\udce9nario/out")


def test_an_accent_is_written_also_in_the_locale_c(tmp_path: Path) -> None:
    (tmp_path / "é").mkdir()
    shutil.copy(SMALL, tmp_path / "é")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    said = shell_line("alignsim run é/small.yaml -n 4 --results é/out -q", tmp_path, **plain)
    assert (said.returncode, said.stderr) == (0, b"")
    assert said.stdout.startswith("é/out/small/".encode())
    manifest = tmp_path / said.stdout.strip().decode() / "manifest.json"
    assert json.loads(manifest.read_text("utf-8"))["command_line"][2] == "é/small.yaml"


def test_a_tilde_is_the_home_folder_in_every_path(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    # The kernels stay where they are.
    kernels = os.environ.get("ALIGNSIM_CACHE") or platformdirs.user_cache_dir("alignsim")
    monkeypatch.setenv("ALIGNSIM_CACHE", kernels)
    monkeypatch.setenv("HOME", str(home))
    shutil.copy(SMALL, home)
    said = shell("run", "~/small.yaml", "-n", "4", "-q", "--results=~/results")
    assert said.status == 0
    assert Path(said.out.strip()).parent == home / "results" / "small"
    folder = f"~/{Path(said.out.strip()).relative_to(home)}"
    assert shell("replay", folder).status == 0
    assert shell("validate", "~/small.yaml").status == 0
    assert "small: " in shell("scenarios", "~").out
    assert shell("countries", "KOR", "--scenario=~/small.yaml").status == 0
    said = shell("run", "~/small.yaml", "--results=~nobody-of-that-name/results")
    assert said.status == 2
    assert "~nobody-of-that-name at the beginning of a path is not a known home" in said.err
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


def in_terminal(commands: list[list[str]], **environment: str) -> list[bytes]:
    """Return what each of some commands, run by one process, writes to a terminal."""
    import pty

    program = (
        "import sys\n"
        "from sim.interfaces.cli.command_line import main\n"
        f"for words in {commands!r}:\n"
        "    sys.argv = ['alignsim', *words]\n"
        "    if main(): raise SystemExit(1)\n"
        f"    print({NEXT!r}, flush=True)\n"
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    os.close(theirs)
    found = b""
    try:
        while chunk := os.read(ours, 65536):
            found += chunk
    except OSError:
        # How Linux says that nobody has the other end open any more.
        pass
    os.close(ours)
    assert process.wait(60) == 0, found
    *said, _ = found.split(NEXT.encode())
    assert len(said) == len(commands)
    return said


@pytest.mark.parametrize(
    ("environment", "is_plain"),
    [
        ({"TERM": "xterm"}, False),
        ({"TERM": "dumb"}, True),
        ({"TERM": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True),
    ],
)
def test_a_plain_terminal_gets_no_escape_codes(
    tmp_path: Path, environment: dict[str, str], is_plain: bool
) -> None:
    environment = {"NO_COLOR": "", **environment}
    (tmp_path / "small.yaml").write_bytes(SMALL.read_bytes())
    sweep = tmp_path / "two.yaml"
    sweep.write_text(f"{SWEEP}grid:\n  local_control: [0, 1]\n", "utf-8")
    out = ["--results", str(tmp_path)]
    for said in in_terminal([[*RUN.split(), *out], ["sweep", str(sweep), *out]], **environment):
        assert b"small" in said
        assert (b"\x1b" not in said) == is_plain


# Where a run is when it is interrupted, and where it is asked to end.
PLACES = (
    "sim.experiment.result.run_futures",
    "sim.experiment.result.make_log",
    "sim.experiment.store.results.sync_folder",
    "sim.experiment.store.results.write_file",
    "sim.interfaces.cli.run_commands.show_summary",
)
ENDED_AT = "sim.experiment.store.results.write_file"
# The process sends itself the signal when it imports a library.
IMPORTING = """
import os, signal, sys
from sim.interfaces.cli.command_line import main
wanted = sys.argv.pop(1)
class Finder:
    def find_spec(self, name, *_):
        if name == wanted: os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.exit(main())
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], tuple[Ended, Path]]:
    """What runs leave that get a signal at a place in the code, and their folders of results."""
    asked = [*((place, signal.SIGINT) for place in PLACES), (ENDED_AT, signal.SIGTERM)]
    folders = [tmp_path_factory.mktemp("ended") for _ in asked]
    jobs = [
        job(*RUN.split(), "--results", str(folder), place=place, number=number)
        for (place, number), folder in zip(asked, folders, strict=True)
    ]
    found = zip(in_children(*jobs), folders, strict=True)
    return dict(zip(asked, found, strict=True))


def python_program(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process that answers to interrupts, whoever started the tests."""
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def check_interrupted(status: int, errors: str, folder: Path) -> None:
    words = errors.rpartition("...\n")[2]
    assert (status, words.splitlines()[-1]) == (130, "interrupted; nothing is left half done.")
    assert "Traceback" not in words
    assert "Exception ignored" not in words
    assert not [path for path in folder.rglob(".*") if path.is_dir()]


@pytest.mark.parametrize("library", ["typer", "numba", "pandas"])
def test_an_interrupt_while_libraries_load_ends_in_one_line(library: str, tmp_path: Path) -> None:
    done = python_program(IMPORTING, library, *RUN.split(), "--results", str(tmp_path))
    check_interrupted(done.returncode, done.stderr, tmp_path)


@pytest.mark.parametrize("place", PLACES)
def test_an_interrupt_anywhere_ends_in_one_line(
    ended: dict[tuple[str, int], tuple[Ended, Path]], place: str
) -> None:
    found, folder = ended[place, signal.SIGINT]
    check_interrupted(found.status, found.errors, folder)


def test_a_request_to_end_clears_away_what_is_half_done(
    ended: dict[tuple[str, int], tuple[Ended, Path]],
) -> None:
    found, folder = ended[ENDED_AT, signal.SIGTERM]
    assert found.status == 143
    assert "Traceback" not in found.errors
    assert list((folder / "small").iterdir()) == []


def test_an_interrupt_in_a_destructor_is_not_lost() -> None:
    program = (
        "import os, signal, sys, time\n"
        "from sim.interfaces.cli import interrupts\n"
        "class Thing:\n"
        "    def __del__(self): os.kill(os.getpid(), signal.SIGINT); time.sleep(0.1)\n"
        "interrupts.answer_at_once()\n"
        "with interrupts.unwinding():\n"
        "    try:\n"
        "        thing = Thing(); del thing\n"
        "        while True: time.sleep(0.01)\n"
        "    except KeyboardInterrupt: print('raised')\n"
    )
    said = python_program(program)
    assert (said.stdout, said.stderr) == ("raised\n", "")
