"""Lighthouse: accessibility, best practices and SEO have 100 of 100; performance is shown."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..built_site import BuiltSite
from ..combinations import HEIGHT, Case
from ..findings import Finding, Report
from ..programs import packages, program

CHECKER = "lighthouse"
CATEGORIES = ("accessibility", "best-practices", "seo")
ROUNDS = 3  # of a measurement; their median counts
SCRIPT = Path(__file__).parent.parent / "lighthouse.mjs"
NOT_INDEXED = re.compile(r'<meta name="robots" content="noindex">')


@dataclass(frozen=True)
class Result:
    """What Lighthouse says about one page."""

    scores: Mapping[str, float | None]
    faults: Sequence[str]
    error: str | None


def check(browser: str, base: str, site: BuiltSite, cases: Sequence[Case]) -> Report:
    """Check pages, each in its view."""
    tasks = [_task(base, site, case, CATEGORIES) for case in cases]
    found = zip(cases, _results(browser, tasks), strict=True)
    findings = [finding for case, result in found for finding in _findings(case, result)]
    return Report(CHECKER, len(cases), tuple(sorted(findings)))


def measure(browser: str, base: str, site: BuiltSite, cases: Sequence[Case]) -> Iterator[str]:
    """Go through the pages with the median of their scores for performance."""
    for case in cases:
        tasks = [_task(base, site, case, ("performance",))] * ROUNDS
        scores = [100 * (result.scores["performance"] or 0) for result in _results(browser, tasks)]
        yield f"performance: {case[0]}, {case[1]}: {statistics.median(scores):.0f}"


def _task(base: str, site: BuiltSite, case: Case, categories: Sequence[str]) -> dict[str, object]:
    """Return a page's task.

    A page that asks search engines not to index it, such as the 404 page, cannot at the same time
    be open to them.
    """
    page, view = case
    skipped = ["is-crawlable"] if NOT_INDEXED.search(site.texts[page]) else []
    return {
        "url": base + page,
        "scheme": view.scheme,
        "width": view.width,
        "height": HEIGHT,
        "categories": categories,
        "skipped": skipped,
    }


def _results(browser: str, tasks: Sequence[Mapping[str, object]]) -> Iterator[Result]:
    port = browser.rpartition(":")[2]
    done = subprocess.run(
        [program("node"), str(SCRIPT), str(packages()), port],
        input=json.dumps(tasks), capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"Lighthouse cannot run: {done.stderr[-800:]}")
    for line in done.stdout.splitlines():
        yield Result(**json.loads(line))


def _findings(case: Case, result: Result) -> Iterator[Finding]:
    page, view = case
    if result.error:
        yield Finding(CHECKER, page, f"{view}: {result.error}")
    for fault in result.faults:
        yield Finding(CHECKER, page, f"{view}: {fault}")
    for category in CATEGORIES:
        score = result.scores.get(category)
        if score != 1:
            yield Finding(CHECKER, page, f"{view}: {category} has {score}")
