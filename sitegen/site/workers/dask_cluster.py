"""Connect to a Dask cluster and use it as an executor for one build.

`distributed` is an optional dependency, imported only here and only for `--cluster`.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from typing import Any

from sitegen.errors import OutputError, UsageError
from sitegen.site.workers import tasks

TIMEOUT_SECONDS = 5  # for the scheduler to respond
NOISY_LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio")


@contextmanager
def connect(address: str) -> Iterator[Executor]:
    """Connect to the scheduler at "tcp://host:8786" and yield an executor over all its workers.

    Raises UsageError for an invalid address or without `distributed`; OutputError if no
    scheduler responds or a worker has other versions of the code.
    """
    check_address(address)
    distributed = _distributed()
    with _silence_logging():
        client = _client(distributed, address)
        try:
            _check_workers(client, address)
            # Not pure: Dask must not reuse the result of an earlier build's equal batch.
            yield client.get_executor(pure=False)
        finally:
            with suppress(Exception):
                client.close(timeout=TIMEOUT_SECONDS)


def check_address(address: str) -> None:
    """Raise UsageError unless the address is that of a scheduler ("tcp://host:8786")."""
    match = re.fullmatch(r"(?:tcp|tls)://(?:[^\s/:@\[\]]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})", address)
    if not match or not 0 < int(match[1]) < 65_536:
        raise UsageError(
            f"not the address of a Dask scheduler: {address!r}",
            hint='write it like "tcp://scheduler:8786".',
        )


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise UsageError(
            f"--cluster needs Dask, which is not installed ({error})",
            hint="pip install 'sitegen-archive[cluster]', here and on the workers.",
        ) from error
    return distributed


def _client(distributed: Any, address: str) -> Any:
    import asyncio

    try:
        # Without a client first: one that fails to start logs even after it is closed.
        asyncio.run(asyncio.wait_for(_connect_once(distributed, address), TIMEOUT_SECONDS))
        return distributed.Client(
            address, timeout=TIMEOUT_SECONDS, set_as_default=False, name="sitegen"
        )
    except Exception as error:  # refused, unknown host, wrong certificate, another service
        raise OutputError(
            f"no Dask scheduler answers at {address}",
            hint="start one with `dask scheduler`, and check the address.",
        ) from error


async def _connect_once(distributed: Any, address: str) -> None:
    """Connect to the scheduler once, with the TLS certificates of Dask's configuration."""
    settings = distributed.Security().get_connection_args("client")
    comm = await distributed.comm.connect(address, timeout=TIMEOUT_SECONDS, **settings)
    await comm.close()


def _check_workers(client: Any, address: str) -> None:
    """Require at least one worker, and this code on each: otherwise Dask retries for ever."""
    try:
        client.wait_for_workers(1, timeout=TIMEOUT_SECONDS)
        answers = client.run(tasks.version_mismatch, tasks.versions(), on_error="return")
    except Exception as error:
        raise OutputError(
            f"the scheduler at {address} has no worker that answers",
            hint=f"start some with `dask worker {address}`.",
        ) from error
    for worker, answer in sorted(answers.items()):
        if answer:
            is_missing = isinstance(answer, Exception)  # the worker cannot import the function
            what = f"has no sitegen like this one ({answer})" if is_missing else answer
            raise OutputError(f"the worker {worker} {what}", hint="install the same everywhere.")


@contextmanager
def _silence_logging() -> Iterator[None]:
    """Silence Dask's logging, since our errors report what matters.

    The loggers stay silent afterwards: Dask's threads may outlive the client for a moment.
    """
    for name in NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
