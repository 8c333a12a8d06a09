"""The manifest of a result: its form, and the digest of itself that it carries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.errors import ResultError
from sim.experiment.file_bytes import sha256
from sim.experiment.store.identity import ID_LENGTH
from sim.experiment.store.strict_json import read_json
from sim.model.requests import LARGEST_SEED, MOST_REPLICATES
from sim.scenario.schema.fields import MONTH_PATTERN

MANIFEST_FILE = "manifest.json"
# SHA-256 over all other entries; the last entry. Older manifests have none.
DIGEST = "manifest_sha256"
AGAIN = "Run the same command with --fresh to write it again."
# How many scenarios a result of each kind has; a sweep has one or more.
SCENARIOS_OF = {"run": 1, "comparison": 2}
_LARGEST = 10_000_000


def _plain_name(name: str) -> str:
    if Path(name).name != name or name in ("", ".", "..") or "\\" in name or "\0" in name:
        raise ValueError("must name a file in the folder itself")
    return name


class _Block(BaseModel):
    """A map of a manifest; keys added by other versions are accepted."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _File(_Block):
    size: int = Field(alias="bytes", ge=0)
    sha256: str


class _Scenario(_Block):
    name: str
    hash: str
    source_files: list[str]
    parameter_set: str | None = None
    content: dict[str, Any]


class _Sweep(_Block):
    name: str
    title: str
    description: str
    sources: list[str]
    method: str
    design_hash: str
    fields: dict[str, str] = Field(min_length=1)
    # Older manifests have neither.
    roles: dict[str, Literal["lever", "uncertainty"]] = {}
    sampling: dict[str, Any] | None = None
    n_points: int = Field(ge=2)


class _Manifest(_Block):
    """The entries that every manifest must have, with their types."""

    kind: Literal["run", "comparison", "sweep"]
    run_id: str = Field(pattern=rf"^[0-9a-f]{{{ID_LENGTH}}}$")
    created_by: str | None = None
    command_line: list[str] | None = None
    seed: int = Field(ge=0, le=LARGEST_SEED)
    replicates: int = Field(ge=1, le=MOST_REPLICATES)
    futures_per_draw: int = Field(ge=1, le=MOST_REPLICATES)
    # Older manifests state no months: their results cover the whole horizon.
    first_month: str | None = Field(None, pattern=f"^{MONTH_PATTERN}$")
    last_month: str | None = Field(None, pattern=f"^{MONTH_PATTERN}$")
    facts_hash: str
    code_digest: str | None = None
    git_revision: str | None = None
    versions: dict[str, str] | None = None
    scenarios: list[_Scenario]
    sweep: _Sweep | None = None
    files: dict[Annotated[str, AfterValidator(_plain_name)], _File] = Field(min_length=1)
    # Absent in older manifests, never null.
    manifest_sha256: str = ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> _Manifest:
        n = len(self.scenarios)
        if not n or n != SCENARIOS_OF.get(self.kind, n):
            raise ValueError(f"a {self.kind} does not have {n} scenarios")
        if (self.kind == "sweep") != (self.sweep is not None):
            raise ValueError("only a sweep has the entry sweep")
        return self


def digest_of_manifest(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 over the entries of a manifest except its own digest.

    Notes
    -----
    It is taken over the compact JSON of the entries in their order, so line ends and indentation
    do not matter.
    """
    rest = {key: value for key, value in manifest.items() if key != DIGEST}
    return sha256(json.dumps(rest, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with its own digest as the last entry."""
    return {**manifest, DIGEST: digest_of_manifest(manifest)}


def read_claimed_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result in the right form, though it may have been changed.

    Raises
    ------
    ResultError
        If there is no manifest, it cannot be read, or an entry is missing or of the wrong type.
    """
    path = folder / MANIFEST_FILE
    try:
        if not path.is_file():
            raise ResultError(
                f"{folder} is not a result: it has no {MANIFEST_FILE}.\n"
                "  Name a folder such as results/baseline/0123456789abcdef."
            )
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"it has more than {_LARGEST:,} bytes")
        manifest = read_json(path.read_bytes())
        if not isinstance(manifest, dict):
            raise ValueError("it is not a map")
        _Manifest.model_validate(manifest)
    except ValidationError as error:
        raise ResultError(f"{path} is damaged: {_first_fault(error)}.\n  {AGAIN}") from None
    except OSError as error:
        raise ResultError(
            f"{path} cannot be read: {error.strerror}.\n  Check the path and its permissions."
        ) from error
    except ValueError as error:
        raise ResultError(f"{path} is damaged and cannot be read: {error}.\n  {AGAIN}") from error
    return manifest


def _first_fault(error: ValidationError) -> str:
    """Return the first fault of a manifest, in words."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "missing":
        return f"it is incomplete, without the entry {place}"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result, checked against its own digest.

    An older manifest without a digest is accepted as it is.

    Raises
    ------
    ResultError
        If there is no manifest, it cannot be read, or it was changed.
    """
    manifest = read_claimed_manifest(folder)
    if not is_as_sealed(manifest):
        raise ResultError(
            f"{folder / MANIFEST_FILE} is damaged: it was changed since it was written.\n  {AGAIN}"
        )
    return manifest


def is_as_sealed(manifest: Mapping[str, Any]) -> bool:
    """Return whether a manifest agrees with its own digest or has none."""
    return DIGEST not in manifest or manifest[DIGEST] == digest_of_manifest(manifest)
