"""The sites that sitegen builds pass every checker that others made, in all ways to look at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import running, sites
from .built_site import BuiltSite
from .combinations import (
    LANGUAGES,
    SCHEMES,
    THEMES,
    VIEWS,
    WIDTHS,
    View,
    all_cases,
    all_rows,
    cases_in_turn,
    pair_rows,
)

pytestmark = pytest.mark.checkers

SITES = tuple(sites.SOURCES)
BUILDS = {"site": SITES, "theme": THEMES, "language": LANGUAGES}
# Themes that come with sitegen have the same HTML, so files need no pair of theme and language, and
# the sample, which takes a minute, only the languages that differ most.
FILES = [
    (site, THEMES[number % len(THEMES)], language)
    for number, (site, language) in enumerate(all_rows({"site": SITES, "language": LANGUAGES}))
    if site != SITES[0] or language in {"en", "ar"}
]
VIEWED = {**BUILDS, "scheme": SCHEMES, "width": WIDTHS}
ROWS = pair_rows(VIEWED)


def built(folder: Path, site: str, theme: str, language: str) -> BuiltSite:
    """Build one of the sites."""
    sites.SOURCES[site](folder)
    return sites.build(folder, theme, language)


@pytest.mark.parametrize("row", FILES, ids="-".join)
def test_files_have_no_fault(row: tuple[str, str, str], tmp_path: Path) -> None:
    site = built(tmp_path, *row)
    reports = [check(site) for check in running.OF_FILES.values()]
    assert [report.findings for report in reports] == [()] * len(reports)
    assert all(report.checked for report in reports)


@pytest.mark.parametrize("name", sites.GOLDEN)
def test_golden_sites_have_no_fault(name: str, tmp_path: Path) -> None:
    sites.write_golden(name, tmp_path)
    site = sites.build(tmp_path, THEMES[0], LANGUAGES[0])
    reports = [check(site) for check in running.OF_FILES.values()]
    reports.append(running.run_axe(site, running.quick_cases(site)))
    assert [report.findings for report in reports] == [()] * len(reports)
    assert all(report.checked for report in reports)


@pytest.mark.parametrize("row", ROWS, ids="-".join)
def test_pages_have_no_fault_in_a_browser(row: tuple[str, ...], tmp_path: Path) -> None:
    """Check each page in half of the rows; with Lighthouse, which is slow, in one of few rows."""
    site = built(tmp_path, *row[:3])
    view = View(row[3], int(row[4]))
    rows = [other for other in ROWS if other[0] == row[0]]
    half = site.typical_pages[rows.index(row) % 2 :: 2]
    assert half
    assert running.run_loading_and_axe(site, all_cases(half, [view])).findings == ()
    of_lighthouse = rows[::3]  # it takes longer to start than to check a page
    if row[0] == SITES[0] and row in of_lighthouse:
        few = site.typical_pages[of_lighthouse.index(row) :: len(of_lighthouse)]
        assert running.run_lighthouse(site, cases_in_turn(few, VIEWS)).findings == ()


@pytest.mark.every_combination
@pytest.mark.slow
@pytest.mark.parametrize("row", all_rows(BUILDS), ids="-".join)
def test_no_page_has_a_fault_in_any_view(row: tuple[str, str, str], tmp_path: Path) -> None:
    site = built(tmp_path, *row)
    every = all_cases(site.typical_pages, VIEWS)
    reports = list(running.run_all(site, running.NAMES, every))
    assert [report.findings for report in reports] == [()] * len(reports)
