"""Find the source that sitegen was installed from, to install the same version elsewhere.

Installers record it (PEP 610, `direct_url.json`): a repository and a commit, an archive, or a
folder. Without that record it came from an index. The name alone is never enough: whoever
registers that name would decide what runs.
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
VCS_KINDS = frozenset(("git", "hg", "svn", "bzr"))
HASHES = ("sha512", "sha384", "sha256")
COMMIT_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{6,99}")
GIT_COMMIT_ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
VERSION = re.compile(r"[0-9][0-9A-Za-z.!+_-]*")
# Characters that need no quoting in a shell, YAML and a requirement.
SAFE_CHARACTERS = re.compile(r"[A-Za-z0-9:/._~%@+=,#&?-]+")
SCP_URL = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!//)(/?[\w.~/-]+)")  # git@host:owner/name.git


def pin_requirement(package: Path | None = None, path: list[str] | None = None) -> str | None:
    """Return a requirement (PEP 508) that pins this sitegen; None if its source is unknown.

    `package` is the folder of the running modules, `path` the folders of installed packages.
    """
    package = package or Path(__file__).parent.parent
    distributions = [
        *metadata.distributions(name=DISTRIBUTION, path=sys.path if path is None else path)
    ]
    if not distributions:
        return None
    record = _read_direct_url(distributions[0])
    if record is None:
        return _pin_index_version(distributions[0], package)
    address = _pin_direct_url(record)
    return f"{DISTRIBUTION} @ {address}" if address and SAFE_CHARACTERS.fullmatch(address) else None


def _read_direct_url(distribution: metadata.Distribution) -> dict[str, Any] | None:
    """Return the record of a direct install; an empty one if it cannot be read."""
    text = distribution.read_text("direct_url.json")
    if text is None:
        return None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) and isinstance(record.get("url"), str) else {}


def _pin_index_version(distribution: metadata.Distribution, package: Path) -> str | None:
    """Pin the version from an index, if an installer installed exactly these modules."""
    installer = (distribution.read_text("INSTALLER") or "").strip()
    is_this = Path(str(distribution.locate_file("sitegen"))).resolve() == package.resolve()
    version = distribution.version
    if not (is_this and installer in INSTALLERS and VERSION.fullmatch(version)):
        return None
    return f"{DISTRIBUTION}=={version}"


def _pin_direct_url(record: Mapping[str, Any]) -> str | None:
    url = record.get("url", "")
    subdirectory = record.get("subdirectory", "")
    if isinstance(vcs := record.get("vcs_info"), dict):
        return _pin_repository(url, vcs, subdirectory if isinstance(subdirectory, str) else "")
    if isinstance(archive := record.get("archive_info"), dict):
        return _pin_archive(url, archive)
    if isinstance(record.get("dir_info"), dict):
        return _pin_folder(url)
    return None


def _pin_repository(url: str, vcs: Mapping[str, Any], subdirectory: str) -> str | None:
    kind, commit = vcs.get("vcs"), vcs.get("commit_id")
    if kind not in VCS_KINDS or not isinstance(commit, str) or not COMMIT_ID.fullmatch(commit):
        return None
    if kind == "git" and not GIT_COMMIT_ID.fullmatch(commit):
        return None
    public = _public_url(url)
    return _vcs_url(kind, public, commit, subdirectory) if public else None


def _pin_archive(url: str, archive: Mapping[str, Any]) -> str | None:
    public = _public_url(url)
    hashes = archive.get("hashes")
    digests = dict(hashes) if isinstance(hashes, dict) else {}
    if isinstance(old_hash := archive.get("hash"), str):
        name, _, value = old_hash.partition("=")
        digests.setdefault(name, value)
    for name in HASHES:
        digest = digests.get(name)
        if public and isinstance(digest, str) and re.fullmatch(r"[0-9a-f]{64,128}", digest):
            return f"{public}#{name}={digest}"
    return None


def _pin_folder(url: str) -> str | None:
    """Return the commit of a folder that is a clone, if a public remote has it."""
    parts = urlsplit(url)
    folder = Path(unquote(parts.path))
    if parts.scheme != "file" or not (folder / "pyproject.toml").is_file():
        return None
    if not _run_git(folder, "ls-files", "pyproject.toml"):
        return None
    commit, subdirectory = (
        _run_git(folder, "rev-parse", "HEAD"),
        _run_git(folder, "rev-parse", "--show-prefix"),
    )
    remote = _public_remote(folder)
    if not (commit and GIT_COMMIT_ID.fullmatch(commit) and remote):
        return None
    return _vcs_url("git", remote, commit, (subdirectory or "").strip("/"))


def _public_remote(folder: Path) -> str | None:
    """Return the URL of a remote that has the commit, as far as is known locally."""
    refs = _run_git(
        folder, "for-each-ref", "--contains", "HEAD", "--format=%(refname)", "refs/remotes"
    )
    remotes = (_run_git(folder, "remote") or "").split()
    for name in sorted(remotes, key=lambda name: name != "origin"):
        if any(ref.startswith(f"refs/remotes/{name}/") for ref in (refs or "").split()):
            return _public_url(_run_git(folder, "remote", "get-url", name) or "")
    return None


def _vcs_url(kind: str, address: str, commit: str, subdirectory: str) -> str:
    fragment = f"#subdirectory={subdirectory}" if subdirectory else ""
    return f"{kind}+{address}@{commit}{fragment}"


def _public_url(url: str) -> str | None:
    """Convert a URL to https, without credentials; None if that is impossible."""
    if scp := SCP_URL.fullmatch(url):
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


def _run_git(folder: Path, *arguments: str) -> str | None:
    """Run git in a folder and return its output; None if it fails or is not installed."""
    command = ["git", "-C", str(folder), *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        result = subprocess.run(  # noqa: S603 - no shell, and fixed arguments
            command, capture_output=True, text=True, check=True, env=environment
        )
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        return None
    return result.stdout.strip()
