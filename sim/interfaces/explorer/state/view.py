"""The visitor's view, and the link that restores it."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.data.country_names import country_code
from sim.model.requests import LARGEST_SEED
from sim.scenario.reading.scalars import is_number, resolve_scalar
from sim.scenario.schema.fields import NAME_PATTERN
from sim.scenario.wording import shown_number

FUTURES = (200, 500, 1000, 2000)
LONGEST_VALUE = 60
# Six sides with their drafts and 60 levers each, every parameter pinned, and all details.
MOST_PARAMETERS = 500
MOST_COMPARED = 4
# Characters of a search text, the only free text in a view.
LONGEST_TEXT = 60
WANTED = "explore.find"
# Longer drafts stay in the session: browsers and proxies cut long links.
LONGEST_PACKED = 7000
# In bytes; scenario files are no longer than 256 KiB.
LONGEST_DRAFT = 256 * 1024 + 1
# Stands for a text in the editor that is also the draft of A.
AS_IN_A = "a"
_SCENARIO = re.compile(NAME_PATTERN)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_DETAIL = re.compile(r"[a-z]+\.[a-z_]+")
_DETAIL_VALUE = re.compile(r"[\w.,:+-]{1,160}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{3}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

Settings = tuple[tuple[str, float], ...]
Details = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Side:
    """One scenario with the levers that the visitor has moved.

    Parameters
    ----------
    scenario : str
        Name of a scenario of the folder, or of the draft.
    levers : tuple of (str, float)
        By short name of the lever.
    draft : str
        The scenario's YAML if the visitor has written it; "" if it is in the folder.
    """

    scenario: str = "baseline"
    levers: Settings = ()
    draft: str = ""

    def with_lever(self, name: str, value: float | None) -> Side:
        """Return the side with one lever moved, or reset if `value` is None."""
        return replace(self, levers=_set(self.levers, name, value))


@dataclass(frozen=True)
class View:
    """Everything that a link restores.

    Parameters
    ----------
    a : Side
        The scenario on view.
    b : Side or None
        The scenario that it is compared with.
    beliefs : tuple of (str, float)
        Model parameters that the visitor has pinned, by name; they hold for both sides.
    country : str
        ISO3 code of the country looked at closely.
    month : str
        Month of the map, "YYYY-MM"; "" for the last.
    as_of : str
        Month at whose end all figures are taken, "YYYY-MM"; "" for the last.
    of : str
        Short name of the provider whose partners are counted; "" for the first.
    futures, seed : int
        As on the command line.
    compared : tuple of Side
        The scenarios on the Compare page; empty until the visitor chooses.
    details : tuple of (str, str)
        Other choices of how a page shows the answer, such as ("map.mode", "tiles"): a word for the
        page, a dot, a word for the choice.
    editing : str
        The text in the scenario editor; "" until the visitor has written something there.
    """

    a: Side = field(default_factory=Side)
    b: Side | None = None
    beliefs: Settings = ()
    country: str = "KOR"
    month: str = ""
    as_of: str = ""
    of: str = ""
    futures: int = 500
    seed: int = 1
    compared: tuple[Side, ...] = ()
    details: Details = ()
    editing: str = ""

    def side(self, name: str) -> Side:
        """Return side "a" or "b"; if there is no b, a fresh baseline."""
        return self.a if name == "a" else (self.b or Side())

    def sides(self) -> tuple[Side, ...]:
        """Return every side that is viewed or compared."""
        return (self.a, *(() if self.b is None else (self.b,)), *self.compared)

    def with_side(self, name: str, side: Side) -> View:
        """Return the view with side "a" or "b" replaced."""
        return replace(self, a=side) if name == "a" else replace(self, b=side)

    def with_belief(self, name: str, value: float | None) -> View:
        """Return the view with one parameter pinned, or drawn again if `value` is None."""
        return replace(self, beliefs=_set(self.beliefs, name, value))

    def with_detail(self, name: str, value: str) -> View:
        """Return the view with one choice of how a page shows it; "" is the page's default."""
        rest = {key: old for key, old in self.details if key != name}
        if value:
            rest[name] = value
        return replace(self, details=tuple(sorted(rest.items())))


