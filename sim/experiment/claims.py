"""Whether a manifest is true to itself: what it claims follows from the inputs that it states."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.identity import ID_LENGTH, code_digest

if TYPE_CHECKING:
    from sim.experiment.identity import Inputs

# What no input decides: who wrote the manifest, when in the history of the code, and with which
# command. `replay` compares versions and code by themselves, and files by their bytes.
NOTES = frozenset(
    {"created_by", "command_line", "git_revision", "versions", "code_digest", "files"}
)
_IDENTIFIER = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")


def unfounded_claims(folder: Path, manifest: Mapping[str, Any], inputs: Inputs) -> tuple[str, ...]:
    """Return the entries of a manifest that do not follow from the inputs it states.

    Parameters
    ----------
    folder : Path
        Where the manifest lies; a folder that is named like a run must be named like this one.
    manifest : mapping
        As it was read.
    inputs : Inputs
        Read from the same manifest.

    Notes
    -----
    The identifier is made again from the code digest and the hashes of scenarios that the manifest
    states, so it binds them on any version of the code. Everything else can only be made again by
    the code that wrote it: another one may add a key to every scenario.
    """
    hashes = [str(item.get("hash")) for item in manifest["scenarios"]]
    found = []
    if inputs.run_id_of(str(manifest.get("code_digest")), hashes) != manifest.get("run_id"):
        found.append("run_id")
    name = folder.resolve().name
    if _IDENTIFIER.fullmatch(name) and name != manifest.get("run_id"):
        found.append("the name of its folder")
    if manifest.get("code_digest") == code_digest():
        made = json.loads(json.dumps(inputs.manifest(None)))
        names = dict.fromkeys([*made, *manifest])
        found += [key for key in names if key not in NOTES and made.get(key) != manifest.get(key)]
    return tuple(dict.fromkeys(found))
