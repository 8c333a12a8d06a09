"""Names of scenario and sweep files on disk: their suffix, and where links lead."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Problem, ScenarioError

SUFFIX = ".yaml"
# Suffixes that look right but are refused, so that one name means one file.
_OTHERS = (".yml", ".YML", ".YAML")


def yaml_files(folder: Path) -> list[Path]:
    """Return the files of a folder that end in .yaml, or nearly so if no such file exists."""
    found: dict[str, Path] = {}
    for path in folder.glob("*.*"):
        if path.suffix == SUFFIX or (path.suffix in _OTHERS and path.stem not in found):
            found[path.stem] = path
    return sorted(found.values())


def misnamed(folder: Path, stem: str) -> Path | None:
    """Return the file that a name would find if the file ended in .yaml.

    Parameters
    ----------
    folder : Path
        Where to look.
    stem : str
        Name without suffix.
    """
    if is_inside(folder / f"{stem}{SUFFIX}", folder):
        return None
    others = (folder / f"{stem}{suffix}" for suffix in _OTHERS)
    return next((path for path in others if is_inside(path, folder)), None)


def check_suffix(path: Path, what: str) -> None:
    """Refuse a file that does not end in .yaml, so that one name means one file.

    Parameters
    ----------
    path : Path
        A file; if it does not exist, nothing happens.
    what : str
        Kind of the file: scenario or sweep.

    Raises
    ------
    ScenarioError
        If it has another suffix.
    """
    try:
        is_named_otherwise = path.suffix != SUFFIX and path.is_file()
    except (OSError, ValueError):
        return
    if is_named_otherwise:
        message = f"a {what} file must end in {SUFFIX}."
        remedy = f"Rename the file: {path.stem}{SUFFIX}."
        raise ScenarioError([Problem(shortened(path), 0, message, remedy)])


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether a file exists and is really in the folder, following links."""
    try:
        return path.is_file() and path.resolve().parent == folder.resolve()
    except OSError:
        return False


def leads_out(path: Path, folder: Path) -> bool:
    """Return whether a path is a link to something other than a file in the folder."""
    return is_link(path) and not is_inside(path, folder)


def is_link(path: Path) -> bool:
    """Return whether a path is a link, whether or not it leads anywhere."""
    try:
        return path.is_symlink()
    except OSError:
        return False


def shortened(path: Path) -> str:
    """Return a path shortened for a message."""
    text = str(path)
    return text if len(text) <= 200 else text[:197] + "..."


def stems(folder: Path) -> list[str]:
    """Return the names of the files of a folder that end in .yaml."""
    try:
        return [path.stem for path in folder.glob(f"*{SUFFIX}")]
    except OSError:
        return []
