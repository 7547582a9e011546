"""The command: `python -m tests.checkers public`. The only module here that prints."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from . import running
from .built_site import BuiltSite
from .findings import Finding
from .programs import MissingProgramError


def main() -> int:
    """Check a site and print what is wrong; 1 if something is, 2 if it cannot be checked."""
    options = _options()
    site = BuiltSite(options.folder.resolve())
    if not site.texts:
        sys.stderr.write(f"error: {options.folder} has no page. hint: build the site first.\n")
        return 2
    try:
        return _measure(site) if options.performance else _check(site, options)
    except MissingProgramError as error:
        sys.stderr.write(f"error: {error}. hint: see CONTRIBUTING.md, The checkers.\n")
        return 2


def _check(site: BuiltSite, options: argparse.Namespace) -> int:
    names = options.only or running.NAMES
    cases = running.every_case(site) if options.all else running.quick_cases(site)
    findings: list[Finding] = []
    started = time.perf_counter()
    for report in running.run_all(site, names, cases):
        _print(f"{report}, {time.perf_counter() - started:.0f} s")
        for finding in report.findings:
            _print(f"  {finding.page}: {finding.message}")
        findings += report.findings
        started = time.perf_counter()
    return 1 if findings else 0


def _measure(site: BuiltSite) -> int:
    for line in running.measure(site):
        _print(line)
    return 0


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.checkers", description="Check a built site.")
    parser.add_argument("folder", type=Path, help="the site's folder, such as public")
    parser.add_argument(
        "--only", action="append", choices=running.NAMES, metavar="NAME",
        help=f"run this checker only, of {', '.join(running.NAMES)}; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--all", action="store_true", help="let Lighthouse look at each page in every view"
    )
    parser.add_argument(
        "--performance", action="store_true",
        help="print Lighthouse's performance, the median of three, instead of checking",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