def _set(settings: Settings, name: str, value: float | None) -> Settings:
    """Return settings with one entry set or dropped, in the order of names."""
    rest = {key: old for key, old in settings if key != name}
    if value is not None:
        rest[name] = value
    return tuple(sorted(rest.items()))


def write_link(view: View) -> dict[str, str]:
    """Return the query parameters of a view, without those that equal a first visit.

    Examples
    --------
    >>> write_link(View(a=Side("baseline", (("slots", 20.0),)), seed=7))
    {'a': 'baseline', 'a.slots': '20', 'seed': '7'}
    """
    parameters = _write_side("a", view.a)
    if view.b is not None:
        parameters |= _write_side("b", view.b)
    for n, side in enumerate(view.compared[:MOST_COMPARED], start=1):
        parameters |= _write_side(f"c{n}", side)
    parameters |= {f"belief.{name}": shown_number(value) for name, value in view.beliefs}
    parameters |= {f"show.{name}": value for name, value in view.details}
    plain = View()
    for name in ("country", "month", "as_of", "of", "futures", "seed"):
        value = getattr(view, name)
        if value != getattr(plain, name):
            parameters[name] = str(value)
    if view.editing and fits_a_link(view.editing):
        is_a = view.editing == view.a.draft
        parameters["draft"] = AS_IN_A if is_a else pack(view.editing)
    return parameters


def _write_side(key: str, side: Side) -> dict[str, str]:
    written = {key: side.scenario}
    if side.draft and fits_a_link(side.draft):
        written[f"draft.{key}"] = pack(side.draft)
    return written | {f"{key}.{name}": shown_number(value) for name, value in side.levers}


def pack(text: str) -> str:
    """Return a draft in the form it has in a link."""
    if not text:
        return ""
    return base64.urlsafe_b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def fits_a_link(text: str) -> bool:
    """Return whether a draft is short enough for a link."""
    return len(text) < LONGEST_DRAFT and len(pack(text)) <= LONGEST_PACKED


def unpack(packed: str) -> str | None:
    """Return the draft in a link; None if it holds none, or one that is too long.

    Examples
    --------
    >>> unpack(pack("name: mine")), unpack("?")
    ('name: mine', None)
    """
    try:
        reader = zlib.decompressobj()
        content = reader.decompress(
            base64.b64decode(packed[: LONGEST_PACKED + 1], altchars=b"-_", validate=True),
            LONGEST_DRAFT,
        )
        # A draft that was cut off, by the link's end or by our limit, is not a draft.
        return content.decode("utf-8") if reader.eof else None
    except (binascii.Error, zlib.error, ValueError):
        return None


def read_link(parameters: Mapping[str, str]) -> tuple[View, tuple[str, ...]]:
    """Return the view of a link, and notes on what could not be used.

    Nothing in a link is trusted: names must look like names and numbers like numbers; whether they
    exist and are in range is checked where they are used.

    Examples
    --------
    >>> view, notes = read_link({"a": "baseline", "a.slots": "20", "seed": "many"})
    >>> view.a.levers, view.seed, notes
    ((('slots', 20.0),), 1, ('The link asks for seed = many, not a whole number in range.',))
    """
    notes: list[str] = []
    if len(parameters) > MOST_PARAMETERS:
        return View(), ("The link is too long and was not used.",)
    sides = {side: _read_side(parameters, side, notes) for side in ("a", "b")}
    listed = [f"c{n}" for n in range(1, MOST_COMPARED + 1) if f"c{n}" in parameters]
    if any(f"c{n}" in parameters for n in range(MOST_COMPARED + 1, 10)):
        notes.append(
            f"The link compares more scenarios than {MOST_COMPARED}; the rest are left out."
        )
    country = _read_word(parameters, "country", "KOR", _COUNTRY, notes)
    month = _read_word(parameters, "month", "", _MONTH, notes)
    as_of = _read_word(parameters, "as_of", "", _MONTH, notes)
    of = _read_word(parameters, "of", "", _NAME, notes)
    view = View(
        a=sides["a"],
        b=sides["b"] if "b" in parameters else None,
        beliefs=_read_settings(parameters, "belief.", notes),
        country=country,
        month=month,
        as_of=as_of,
        of=of,
        futures=_read_whole(parameters, "futures", 500, max(FUTURES), notes),
        seed=_read_whole(parameters, "seed", 1, LARGEST_SEED, notes),
        compared=tuple(_read_side(parameters, side, notes) for side in listed),
        details=_read_details(parameters, notes),
        editing=_read_editing(parameters, sides["a"], notes),
    )
    if view.futures not in FUTURES:
        nearest = min(FUTURES, key=lambda n: abs(n - view.futures))
        notes.append(f"The link asks for {view.futures} futures; {nearest} are run.")
        view = replace(view, futures=nearest)
    return view, tuple(notes)


