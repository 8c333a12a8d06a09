"""Bytes of the files of a result: digests and JSON text."""

from __future__ import annotations

import hashlib
import json
from typing import Any

PACKAGE_FILE = "datapackage.json"


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def json_bytes(content: Any) -> bytes:
    """Return plain data as indented JSON with a line feed at the end.

    Characters that UTF-8 cannot encode, such as half of a surrogate pair, are escaped.
    """
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace")
