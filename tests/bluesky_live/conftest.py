"""What the tests of the live account share: the real server, and small ones that misbehave."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import real_server
from .fetching_once import Importing
from .made_account import Keeper
from .small_server import Loopback, serving


@pytest.fixture(scope="package", autouse=True)
def no_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trust nobody on the internet: nobody is asked there, and to read whom all trust takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("none")))
        yield


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[real_server.Pds]:
    """Run the real server for all tests; where it is not, they are skipped, unless it is needed.

    It is 360 MB, so it is only installed where somebody asks for it.
    """
    is_needed = "live" in os.environ.get("SITEGEN_NEEDS", "").replace(",", " ").split()
    try:
        folder = real_server.installed() if is_needed else real_server.found()
    except real_server.NotHereError as error:
        if is_needed:
            pytest.fail(f"SITEGEN_NEEDS=live, but {error}")
        pytest.skip(str(error))
    with real_server.running(folder, tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """Run a small server that answers what a test says."""
    with serving() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Loopback]:
    """Run a second one."""
    with serving() as server:
        yield server


@pytest.fixture
def keeper(loopback: Loopback) -> Keeper:
    """Make up an account on a small server."""
    return Keeper(loopback)


@pytest.fixture
def importing(keeper: Keeper, tmp_path: Path) -> Importing:
    """Import the made-up account into a cache of its own."""
    return Importing(keeper.endpoints, tmp_path / "cache")
