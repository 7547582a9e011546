"""lychee: every link within the site, with its fragment, wherever the site is."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from ..built_site import NOT_FOUND, BuiltSite
from ..findings import Finding, Report
from ..hosting import hosted
from ..programs import program

CHECKER = "lychee"
# A slow machine is no fault of a link: the host is this process, and answers in the end.
OPTIONS = ("--no-progress", "--format", "json", "--include-fragments", "--max-retries", "5",
           "--timeout", "600", "--host-request-interval", "0ms", "--host-concurrency", "16",
           "--no-ignore")  # fmt: skip
EXIT_CODES = (0, 2)  # all is well, or there are broken links
PREFIXES = ("/", "/repo/")


def check(site: BuiltSite) -> Report:
    """Follow the links of every page under `/`, under `/repo/`, from a disk and at its own place.

    Links to other sites are not followed. The 404 page is read at its own place alone: hosts
    serve it for addresses at any depth, so that its links have to name the site's path.
    """
    pages = [path for path in site.texts if path != NOT_FOUND]
    findings = [*_from_disk(site, pages)]
    for prefix in dict.fromkeys((*PREFIXES, site.base_path)):
        own = [NOT_FOUND] if prefix == site.base_path and NOT_FOUND in site.texts else []
        findings += _hosted(site, [*pages, *own], prefix)
    return Report(CHECKER, len(site.texts), tuple(sorted(findings)))


def _from_disk(site: BuiltSite, pages: list[str]) -> Iterator[Finding]:
    folder = site.folder.resolve()
    yield from _run(pages, f"{folder}/", f"{folder.as_uri()}/", "--offline")


def _hosted(site: BuiltSite, pages: list[str], prefix: str) -> Iterator[Finding]:
    with hosted(site.folder, prefix) as base:
        own = f"^{re.escape(base.removesuffix(prefix))}/"
        yield from _run(pages, base, base, "--exclude", ".", "--include", own)


def _run(pages: list[str], start: str, base: str, *options: str) -> Iterator[Finding]:
    """Read the pages, whose names begin with `start`; addresses in the site begin with `base`."""
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder, "inputs")
        names.write_text("".join(f"{start}{page}\n" for page in pages), "utf-8")
        command = [program("lychee"), *OPTIONS, *options, "--files-from", str(names)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in EXIT_CODES:
        raise RuntimeError(f"lychee cannot run: {done.stderr[-800:]}")
    said = json.loads(done.stdout)
    place = f"under {urlsplit(base).path}" if base.startswith("http") else "from a disk"
    for page, faults in {**said["error_map"], **said["timeout_map"]}.items():
        for fault in faults:
            link = fault["url"].removeprefix(base)
            text = fault["status"]["text"]
            yield Finding(CHECKER, page.removeprefix(start), f"{place}: {link}: {text}")
