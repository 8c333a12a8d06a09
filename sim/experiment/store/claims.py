"""Whether the claims of a manifest follow from the inputs that it states."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.experiment.file_bytes import PACKAGE_FILE
from sim.experiment.store.identity import ID_LENGTH, code_digest
from sim.experiment.store.manifest import AGAIN, DIGEST, MANIFEST_FILE
from sim.scenario.scenario import hash_of_content

if TYPE_CHECKING:
    from sim.experiment.store.identity import RunInputs
    from sim.experiment.store.stated_files import StatedFiles

# Entries that no input determines: who wrote the manifest, at which revision of the code, and with
# which command. `replay` compares versions and code separately, and files by their bytes.
NOTES = frozenset(
    {"created_by", "command_line", "git_revision", "versions", "code_digest", "files", DIGEST}
)
# Notes that follow from no input: the manifest's own digest shows whether they were changed since,
# but nothing shows whether they were true.
UNPROVEN = ("created_by", "command_line", "git_revision", "source_files", "parameter_set")
_IDENTIFIER = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_FOLDER = "the name of its folder"


def unfounded_claims(
    folder: Path, manifest: Mapping[str, Any], inputs: RunInputs
) -> tuple[str, ...]:
    """Return the entries of a manifest that do not follow from the inputs it states.

    Parameters
    ----------
    folder : Path
        Folder of the manifest; if its name looks like a run id, it must be that of this run.
    manifest : mapping
        As read.
    inputs : RunInputs
        Read from the same manifest.

    Notes
    -----
    The identifier is computed again from the code digest and the scenario hashes that the manifest
    states, and these hashes from the content it states, so it binds them in any version of the
    code. Only the code that wrote the manifest can compute the rest again: another version may add
    a key to every scenario.
    """
    hashes = [str(item["hash"]) for item in manifest["scenarios"]]
    found = []
    if inputs.run_id_of(str(manifest.get("code_digest")), hashes) != manifest["run_id"]:
        found.append("run_id")
    if not all(_is_whole(item) for item in manifest["scenarios"]):
        found.append("scenarios")
    name = folder.resolve().name
    if _IDENTIFIER.fullmatch(name) and name != manifest["run_id"]:
        found.append(_FOLDER)
    if manifest.get("code_digest") == code_digest():
        made = _plain(inputs.manifest(None))
        names = dict.fromkeys([*made, *manifest])
        found += [key for key in names if key not in NOTES and made.get(key) != manifest.get(key)]
    return tuple(dict.fromkeys(found))


def check_claims(folder: Path, manifest: Mapping[str, Any], inputs: RunInputs) -> None:
    """Check a manifest against the inputs that it states.

    Raises
    ------
    ResultError
        If an entry does not follow from its inputs.
    """
    found = unfounded_claims(folder, manifest, inputs)
    if found:
        raise ResultError(
            f"{folder / MANIFEST_FILE} is damaged: these entries do not follow from the inputs "
            f"that it states: {', '.join(found)}.\n  {AGAIN}"
        )


def claims_of_another(manifest: Mapping[str, Any], inputs: RunInputs) -> tuple[str, ...]:
    """Return the entries of a manifest that would differ in a result of these inputs.

    The location of scenario files is not among them: equal scenarios come from different files.
    """
    made = _plain(inputs.manifest(None))
    found = [key for key in made if key not in NOTES and key != "scenarios"]
    found = [key for key in found if made[key] != manifest.get(key)]
    if _bound(made["scenarios"]) != _bound(manifest["scenarios"]):
        found.append("scenarios")
    return tuple(found)


def _is_whole(item: Mapping[str, Any]) -> bool:
    """Return whether the name and hash of a scenario match its content."""
    content = item["content"]
    return bool(item["hash"] == hash_of_content(content) and item["name"] == content.get("name"))


def _bound(scenarios: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(item["name"], item["hash"], item["content"]) for item in scenarios]


def _plain(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest in the form in which it is read back."""
    return dict(json.loads(json.dumps(manifest)))


def unfounded_files(files: StatedFiles) -> tuple[str, ...]:
    """Return the files about which manifest and data package disagree."""
    in_package = {
        str(item.get("path")): (item.get("bytes"), item.get("hash")) for item in files.resources()
    }
    in_manifest = {
        name: (entry["bytes"], f"sha256:{entry['sha256']}")
        for name, entry in files.stated.items()
        if name != PACKAGE_FILE
    }
    names = dict.fromkeys([*in_package, *in_manifest])
    return tuple(name for name in names if in_package.get(name) != in_manifest.get(name))
