"""Explain why a server does not show an account."""

from __future__ import annotations

from pathlib import Path

from sitegen.errors import SourceError
from sitegen.sources.bluesky.live.requests import RefusedError

# https://github.com/bluesky-social/atproto/blob/main/lexicons/com/atproto/sync/getRepo.json
STATES = {
    "RepoNotFound": ("is not on its server", "it may have moved a moment ago, or been deleted."),
    "RepoDeactivated": ("is deactivated by its owner", "only its owner can bring it back."),
    "RepoTakendown": ("was taken down by its server", "ask those who run the server."),
    "RepoSuspended": ("is suspended by its server", "ask those who run the server."),
}


def is_of_account(error: RefusedError) -> bool:
    """Return whether a refusal concerns the whole account, not one thing in it."""
    return error.code in STATES


def explain(error: RefusedError, name: str, cached: Path) -> SourceError:
    """Explain a refusal of an account; mention the copy of an earlier import."""
    if error.code not in STATES:
        return error
    what, hint = STATES[error.code]
    if cached.exists():
        hint = f"{hint} What was fetched before can be imported: {cached}"
    return SourceError(what, path=name, hint=hint)
