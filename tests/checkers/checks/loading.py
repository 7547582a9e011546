"""How pages load in a browser: what they request, whether they move, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..chromium import Tab
from ..combinations import Case, View
from ..findings import Finding, Report
from .axe import look

CHECKER = "loading"
# Goes down the page as a reader does, since pictures load late, and back up; then collects the
# shifts of the layout. An element that moved is named by its classes.
READ = """(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const name = ({node}) => node?.nodeType === 1
    ? [node.localName, ...node.classList].join(".") : node?.parentElement?.localName ?? "?";
  const shifts = [];
  const note = (list) => list.forEach(({value, sources}) =>
    shifts.push([value, [...new Set(sources.map(name))].join(", ")]));
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({type: "layout-shift", buffered: true});
  const seen = () => [...document.images].filter((image) => {
    const {top, bottom} = image.getBoundingClientRect();
    return image.checkVisibility() && bottom > 0 && top < innerHeight;
  });
  const steps = Math.min(MOST_STEPS, Math.ceil(document.documentElement.scrollHeight / innerHeight));
  for (let step = 0; step < steps; step += 1) {
    scrollTo({top: step * innerHeight, behavior: "instant"});
    await frame();
    await Promise.all(seen().map((image) => image.decode().catch(() => null)));
    await frame();
  }
  note(observer.takeRecords());
  observer.disconnect();
  const requests = performance.getEntriesByType("resource").map((entry) => entry.name);
  return [shifts, requests];
})()"""
MOST_STEPS = 40
# Below this, what is in the middle or shares a line moves because a page arrives in pieces, which
# depends on the load of the machine.
LEAST_SHIFT = 0.02


def check(tab: Tab, base: str, cases: Sequence[Case]) -> Report:
    """Load pages, each in its view, and read them from top to bottom.

    No page may request anything from another place, move what is shown, or have an error.
    """
    findings = [f for page, view in cases for f in findings_in(tab, base, page, view)]
    return Report(CHECKER, len(cases), tuple(sorted(findings)))


def findings_in(tab: Tab, base: str, page: str, view: View) -> Iterator[Finding]:
    """Load a page and yield what is wrong with how it loads."""
    look(tab, view)
    tab.problems.clear()
    tab.go(base + page)
    for fault in faults(tab, base):
        yield Finding(CHECKER, page, f"{view}: {fault}")


def faults(tab: Tab, base: str) -> Iterator[str]:
    """Read the page that a tab shows, and yield what is wrong with it."""
    shifts, requests = tab.value(READ.replace("MOST_STEPS", str(MOST_STEPS)))
    for value, moved in shifts:
        if value >= LEAST_SHIFT:
            yield f"the layout shifts by {value:.4f}: {moved}"
    for request in requests:
        if not request.startswith(base):
            yield f"it requests {request}"
    for problem in tab.problems:
        yield f"the console says: {problem}"
