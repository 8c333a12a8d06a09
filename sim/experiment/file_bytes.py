"""Bytes of the files of a result: their digests, and what is written as JSON."""

from __future__ import annotations

import hashlib
import json
from typing import Any

PACKAGE_FILE = "datapackage.json"


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def json_bytes(content: Any) -> bytes:
    """Return plain data as indented JSON with a line feed at the end.

    What is no letter, half of a pair for example, is written by its number.
    """
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace")
