"""The install source of this sitegen, as a requirement that installs the same version elsewhere.

Installers record it (PEP 610, `direct_url.json`): a repository and a commit, an archive, or a
folder. Without that record it came from an index. The name alone is never enough: whoever
registers that name would decide what is run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

DISTRIBUTION = "sitegen-archive"
INSTALLERS = frozenset(("pip", "uv", "poetry", "pdm"))
VCS = frozenset(("git", "hg", "svn", "bzr"))
HASHES = ("sha512", "sha384", "sha256")
COMMIT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{6,99}")
GIT_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
VERSION = re.compile(r"[0-9][0-9A-Za-z.!+_-]*")
# Characters that need no quoting in a shell, YAML and a requirement.
PLAIN = re.compile(r"[A-Za-z0-9:/._~%@+=,#&?-]+")
SCP_LIKE = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!//)(/?[\w.~/-]+)")  # git@host:owner/name.git


def requirement(package: Path | None = None, path: list[str] | None = None) -> str | None:
    """Return a requirement (PEP 508) that pins this sitegen; None where that is unknown.

    `package` is the folder of the running modules, `path` the folders of installed packages.
    """
    package = package or Path(__file__).parent.parent
    found = [*metadata.distributions(name=DISTRIBUTION, path=sys.path if path is None else path)]
    if not found:
        return None
    record = _direct_url(found[0])
    if record is None:
        return _from_index(found[0], package)
    address = _address(record)
    return f"{DISTRIBUTION} @ {address}" if address and PLAIN.fullmatch(address) else None


def _direct_url(distribution: metadata.Distribution) -> dict[str, Any] | None:
    """Return the record of a direct install; an empty one if it cannot be read."""
    text = distribution.read_text("direct_url.json")
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("url"), str) else {}


def _from_index(distribution: metadata.Distribution, package: Path) -> str | None:
    """Pin the version from an index, if an installer put exactly these modules there."""
    installer = (distribution.read_text("INSTALLER") or "").strip()
    is_this = Path(str(distribution.locate_file("sitegen"))).resolve() == package.resolve()
    version = distribution.version
    if not (is_this and installer in INSTALLERS and VERSION.fullmatch(version)):
        return None
    return f"{DISTRIBUTION}=={version}"


def _address(record: Mapping[str, Any]) -> str | None:
    url = record.get("url", "")
    below = record.get("subdirectory", "")
    if isinstance(vcs := record.get("vcs_info"), dict):
        return _of_repository(url, vcs, below if isinstance(below, str) else "")
    if isinstance(archive := record.get("archive_info"), dict):
        return _of_archive(url, archive)
    if isinstance(record.get("dir_info"), dict):
        return _of_folder(url)
    return None


def _of_repository(url: str, vcs: Mapping[str, Any], below: str) -> str | None:
    kind, commit = vcs.get("vcs"), vcs.get("commit_id")
    if kind not in VCS or not isinstance(commit, str) or not COMMIT.fullmatch(commit):
        return None
    if kind == "git" and not GIT_COMMIT.fullmatch(commit):
        return None
    public = _public_url(url)
    return _pin(kind, public, commit, below) if public else None


def _of_archive(url: str, archive: Mapping[str, Any]) -> str | None:
    public = _public_url(url)
    hashes = archive.get("hashes")
    known = dict(hashes) if isinstance(hashes, dict) else {}
    if isinstance(old := archive.get("hash"), str):
        name, _, value = old.partition("=")
        known.setdefault(name, value)
    for name in HASHES:
        digest = known.get(name)
        if public and isinstance(digest, str) and re.fullmatch(r"[0-9a-f]{64,128}", digest):
            return f"{public}#{name}={digest}"
    return None


def _of_folder(url: str) -> str | None:
    """Return the commit of a folder that is a clone, if a public remote has it."""
    parts = urlsplit(url)
    folder = Path(unquote(parts.path))
    if parts.scheme != "file" or not (folder / "pyproject.toml").is_file():
        return None
    if not _git(folder, "ls-files", "pyproject.toml"):
        return None
    commit, below = _git(folder, "rev-parse", "HEAD"), _git(folder, "rev-parse", "--show-prefix")
    remote = _remote(folder)
    if not (commit and GIT_COMMIT.fullmatch(commit) and remote):
        return None
    return _pin("git", remote, commit, (below or "").strip("/"))


def _remote(folder: Path) -> str | None:
    """Return the URL of a remote that has the commit, as far as is known locally."""
    having = _git(
        folder, "for-each-ref", "--contains", "HEAD", "--format=%(refname)", "refs/remotes"
    )
    names = (_git(folder, "remote") or "").split()
    for name in sorted(names, key=lambda name: name != "origin"):
        if any(ref.startswith(f"refs/remotes/{name}/") for ref in (having or "").split()):
            return _public_url(_git(folder, "remote", "get-url", name) or "")
    return None


def _pin(kind: str, address: str, commit: str, below: str) -> str:
    folder = f"#subdirectory={below}" if below else ""
    return f"{kind}+{address}@{commit}{folder}"


def _public_url(url: str) -> str | None:
    """Return the https form of a URL, without credentials; None if there is none."""
    if scp := SCP_LIKE.fullmatch(url):
        url = f"https://{scp[1]}/{scp[2].lstrip('/')}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = f":{parts.port}" if parts.port and parts.scheme != "ssh" else ""
    except ValueError:
        return None
    if parts.scheme not in ("https", "ssh") or not host or ":" in host or parts.query:
        return None
    if "@" in parts.path:  # it would be parsed as a commit
        return None
    return urlunsplit(("https", f"{host}{port}", parts.path, "", ""))


def _git(folder: Path, *words: str) -> str | None:
    """Run git in a folder and return its output; None if it fails or is not installed."""
    command = ["git", "-C", str(folder), *words]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and words of our own
            command, capture_output=True, text=True, check=True, env=plain
        )
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()
