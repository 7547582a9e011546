"""The programs that the checkers run, and where they are.

npm installs what `package.json` names, in the versions of its lock file, once into
`$XDG_CACHE_HOME/sitegen-tests/` (`~/.cache/sitegen-tests/`). Java, Node and Chromium are
Debian's; pip installs lychee with the extra `checkers`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from .chromium import CHROMIUM

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"
SECONDS = 1800


class MissingProgramError(Exception):
    """A program that a checker needs is not installed."""


def found() -> Mapping[str, str | None]:
    """Return where each program is that npm does not install."""
    scripts = sysconfig.get_path("scripts")
    return {
        "chromium": CHROMIUM,
        "java": shutil.which("java"),
        "lychee": shutil.which("lychee") or shutil.which("lychee", path=scripts),
        "node": shutil.which("node"),
        "npm": shutil.which("npm"),
    }


def program(name: str) -> str:
    """Return where a program is. Raises MissingProgramError."""
    if path := found()[name]:
        return path
    raise MissingProgramError(f"{name} is not installed")


def packages() -> Path:
    """Return the folder with npm's packages, installing them the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    version = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    folder = cache / "sitegen-tests" / f"checkers-{version}"
    if not folder.is_dir():
        _install(folder)
    return folder / "node_modules"


def _install(folder: Path) -> None:
    """Install beside the folder, which is there whole or not at all."""
    begun = folder.with_name(f"{folder.name}.{os.getpid()}")
    begun.mkdir(parents=True)
    for name in ("package.json", LOCK.name):
        shutil.copy(HERE / name, begun)
    command = [program("npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        subprocess.run(
            command, cwd=begun, capture_output=True, text=True, check=True, timeout=SECONDS
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        shutil.rmtree(begun)
        raise MissingProgramError(f"npm cannot install: {str(error.stderr)[-400:]}") from error
    try:
        begun.rename(folder)
    except OSError:  # another run was quicker
        shutil.rmtree(begun)
