"""A Dask cluster as an executor, opened for one build.

`distributed` is an extra. It is imported here alone, and only when a cluster is asked for.
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

SECONDS = 5  # for a scheduler to answer
NOISY = ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio")


@contextmanager
def opened(address: str) -> Iterator[Executor]:
    """Give an executor over all workers of a scheduler, "tcp://host:8786".

    Raises UsageError for what is no address, or without `distributed`; OutputError where
    nobody answers, or a worker could not do the same work as this process.
    """
    check(address)
    distributed = _distributed()
    with _quiet():
        client = _client(distributed, address)
        try:
            _find_fit(client, address)
            # Not pure: the same batch, asked again, may find other files to read.
            yield client.get_executor(pure=False)
        finally:
            with suppress(Exception):
                client.close(timeout=SECONDS)


def check(address: str) -> None:
    """Refuse what is not the address of a scheduler. Raises UsageError."""
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
            f"--cluster needs Dask, which is not here ({error})",
            hint="pip install 'sitegen-archive[cluster]', here and on the workers.",
        ) from error
    return distributed


def _client(distributed: Any, address: str) -> Any:
    import asyncio

    try:
        # First without a client: one that fails to start is not quiet even when it is gone.
        asyncio.run(asyncio.wait_for(_greeted(distributed, address), SECONDS))
        return distributed.Client(address, timeout=SECONDS, set_as_default=False, name="sitegen")
    except Exception as error:  # refused, no such host, wrong certificate, something else's port
        raise OutputError(
            f"no Dask scheduler answers at {address}",
            hint="start one with `dask scheduler`, and check the address.",
        ) from error


async def _greeted(distributed: Any, address: str) -> None:
    """Connect to a scheduler once, with the certificates that Dask's own settings name."""
    settings = distributed.Security().get_connection_args("client")
    comm = await distributed.comm.connect(address, timeout=SECONDS, **settings)
    await comm.close()


def _find_fit(client: Any, address: str) -> None:
    """Make sure that there are workers, and each with this code: without, Dask tries for ever."""
    try:
        client.wait_for_workers(1, timeout=SECONDS)
        answers = client.run(tasks.unlike, tasks.versions(), on_error="return")
    except Exception as error:
        raise OutputError(
            f"the scheduler at {address} has no worker that answers",
            hint=f"start some with `dask worker {address}`.",
        ) from error
    for worker, answer in sorted(answers.items()):
        if answer:
            is_lost = isinstance(answer, Exception)  # it could not even find the question
            what = f"has no sitegen like this one ({answer})" if is_lost else answer
            raise OutputError(f"the worker {worker} {what}", hint="install the same everywhere.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging: what matters is in our errors.

    Its threads may outlive the client for a moment, so that the loggers stay silent.
    """
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
