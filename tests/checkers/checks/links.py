"""lychee: every link within the site, with its fragment, wherever the site is."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ..built_site import NOT_FOUND, BuiltSite
from ..findings import Finding, Report
from ..hosting import hosted
from ..programs import program

CHECKER = "lychee"
OPTIONS = ("--no-progress", "--format", "json", "--include-fragments", "--max-retries", "0",
           "--host-request-interval", "0ms", "--host-concurrency", "64", "--no-ignore")  # fmt: skip
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
    root = site.folder.resolve().as_uri()
    links = [f"{site.folder.resolve()}/{path}" for path in pages]
    yield from _run(links, root, "--offline")


def _hosted(site: BuiltSite, pages: list[str], prefix: str) -> Iterator[Finding]:
    with hosted(site.folder, prefix) as base:
        origin = base.removesuffix(prefix)
        inputs = [base + path for path in pages]
        yield from _run(inputs, base, "--exclude", ".", "--include", f"^{re.escape(origin)}/")


def _run(inputs: list[str], base: str, *options: str) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder, "inputs")
        names.write_text("".join(f"{name}\n" for name in inputs), "utf-8")
        command = [program("lychee"), *OPTIONS, *options, "--files-from", str(names)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    said = json.loads(done.stdout)
    if said["total"] == 0 or done.returncode not in (0, 2):
        raise RuntimeError(f"lychee read nothing: {done.stderr[-800:]}")
    for page, faults in {**said["error_map"], **said["timeout_map"]}.items():
        for fault in faults:
            where = fault["url"].replace(base, "")
            yield Finding(CHECKER, page.replace(base, ""), f"{where}: {fault['status']['text']}")
