"""Every record of a source becomes a post or is named: an import that lost one writes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from sitegen.errors import SitegenError
from sitegen.ingest import pipeline
from sitegen.model import Author, Post, Thread
from sitegen.sources import Exclusion, Imported, Options, Source, registry

THREAD = Thread("1", "bluesky", (Post("1", "bluesky", text="Fog", author=Author("ada.example")),))


class Forgetful:
    """An importer, as anybody may add one, that finds more records than it tells of."""

    name = "a forgetful source"
    looks_for = "nothing in particular"
    records = 3

    def detect(self, source: Source) -> str | None:
        """Claim whatever there is."""
        return self.name

    def read(self, source: Source, options: Options) -> Imported:
        """Tell of one post and one exclusion."""
        excluded = (Exclusion("2", "draft"),)
        return Imported("posts", type(self).records, (THREAD,), exclusions=excluded)


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that says how many records the forgetful importer finds."""
    module = ModuleType("sitegen.sources.forgetful")
    module.Forgetful = Forgetful  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(registry, "IMPORTERS", (("forgetful", "Forgetful"),))
    return lambda count: monkeypatch.setattr(Forgetful, "records", count)


@pytest.mark.parametrize("kind", ["file", "folder"])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_import_that_lost_a_record_is_refused(
    tmp_path: Path, records: Callable[[int], None], kind: str, count: int
) -> None:
    source = tmp_path / "source"
    if kind == "folder":
        source.mkdir()
    (source / "posts.txt" if kind == "folder" else source).write_text("Fog")
    records(count)
    with pytest.raises(SitegenError, match="some were lost") as caught:
        pipeline.read([source], Options())
    assert caught.value.hint
    assert "nothing was written" in caught.value.hint
    records(2)
    (read,) = pipeline.read([source], Options())
    assert read.imported.threads == (THREAD,)


def test_a_live_account_that_lost_a_record_is_refused() -> None:
    def live(name: str, options: Options) -> tuple[str, Imported]:
        return name, Imported("an account", 2, (THREAD,))

    with pytest.raises(SitegenError, match="2 records became 1 posts and 0 exclusions"):
        pipeline.read(["bluesky:ada.example"], Options(), fetch_account=live)
