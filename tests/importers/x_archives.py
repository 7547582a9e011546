"""What the tests of X archives share: records, and archives of them on the disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sitegen.model import Post, Privacy
from sitegen.sources import Imported, Include, Options, registry
from sitegen.sources.x.importer import XArchive

EVENING = "Wed Oct 10 20:19:24 +0000 2018"


def imported(
    path: Path,
    account: str | None = None,
    *include: Include,
    privacy: dict[tuple[str, str], Privacy] | None = None,
) -> Imported:
    """Read an archive as the command does, and see that no record is lost."""
    importer, source = registry.detect(path)
    assert importer.name == XArchive.name
    found = importer.read(source, Options(account, frozenset(include), privacy or {}))
    assert found.records == sum(len(t.posts) for t in found.threads) + len(found.exclusions)
    return found


def archive(path: Path, **files: Any) -> Path:
    """Write an archive: records or text by the name of each file, "_" for "-"."""
    (path / "data").mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        if not isinstance(value, str):
            value = f"window.YTD.{name}.part0 = {json.dumps(value)}"
        (path / "data" / f"{name.replace('_', '-')}.js").write_text(value)
    return path


def tweet(tweet_id: str, text: str, **more: Any) -> dict[str, Any]:
    """Return a record of tweets.js."""
    return {"tweet": {"id_str": tweet_id, "full_text": text, "created_at": EVENING, **more}}


def posts_of(found: Imported) -> dict[str, Post]:
    """Return all posts by their ids."""
    return {post.id: post for thread in found.threads for post in thread.posts}


def one(path: Path, record: dict[str, Any], **files: Any) -> Post:
    """Return the one post that an archive with one tweet has."""
    (post,) = posts_of(imported(archive(path, tweets=[record], **files))).values()
    return post


def exclusions_of(found: Imported) -> list[tuple[str, str, str]]:
    """Return the exclusions but those of records that are never posts."""
    return [(e.record, e.reason, e.detail) for e in found.exclusions if e.reason != "not a post"]
