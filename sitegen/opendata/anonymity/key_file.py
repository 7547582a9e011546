"""The key that pseudonyms are made with: a file of the user's own, which no export has.

With the key and a guess, such as a handle, anybody can find the pseudonym. Without it nobody can,
and exports that were made with different keys have no pseudonym in common.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path
from typing import NamedTuple

from sitegen import files
from sitegen.errors import ConfigError, UsageError

KEY_BYTES = 32
_HEX = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")


class Key(NamedTuple):
    """A key, and what the user should know about its file."""

    secret: bytes
    notes: tuple[str, ...]


NO_KEY = Key(b"", ())  # of exports without pseudonyms


def load(path: Path) -> Key:
    """Read the key of a file, or make one that only its owner may read.

    Raises ConfigError for a file that has no key, UsageError where none can be made, OSError.
    """
    try:
        descriptor = os.open(path, files.NEW_FILE_FLAGS, 0o600)
    except FileExistsError:
        return _read(path)
    except FileNotFoundError as error:
        what = "cannot be made: its folder is missing"
        raise UsageError(
            what, path=path, hint="create the folder, or choose another key."
        ) from error
    secret = secrets.token_bytes(KEY_BYTES)
    with open(descriptor, "wb") as file:
        file.write(f"{secret.hex()}\n".encode())
    note = f"made the key {files.short_path(path)}: keep it, for the same pseudonyms next time"
    return Key(secret, (f"{note}, and never publish it, not in a git repository either",))


def _read(path: Path) -> Key:
    text = files.read(str(path)).decode("ascii", "replace").strip()
    if not _HEX.fullmatch(text):
        raise ConfigError(
            f"is no key: it must have {2 * KEY_BYTES} digits, 0 to 9 and a to f",
            path=path,
            hint="restore it from a backup, or delete it to start with other pseudonyms.",
        )
    is_open = os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077
    note = f"others can read {files.short_path(path)}: chmod 600 {files.short_path(path)}"
    return Key(bytes.fromhex(text), (note,) if is_open else ())
