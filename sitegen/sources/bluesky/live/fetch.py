"""Fetch a live Bluesky account from its server, without login.

The cache has a folder for each account: `repo.car` is its repository,
`blobs/` has the files by their CIDs. Only what changed is fetched the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sitegen import files, locks
from sitegen.errors import OutputError
from sitegen.sources import Imported, Options
from sitegen.sources.bluesky.live.accounts import Account, account_of, folder_of
from sitegen.sources.bluesky.live.backoff import RetryPolicy
from sitegen.sources.bluesky.live.endpoints import Endpoints, check

if TYPE_CHECKING:
    from sitegen.sources.bluesky.live.downloads import Downloader
    from sitegen.sources.bluesky.live.identity import Identity

__all__ = ["Account", "Endpoints", "Fetched", "RetryPolicy", "account_of", "fetch", "imported"]

DESCRIPTION = "a Bluesky account, from its server"
Progress = Callable[[str, int, int], None]


class Fetched(Struct, frozen=True):
    """A fetched account: its names, and the paths of its repository and files.

    `requests` and `bytes_fetched` (bodies, as they came over the wire) are the cost; `absent`
    says, by CID, why files of posts could not be had.
    """

    did: str
    handle: str | None
    car: Path
    blobs: Path
    requests: int
    bytes_fetched: int
    absent: Mapping[str, str] = {}
    notes: tuple[str, ...] = ()


def fetch(
    account: Account,
    endpoints: Endpoints,
    cache: Path,
    progress: Progress,
    say: Callable[[str], None],
    retry_policy: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
) -> Fetched:
    """Update the cached copy of an account below `cache` from its server.

    `progress` receives what is fetched ("repository" in bytes, "files" in files), how much of it is
    there and how much it will be, 0 if that is not known; `say` reports long waits. Raises
    ConfigError for invalid endpoints, SourceError if an account or the network is not
    available, BusyError, OutputError.
    """
    from sitegen.sources.bluesky.live.downloads import Downloader
    from sitegen.sources.bluesky.live.identity import resolve
    from sitegen.sources.bluesky.live.requests import HttpClient

    where = check(endpoints)
    with closing(HttpClient(where.are_loopback)) as client:
        web = Downloader(client, retry_policy, say)
        identity = resolve(account, where, web)
        folder = cache / folder_of(identity.did)
        with locks.hold(folder / "lock", "another import of this account", cache.parent):
            absent = _update(identity, folder, web, progress)
        notes = (*identity.notes, *_describe(absent))
        car, blobs = folder / "repo.car", folder / "blobs"
        return Fetched(
            identity.did, identity.handle, car, blobs, client.requests, client.bytes, absent, notes
        )


def imported(fetched: Fetched, options: Options) -> Imported:
    """Read a fetched account as a source. Raises SourceError."""
    from sitegen.sources.bluesky.repository import blobs as bluesky_blobs
    from sitegen.sources.bluesky.repository import importer as bluesky_car

    data = files.read(str(fetched.car))
    blobs = bluesky_blobs.beside(fetched.car)
    found = bluesky_car.read_repository(data, fetched.car, options, fetched.handle, blobs)
    return replace(found, found=DESCRIPTION, notes=(*fetched.notes, *found.notes))


def _update(
    identity: Identity, folder: Path, web: Downloader, progress: Progress
) -> Mapping[str, str]:
    """Fetch the repository, then its files; return those that could not be had."""
    from sitegen.sources.bluesky.live.account_status import explain
    from sitegen.sources.bluesky.live.blob_cache import BlobCache
    from sitegen.sources.bluesky.live.repository_cache import update
    from sitegen.sources.bluesky.live.requests import RefusedError

    car = folder / "repo.car"

    def count(what: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(what, done, total)

    try:
        found = update(car, identity.did, identity.server, web, count("repository"))
        blobs = BlobCache(folder / "blobs", identity.did, identity.server, web)
        return blobs.update(found.files(), found.commit, count("files")).files
    except RefusedError as error:
        raise explain(error, f"bluesky:{identity.handle or identity.did}", car) from error
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise OutputError(what, path=error.filename or folder, hint="check the disk.") from error


def _describe(absent: Mapping[str, str]) -> tuple[str, ...]:
    if not absent:
        return ()
    what = "1 file" if len(absent) == 1 else f"{len(absent)} files"
    return (f"{what} that posts show could not be had: {next(iter(absent.values()))}",)
