"""The library: import, build and export a site's archive, as the command line does.

`import sitegen` offers these functions; each loads what it needs when it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from sitegen.errors import OldFormatError, UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.config.schema import Config
    from sitegen.content.changeset.provenance import Deletions
    from sitegen.ingest.pipeline import Import, Rules
    from sitegen.ingest.source_reader import ReadSource
    from sitegen.model import Thread
    from sitegen.opendata.request import Audience, Contents, Format
    from sitegen.selection.topic_posts import TopicCounts
    from sitegen.site.build import Report
    from sitegen.sources import Options
    from sitegen.text.charset_repair import Repaired
    from sitegen.topics.update import Update

Progress = Callable[[str, int, int], None]
READING = "reading"


def _ignore_progress(step: str, done: int, total: int) -> None: ...


def _ignore_line(line: str) -> None: ...


def load_config(
    path: str | Path | None = None, *, output: Path | None = None, base_url: str = ""
) -> Config:
    """Load the settings of a site from its `sitegen.toml`.

    Without a path, that of the current folder is read; if there is none, all settings have their
    defaults. `output` and `base_url` override the settings of these names.

    Raises ConfigError, which names the file and the line.
    """
    from sitegen.config import settings

    return settings.load(Path(path) if path is not None else None, output, base_url)


def import_sources(
    config: Config,
    sources: Sequence[str | Path],
    *,
    account: str = "",
    include: Iterable[str] = (),
    deletions: Deletions = "ask",
    dry_run: bool = False,
    progress: Progress = _ignore_progress,
    say: Callable[[str], None] = _ignore_line,
) -> Import:
    """Import files, folders, archives and live accounts (`bluesky:HANDLE`) into `content/`.

    `account` is the handle to assume if a source names none (default: `[import] account`,
    then `[site] account`). `include` names records that are excluded by default: "followers",
    "direct", "logged-out", "unknown". A dry run reads and merges, and writes nothing.

    Posts that a person deleted from `content/` stay away, with `deletions` "restore" they are
    imported again. If more than half of all are missing, ContentError asks for it, or for "accept".

    `progress` is called with the name of a step, how much of it is done and of how much (0 if
    unknown); `say` is called with lines about live accounts.

    The result has the posts, the `sources` (with every exclusion and its reason) and the
    `changes` (files created, updated and unchanged). Raises SourceError, or SeveralErrors of
    them; ContentError for a file of `content/` that cannot be read; BusyError while another
    import is running; UsageError for an unknown `include`.
    """
    from sitegen.ingest import pipeline
    from sitegen.ingest.live_accounts import AccountFetcher
    from sitegen.topics import pending
    from sitegen.topics.finding.languages import word_lists

    options = _options(config, account, include)
    rules = pipeline.Rules(config.imports.vanished, config.imports.crossposts, deletions)  # type: ignore[arg-type]

    def report_reading(done: int, total: int) -> None:
        progress(READING, done, total if done else 0)  # the duration of the first is unknown

    def report_fetching(what: str, done: int, total: int) -> None:
        progress(f"fetching {what}", done, total)

    with _fetch_folder(config, dry_run) as cache:
        live = AccountFetcher(
            cache, config.bluesky.resolver, config.bluesky.plc, report_fetching, say
        )
        read_sources = pipeline.read(sources, options, report_reading, live)
        if dry_run:
            return pipeline.dry_run(config.content, read_sources, rules, progress)
    was_pending = pending.is_pending(config.cache)
    pending.begin(config.cache)
    result = _import(config, read_sources, rules, progress, say)
    if not (was_pending or pipeline.has_new_posts(result)):
        pending.end(config.cache)
    elif config.build.topics and word_lists.is_installed():
        progress(pipeline.FINDING_TOPICS, 0, 0)
        update = update_topics(config)
        if update.new:
            say(f"topics: {len(update.after.topics):,} found (`sitegen topics` lists them)")
    elif config.build.topics and not was_pending:  # said once
        say(f"topics are found once wordfreq is installed. hint: {word_lists.CURE}")
    return result


def _options(config: Config, account: str, include: Iterable[str]) -> Options:
    """Return how to read sources. Raises UsageError for what cannot be included."""
    from sitegen.ingest import source_states
    from sitegen.sources import Include, Options

    included = [*include]
    unknown = [word for word in included if word not in get_args(Include)]
    if unknown:
        what = f"--include cannot be {unknown[0]!r}"
        raise UsageError(what, hint=f"it may be {', '.join(get_args(Include))}.")
    handle = account or config.imports.account or config.site.account
    privacy = source_states.known_privacy(config.content)
    return Options(handle.removeprefix("@") or None, frozenset(included), privacy)  # type: ignore[arg-type]


def _import(
    config: Config, sources: tuple[ReadSource, ...], rules: Rules, progress: Progress,
    say: Callable[[str], None],
) -> Import:  # fmt: skip
    """Import what was read, into files that are converted first if their format is old."""
    from sitegen.ingest import pipeline

    import_now = partial(
        pipeline.import_into, config.content, config.cache, sources, rules, progress
    )
    try:
        return import_now()
    except OldFormatError:
        converted = pipeline.convert(config.content, config.cache, progress)
        say(f"converted {converted:,} files of content/ to version 2 of its format")
        return import_now()


def update_topics(config: Config, *, dry_run: bool = False) -> Update:
    """Find the topics of the posts that the site shows; record them in `content/topics.found.toml`.

    An import does that at its end. Only posts that the site shows count. The file is written if it
    changes; with `dry_run`, nothing is. The result has the topics `before` and `after`, those that
    are `new` and `gone`, and names of `people` that are held back.

    Raises ContentError, which names the file and the line; UsageError without the extra `topics`.
    """
    from sitegen.selection import topic_posts
    from sitegen.topics import found_file, pending
    from sitegen.topics.finding.languages import word_lists

    if not word_lists.is_installed():
        raise UsageError("topics cannot be found without wordfreq", hint=word_lists.CURE)
    update = topic_posts.find_update(config)
    if not dry_run:
        found_file.write(config.content, update.after)
        pending.end(config.cache)
    return update


def count_topics(config: Config) -> TopicCounts:
    """Return the topics of a site, as `content/topics.toml` changes them, and the posts of each.

    Only posts that the site shows count. Raises ContentError, which names the file and the line.
    """
    from sitegen.selection import topic_posts

    return topic_posts.count_posts(config)


def convert_content(config: Config, *, progress: Progress = _ignore_progress) -> int:
    """Convert `content/` from version 1 of its format to version 2, as the next import does.

    Return the number of files that changed. `export_posts` gives the same before and after.
    Raises ContentError, which names the file and the line; BusyError while an import is running.
    """
    from sitegen.ingest import pipeline

    return pipeline.convert(config.content, config.cache, progress)


@contextmanager
def _fetch_folder(config: Config, dry_run: bool) -> Iterator[Path]:
    """Provide the folder to fetch live accounts into; delete it after a dry run."""
    if not dry_run:
        yield config.cache
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="sitegen-") as folder:
        yield Path(folder)


def build_site(
    config: Config,
    *,
    force: bool = False,
    cluster: str = "",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    step: Callable[[str], None] = lambda what: None,
) -> Report:
    """Build the site, or update it after changes to content, theme or settings.

    Only files that changed are written; the result has the same bytes as a first build. `force`
    allows a build with fewer than half of the posts of the last one. The work is done by
    processes on this machine, by an executor of `concurrent.futures` whose workers see the site
    at the same path, or by a Dask cluster (`cluster` is its scheduler's address).

    `step` is called with the name of each step, `progress` with the pages rendered and their total.

    The result has the paths `written` and `removed`, and `warnings`. Raises SitegenError
    (ContentError, ThemeError, OutputError, BusyError); the site is then still complete, though
    some of its files may be new.
    """
    from sitegen.site import build as builds
    from sitegen.site import run

    min_share = 0.0 if force else builds.MIN_SHARE
    return run.run_build(
        config, progress, cluster, step=step, min_share=min_share, executor=executor
    )


def read_threads(config: Config) -> tuple[Thread, ...]:
    """Return the threads of `content/`; hidden posts are marked as such. Raises ContentError."""
    from sitegen.selection import hide_rules

    return tuple(hide_rules.read_archive(config))


def export_posts(
    config: Config, *, query: str | None = None, since: str | None = None,
    audience: Audience = "owner",
    contents: Contents = "posts", format: Literal["jsonl", "csv"] = "jsonl",  # noqa: A002 - the option
    min_posts: int | None = None, key: str | Path | None = None,
) -> str:  # fmt: skip
    """Return the posts of `content/` in the exchange format, one JSON object per line, or as CSV.

    The posts of a thread are consecutive. The `audience` "owner" has every post, "public" those
    that the site shows as public, "anonymous" the same without what names somebody. With a `query`
    (docs/query.md), an empty one too, or a day `since` when posts were written, only the posts that
    match are there, and none that is hidden. CSV has none that is hidden either.

    `contents`, `min_posts` and `key` are for anonymous exports, as docs/open-data.md says.

    Raises ContentError, which names the file and the line; UsageError for a mistake in a query, and
    for what has no effect on such an export.
    """
    from sitegen.opendata import export
    from sitegen.opendata.request import Request

    path = None if key is None else Path(key)
    request = Request(audience, contents, format, query, since, min_posts, path)
    return b"".join(export.prepare(config, request).pieces).decode("utf-8-sig")


def export_files(
    config: Config, output: str | Path, *, query: str | None = None, since: str | None = None,
    audience: Audience = "owner", contents: Contents = "posts",
    format: Format = "jsonl",  # noqa: A002 - the option
    min_posts: int | None = None, key: str | Path | None = None,
) -> tuple[Path, ...]:  # fmt: skip
    """Write posts to a file, as `export_posts` returns them, or as Parquet; return the files.

    Beside a public or an anonymous export, there is its data card: a README in Markdown, and a
    description for programs. They are complete, or no file changes.

    Raises what `export_posts` raises, and OutputError, OSError.
    """
    from sitegen.opendata import export, output_files
    from sitegen.opendata.request import Request

    path = None if key is None else Path(key)
    request = Request(audience, contents, format, query, since, min_posts, path)
    return output_files.write_export(export.prepare(config, request), Path(output), format)


def repair(text: str) -> Repaired:
    """Repair text whose UTF-8 was read in another charset, once or several times.

    Undamaged text is returned unchanged. The result has the repaired `text`, the `charset`, and
    `guesses` and `marks` where bytes were lost.
    """
    from sitegen.text import charset_repair

    return charset_repair.repair(text)