def _read_word(
    parameters: Mapping[str, str], name: str, default: str, form: re.Pattern[str], notes: list[str]
) -> str:
    asked = parameters.get(name, default)
    text = asked.upper() if form is _COUNTRY else asked
    if form is _COUNTRY and not form.fullmatch(text):
        text = country_code(asked) or text
    if text == default or form.fullmatch(text):
        return text
    notes.append(f"The link asks for {name} = {asked[:LONGEST_VALUE]}, which cannot exist.")
    return default


def _read_side(parameters: Mapping[str, str], key: str, notes: list[str]) -> Side:
    name = parameters.get(key, "baseline")
    if not _SCENARIO.fullmatch(name):
        notes.append("The link names a scenario that cannot exist; the baseline is shown.")
        name = "baseline"
    draft: str | None = ""
    if f"draft.{key}" in parameters:
        draft = unpack(parameters[f"draft.{key}"])
        if not draft:
            notes.append("The link contains a scenario that cannot be read; the baseline is shown.")
            name = "baseline"
    return Side(name, _read_settings(parameters, f"{key}.", notes), draft or "")


def _read_editing(parameters: Mapping[str, str], a: Side, notes: list[str]) -> str:
    packed = parameters.get("draft", "")
    text = a.draft if packed == AS_IN_A else unpack(packed) if packed else ""
    if packed and not text:
        notes.append("The link contains a text for the scenario editor that cannot be read.")
    return text or ""


def _read_details(parameters: Mapping[str, str], notes: list[str]) -> Details:
    found: dict[str, str] = {}
    for key, text in parameters.items():
        name = key.removeprefix("show.")
        if name == key:
            continue
        is_word = _DETAIL.fullmatch(name) and _DETAIL_VALUE.fullmatch(text)
        if (text and text == written(text)) if name == WANTED else is_word:
            found[name] = text
        else:
            notes.append(f"The link asks for {key[:LONGEST_VALUE]}, which is not a way to show it.")
    return tuple(sorted(found.items()))


def written(text: str) -> str:
    """Return a search text as the view keeps it: one short line of visible characters.

    Examples
    --------
    >>> written("  Côte   d'Ivoire "), written("x" * 99) == "x" * LONGEST_TEXT
    ("Côte d'Ivoire", True)
    """
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(seen.split())[:LONGEST_TEXT].strip()


def _read_settings(parameters: Mapping[str, str], start: str, notes: list[str]) -> Settings:
    found: Settings = ()
    for key, text in parameters.items():
        name = key.removeprefix(start)
        if name == key:
            continue
        value = read_number(text)
        if value is None or not _NAME.fullmatch(name):
            notes.append(f"The link sets {key[:LONGEST_VALUE]} to something that is not a number.")
        else:
            found = _set(found, name, value)
    return found


def read_number(text: str) -> float | None:
    """Return the finite number that a text of a link means; None if it is not a number."""
    # A number that was cut off would be another number.
    value = resolve_scalar(text) if len(text) <= LONGEST_VALUE else None
    return None if isinstance(value, bool) or not is_number(value) else float(value)


def _read_whole(
    parameters: Mapping[str, str], name: str, default: int, most: int, notes: list[str]
) -> int:
    text = parameters.get(name, str(default))
    if text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most:
        return int(text)
    asked = text[:LONGEST_VALUE]
    notes.append(f"The link asks for {name} = {asked}, not a whole number in range.")
    return default
