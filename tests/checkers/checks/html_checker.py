"""The Nu HTML checker: HTML, CSS and SVG by the standards."""

from __future__ import annotations

import json
import subprocess
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ..built_site import BuiltSite
from ..findings import Finding, Report
from ..programs import packages, program

CHECKER = "vnu"
MOST_FILES = 2_000  # on a command line


def check(site: BuiltSite) -> Report:
    """Check every page, style sheet and drawing of the site's own.

    Its errors count. Warnings do not: it takes a file's address for a foreign one, and then warns
    that the pages' policy forbids their own style sheets.
    """
    paths = site.paths(".html", ".css", ".svg")
    starts = range(0, len(paths), MOST_FILES)
    findings = [f for start in starts for f in _run(site, paths[start : start + MOST_FILES])]
    return Report(CHECKER, len(paths), tuple(sorted(findings)))


def _run(site: BuiltSite, paths: tuple[str, ...]) -> list[Finding]:
    jar = packages() / "vnu-jar/build/dist/vnu.jar"
    options = ["--format", "json", "--also-check-css", "--also-check-svg"]
    command = [program("java"), "-jar", str(jar), *options, *paths]
    done = subprocess.run(command, cwd=site.folder, capture_output=True, text=True)
    messages = json.loads(done.stderr)["messages"]
    root = PurePosixPath(site.folder.resolve().as_posix())
    return [
        Finding(
            CHECKER, _page(message, root), f"line {message.get('lastLine')}: {message['message']}"
        )
        for message in messages
        if message["type"] != "info"
    ]


def _page(message: dict[str, str], root: PurePosixPath) -> str:
    path = PurePosixPath(unquote(urlsplit(message.get("url", "")).path))
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
