"""Digests of sources by syntax tree: what counts, what does not, what is reached."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sim.cache import sources as source_digest
from sim.cache.display import without_display
from sim.cache.sources import Trees, digest_of, imports, reached, read_sources, remembered

# Everything whose form or place in the tree differs between versions of Python.
SAMPLE = '''
"""A docstring."""
from __future__ import annotations
import os.path as path
from typing import TypeVar

T = TypeVar("T")
LIMITS = {"a": 1, **{"b": 2.5}, "c": -3, "d": 1e999, "e": 2j, "f": b"\\x00", "g": ...}

class C(dict[str, int], metaclass=type):
    """Of a class."""
    x: int = 1

    async def f(self, a, /, b=None, *c, d=u"text", **e) -> None:
        """Of a function."""
        async with a as g, b as h:
            return f"{a!r:>{b}}" f" and {b=}" "more" rf"\\d{c}" f""

def given(T, *, k=lambda x, *y: (yield)):
    match T:
        case {"a": [1, *rest], **others} if rest: pass
        case C(x=1) | None: del rest[1:2, ::3]
    try:
        nonlocal_ = [i for i in (1, 2) if i < 2 <= 3 and not i]
    except* OSError as error:
        raise ValueError("\\U0001fae8") from error
    while (n := 10): break
    else: global LIMITS
'''
SAMPLE_DIGEST = "832029f4c71c3c4b9eb27043ad1e6949635f1a9f8f2f0ed57926f251204b1bab"


def digest(text: str) -> str:
    return digest_of({"m": ast.parse(text)}, ["m"])


def test_a_digest_is_the_same_in_every_version_of_python() -> None:
    # Worked out under Python 3.11, 3.12 and 3.13.
    assert digest(SAMPLE) == SAMPLE_DIGEST


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("x = 1", "# A comment.\nx = 1  # Another.\n"),
        ("x = (1, 2)", "x = (\n    1,\n    2,\n)\n"),
        ("x = 'a' 'b'", 'x = ("ab")'),
        ("x = 1000", "x = 1_000"),
        ("x = 'a'", "x = u'a'"),
        ("x = f'{y} and more'", "x = f'{y}' ' and' ' more'"),
        ("'''M.'''\ndef f():\n  '''F.'''\n  return 1", "def f():\n  '''Other.'''\n  return 1"),
        ("class C:\n  '''C.'''\n  x = 1", "class C:\n    x = 1"),
        ("async def f():\n  '''F.'''\n  return 1", "async def f():\n  return 1"),
        ("if x:\n  y = 1", "if x: y = 1"),
    ],
)
def test_form_does_not_count(text: str, same: str) -> None:
    assert digest(text) == digest(same)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 1", "x = '1'"),
        ("x = None", "x = ..."),
        ("x = 'a'", "x = b'a'"),
        ("x = 0.1", "x = 0.10000000000000002"),
        ("x = 'a'", "y = 'a'"),
        ("x = f'{y}'", "x = f'{y!r}'"),
        ("x = f'{y}a'", "x = f'a{y}'"),
        ("x = a + b", "x = b + a"),
        ("x = a + b", "x = a - b"),
        ("f(a, b)", "f(a, b=b)"),
        ("def f(a=1): ...", "def f(a=2): ..."),
        ("def f(): 'F.'", "def f(): return 'F.'"),
        ("x = 1\ny = 2", "y = 2\nx = 1"),
        ("@a\ndef f(): ...", "def f(): ..."),
        ("'''M.'''\n'not a docstring'", "'''M.'''"),
        ("if a:\n  b\n  c", "if a:\n  b\nc"),
    ],
)
def test_what_a_program_does_counts(text: str, other: str) -> None:
    assert digest(text) != digest(other)


def test_the_module_counts_that_a_text_is_in() -> None:
    tree = ast.parse("x = 1")
    assert digest_of({"a": tree}, ["a"]) != digest_of({"b": tree}, ["b"])


SHOWN = "from sim.notebook.showing import Draws\n"


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("class C:\n  x = 1", f"{SHOWN}class C(Draws):\n  x = 1"),
        ("class C(B):\n  x = 1", f"{SHOWN}class C(B, Draws):\n  x = 1"),
        ("class C(B): pass", "from sim.notebook.showing import Draws as D\nclass C(D, B): pass"),
    ],
)
def test_what_shows_a_result_does_not_count(text: str, shows: str) -> None:
    plain, showing = ({"m": ast.parse(each)} for each in (text, shows))
    assert digest_of(without_display(showing, ["m"]), ["m"]) == digest_of(plain, ["m"])
    # Only where it is asked for, and the trees stay as they are.
    assert digest_of(showing, ["m"]) == digest(shows) != digest(text)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("class C: pass", "class C(Draws): pass"),
        ("class C: pass", "from sim.notes import Draws\nclass C(Draws): pass"),
        ("x = 1", f"{SHOWN}x = Draws"),
        ("class C: pass", f"{SHOWN}class C(Draws):\n  def _repr_html_(self): ..."),
        ("class C: pass", f"{SHOWN}class C(B, Draws): pass"),
    ],
)
def test_whatever_else_a_class_that_shows_itself_has_counts(text: str, other: str) -> None:
    digests = {
        digest_of(without_display({"m": ast.parse(each)}, ["m"]), ["m"]) for each in (text, other)
    }
    assert len(digests) == 2


def trees(**texts: str) -> Trees:
    return {name.replace("__", "."): ast.parse(text) for name, text in texts.items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import p.b", ["p.b"]),
        ("from p import b", ["p.b"]),
        ("from p.b import x", ["p.b"]),
        ("def f():\n  try:\n    import p.b\n  except ImportError:\n    import p.c", ["p.b", "p.c"]),
        ("class C:\n  def f(self):\n    if x:\n      from p import b", ["p.b"]),
        ("if TYPE_CHECKING:\n  import p.b", []),
        ("if TYPE_CHECKING:\n  import p.b\nelse:\n  import p.c", ["p.c"]),
        ("import numpy", []),
        # A package hands on a name of one of its modules, by whatever way.
        ("from p import lazy", ["p.c"]),
        ("from p import eager", ["p.b"]),
        ("from p import own", ["p"]),
        ("match x:\n  case 1:\n    import p.b", ["p.b"]),
    ],
)
def test_imports_are_followed(text: str, found: list[str]) -> None:
    package = "own = 1\nfrom p.b import eager\nif TYPE_CHECKING:\n  from p.c import lazy"
    known = trees(a=text, p=package, p__b="", p__c="")
    wanted = {"a", *found} | ({"p.b"} if "p" in found else set())
    assert set(reached(known, ["a"])) == wanted


def test_the_way_ends_at_what_is_aside() -> None:
    known = trees(a="import b", b="import c\nimport d", c="import e", d="", e="")
    assert reached(known, ["a"]) == ["a", "b", "c", "d", "e"]
    assert reached(known, ["a"], aside=["c"]) == ["a", "b", "d"]


def test_every_import_of_the_package_is_absolute_and_none_is_missed() -> None:
    for name, tree in read_sources().items():
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not any(getattr(node, "level", 0) for node in nodes), name
        assert len([*imports(tree, is_typing=True)]) == sum(len(node.names) for node in nodes), name


@pytest.fixture
def parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give a list that grows each time that a digest is made, not remembered.

    The sources are one of a line, so that it takes no time to parse them all.
    """
    monkeypatch.setenv("ALIGNSIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(source_digest, "read_sources", lambda: trees(a="x = 1"))
    return []


def made(parsed: list[str]) -> str:
    def make(found: Trees) -> str:
        assert [*found] == ["a"]
        parsed.append("once")
        return "0123"

    return remembered("test", make)


def test_a_digest_is_made_once(parsed: list[str]) -> None:
    assert [made(parsed), made(parsed)] == ["0123"] * 2
    assert parsed == ["once"]


def test_a_damaged_digest_is_made_again(parsed: list[str], tmp_path: Path) -> None:
    made(parsed)
    (path,) = (tmp_path / "cache" / "sources").iterdir()
    path.write_bytes(b"")
    assert [made(parsed), made(parsed)] == ["0123"] * 2
    assert parsed == ["once"] * 2


def test_a_digest_needs_no_place(
    parsed: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_bytes(b"")
    assert [made(parsed), made(parsed)] == ["0123"] * 2
    assert parsed == ["once"] * 2
    assert capfd.readouterr() == ("", "")


def test_another_byte_of_a_source_makes_it_anew(
    parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(parsed)
    monkeypatch.setattr(source_digest, "_bytes_digest", lambda: "f" * 64)
    made(parsed)
    assert parsed == ["once"] * 2
