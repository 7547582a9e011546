"""Run the checkers over a site: those of files, and those that need a browser."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import chromium
from .built_site import BuiltSite
from .checks import axe, feeds, html_checker, lighthouse, links, loading, microformats
from .combinations import VIEWS, Case, all_cases, cases_in_turn
from .findings import Finding, Report
from .hosting import hosted

OF_FILES = {
    html_checker.CHECKER: html_checker.check,
    links.CHECKER: links.check,
    microformats.CHECKER: microformats.check,
    feeds.CHECKER: feeds.check,
}
NAMES = (*OF_FILES, loading.CHECKER, axe.CHECKER, lighthouse.CHECKER)


def run_all(site: BuiltSite, names: Sequence[str], quick: Sequence[Case]) -> Iterator[Report]:
    """Run the checkers with these names; Lighthouse, which is slow, checks only `quick`."""
    yield from (check(site) for name, check in OF_FILES.items() if name in names)
    if loading.CHECKER in names:
        yield run_loading(site, all_cases(site.typical_pages, VIEWS))
    if axe.CHECKER in names:
        yield run_axe(site, all_cases(site.typical_pages, VIEWS))
    if lighthouse.CHECKER in names:
        yield run_lighthouse(site, quick)


def quick_cases(site: BuiltSite) -> Sequence[Case]:
    """Return each typical page in one view."""
    return cases_in_turn(site.typical_pages, VIEWS)


def every_case(site: BuiltSite) -> Sequence[Case]:
    """Return each typical page in each view."""
    return all_cases(site.typical_pages, VIEWS)


def run_axe(site: BuiltSite, cases: Sequence[Case]) -> Report:
    """Run axe in a browser of its own."""
    with _opened(site) as (tab, base):
        return axe.check(tab, base, cases)


def run_loading(site: BuiltSite, cases: Sequence[Case]) -> Report:
    """Load pages in a browser of their own."""
    with _opened(site) as (tab, base):
        return loading.check(tab, base, cases)


def run_loading_and_axe(site: BuiltSite, cases: Sequence[Case]) -> Report:
    """Load each page once for both checkers."""
    findings: list[Finding] = []
    with _opened(site) as (tab, base):
        for page, view in cases:
            findings += loading.findings_in(tab, base, page, view)
            findings += axe.findings_in(tab, page, view)
    return Report(f"{loading.CHECKER} and {axe.CHECKER}", len(cases), tuple(sorted(findings)))


def run_lighthouse(site: BuiltSite, cases: Sequence[Case]) -> Report:
    """Run Lighthouse in a browser of its own."""
    with browser() as address, hosted(site.folder, site.base_path) as base:
        return lighthouse.check(address, base, site, cases)


def measure(site: BuiltSite) -> Iterator[str]:
    """Measure the performance of the typical pages; lines to print."""
    with browser() as address, hosted(site.folder, site.base_path) as base:
        yield from lighthouse.measure(address, base, site, quick_cases(site))


@contextmanager
def _opened(site: BuiltSite) -> Iterator[tuple[chromium.Tab, str]]:
    """Host a site; give a tab of a browser of its own that shows it, and the site's address."""
    with (
        browser() as address,
        hosted(site.folder, site.base_path) as base,
        chromium.opened(address, base) as tab,
    ):
        yield tab, base


@contextmanager
def browser() -> Iterator[str]:
    """Run a browser with a new profile."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        chromium.running(Path(profile)) as address,
    ):
        yield address
