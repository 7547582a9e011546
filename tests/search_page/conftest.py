"""A browser for the tests of a module, and a server for the site that its fixture `output` builds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from checkers import chromium
from checkers.chromium import Tab
from test_script import Quiet


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    """Serve the site in a folder of a host, and return its address."""
    root = output.parent
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}/{output.name}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chromium.running(tmp_path_factory.mktemp("profile")) as browser_address:
        yield browser_address


@pytest.fixture
def tab(browser: str) -> Iterator[Tab]:
    with chromium.opened(browser, "about:blank") as opened:
        opened.resize(1280, 900)
        yield opened
