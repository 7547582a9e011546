"""What all tests share: options, the number of examples, and a place for temporary files."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Few examples at one's desk, where tests run often; those who wait for nobody look harder.
settings.register_profile(
    "default",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    max_examples=10,
)
# A change is judged by itself, not by luck: the same examples each time. Luck has its own run.
settings.register_profile(
    "same", parent=settings.get_profile("default"), derandomize=True, max_examples=100
)
settings.register_profile("few", parent=settings.get_profile("default"), derandomize=True)
settings.register_profile("long", parent=settings.get_profile("default"), max_examples=1000)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "same" if os.environ.get("CI") else "default")
settings.load_profile(PROFILE)


# Imports and builds wait until the disk has what they wrote, which is a third of the tests' time.
# A tmpfs has it at once; whether they wait is tested by the order of their system calls.
TMPFS = Path("/dev/shm")
NEEDED = 4 * 2**30  # bytes: a run leaves less than one, and pytest keeps three
if os.access(TMPFS, os.W_OK) and shutil.disk_usage(TMPFS).free >= NEEDED:
    tempfile.tempdir = os.environ.setdefault("TMPDIR", str(TMPFS))

# Each process of a run would compile the program and the tests again, which takes longer than most
# tests. Where Python shall leave nothing beside the sources, its bytecode is kept elsewhere.
if sys.dont_write_bytecode:
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path.home() / ".cache" / "sitegen-tests" / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix

# Commands of tests may take long on a busy machine; what they say shall not depend on that.
os.environ["SITEGEN_PROGRESS"] = "off"


def pytest_configure() -> None:
    """Let Ctrl-C reach the processes that tests start, also where it was turned off for us.

    A shell turns it off for what it runs in the background, and children inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --refresh and --slow."""
    parser.addoption("--refresh", action="store_true", help="write golden files anew")
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


MOST_PROCESSES = 8
MOST_CASES = 3  # of each test, in a run of all tests without --slow


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the tests among the processors, but run some files, or some tests, in this process.

    Each process first imports all tests, which takes longer than those of a file. More than a
    few are of no use either: the longest tests are then what is waited for.
    """
    return 0 if _names_files(config) else min(os.cpu_count() or 1, MOST_PROCESSES)


def _names_files(config: pytest.Config) -> bool:
    """Tell whether the command names the files whose tests shall run."""
    return bool(config.args) and all(a.partition("::")[0].endswith(".py") for a in config.args)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow tests to those who ask for them, and fail where what is needed is missing."""
    needs = os.environ.get("SITEGEN_NEEDS", "").replace(",", " ").split()
    has_browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if "browser" in needs and not has_browser and any("browser" in i.keywords for i in items):
        raise pytest.UsageError("SITEGEN_NEEDS=browser, but there is no chromium")
    has_node = shutil.which("node") and shutil.which("npm")
    if "live" in needs and not has_node and any("live" in i.keywords for i in items):
        raise pytest.UsageError("SITEGEN_NEEDS=live, but there is no Node with npm")
    if missing := _missing_libraries():
        tables = [item for item in items if item.get_closest_marker("datasets")]
        if "datasets" in needs and tables:
            raise pytest.UsageError(f"SITEGEN_NEEDS=datasets, but there is no {missing}")
        for item in tables:
            item.add_marker(pytest.mark.skip(reason=f"needs {missing}: the extra datasets"))
    checked = [item for item in items if item.get_closest_marker("checkers")]
    if "checkers" not in needs:
        for item in checked:
            reason = "needs the checkers of built sites: SITEGEN_NEEDS=checkers"
            item.add_marker(pytest.mark.skip(reason=reason))
    elif checked and (missing := _missing_checkers()):
        raise pytest.UsageError(f"SITEGEN_NEEDS=checkers, but there is no {missing}")
    if config.getoption("--slow"):
        return
    names_files = _names_files(config)
    browses = "browser" in needs or names_files
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))
        elif "browser" in item.keywords and not browses:
            item.add_marker(pytest.mark.skip(reason="browser: run with --slow, or name the file"))
    if not names_files:
        further = _further_cases(items)
        config.hook.pytest_deselected(items=[item for item in items if item in further])
        items[:] = [item for item in items if item not in further]


def _further_cases(items: Sequence[pytest.Item]) -> set[pytest.Item]:
    """Return the cases of each test but the first, the last and some between them."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if not item.get_closest_marker("skip"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return {item for listed in cases.values() for item in set(listed) - set(_spread(listed))}


def _spread(cases: Sequence[pytest.Item]) -> Sequence[pytest.Item]:
    """Return at most MOST_CASES of these, as far apart as they can be."""
    if len(cases) <= MOST_CASES:
        return cases
    return [cases[at * (len(cases) - 1) // (MOST_CASES - 1)] for at in range(MOST_CASES)]


def _missing_libraries() -> str:
    """Return the names of libraries that tests of data sets need and that are missing."""
    return ", ".join(name for name in ("mlcroissant", "pyarrow") if find_spec(name) is None)


def _missing_checkers() -> str:
    """Return the names of the programs that are missing; npm installs the others."""
    from checkers.programs import found

    return ", ".join(name for name, path in found().items() if path is None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector from thousands of tests, which stay: now, and while they run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture
def refresh(request: pytest.FixtureRequest) -> bool:
    """Tell whether goldens shall be written anew."""
    return bool(request.config.getoption("--refresh"))


@pytest.fixture
def root() -> Path:
    """Return the folder of the project."""
    return Path(__file__).parent.parent
