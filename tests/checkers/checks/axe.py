"""axe-core: accessibility, with all of its rules, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..chromium import Tab
from ..combinations import HEIGHT, Case, View
from ..findings import Finding, Report
from ..programs import packages

CHECKER = "axe"
OPEN = """scrollTo({top: 0, behavior: "instant"});
document.querySelectorAll("details").forEach((each) => { each.open = true; })"""
RUN = """axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations.map(
  ({id, help, nodes}) => [`${id}: ${help}`, nodes.map(({target}) => target.join(" "))]))"""
IS_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def check(tab: Tab, base: str, cases: Sequence[Case]) -> Report:
    """Check pages, each in its view, with all that they fold away, such as what a warning hides.

    No page may be wider than its window either.
    """
    findings: list[Finding] = []
    for page, view in cases:
        look(tab, view)
        tab.go(base + page)
        findings += findings_in(tab, page, view)
    return Report(CHECKER, len(cases), tuple(sorted(findings)))


def findings_in(tab: Tab, page: str, view: View) -> Iterator[Finding]:
    """Yield what is wrong with a page that a tab shows, with all that it folds away."""
    tab.value(OPEN)
    for fault in faults(tab):
        yield Finding(CHECKER, page, f"{view}: {fault}")


def look(tab: Tab, view: View) -> None:
    """Look at pages in this way from now on."""
    tab.resize(view.width, HEIGHT)
    tab.prefer(view.scheme)


def faults(tab: Tab) -> list[str]:
    """Return what is wrong with the page that a tab shows."""
    script = (packages() / "axe-core/axe.min.js").read_text("utf-8")
    tab.command("Runtime.evaluate", expression=script)
    violations = tab.value(RUN)
    if violations is None:
        raise RuntimeError("axe did not run")
    wide = ["the page is wider than the window"] if tab.value(IS_WIDER) else []
    return wide + [f"{rule}: {', '.join(targets[:3])}" for rule, targets in violations]
