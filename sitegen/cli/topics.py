"""The command `sitegen topics`: what the posts are about, and what a person changes of that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sitegen
from sitegen.cli import messages
from sitegen.cli.reports import count_of
from sitegen.config.schema import Config
from sitegen.errors import UsageError
from sitegen.selection.topic_posts import TopicCounts
from sitegen.topics import found_file, own_file
from sitegen.topics.update import Update

MAX_PEOPLE = 20  # names that are listed


def list_topics(
    *, update: bool, dry_run: bool, config: Path | None, quiet: bool, machine: bool
) -> None:
    """List the topics, perhaps after finding them anew."""
    with messages.report_errors(machine):
        if dry_run and not update:
            raise UsageError("--dry-run goes with --update", hint="add it.")
        settings = sitegen.load_config(config)
        found = sitegen.update_topics(settings, dry_run=dry_run) if update else None
        counts = sitegen.count_topics(settings)
        if machine:
            messages.print_json(_report_object(settings, counts, found))
            return
        for line in (*_update_lines(found, dry_run), *_topic_lines(settings, counts)):
            messages.say(line, quiet)


def _update_lines(update: Update | None, dry_run: bool) -> Iterator[str]:
    """Yield lines on what was found anew."""
    if update is None:
        return
    yield (
        f"found: {count_of(len(update.after.topics), 'topic')}, {len(update.new):,} new,"
        f" {len(update.gone):,} gone"
    )
    yield from (f"  new: {name}" for name in sorted(update.new))
    yield from (f"  gone: {name}" for name in sorted(update.gone))
    if update.people:
        shown = ", ".join(update.people[:MAX_PEOPLE])
        more = " …" if len(update.people) > MAX_PEOPLE else ""
        yield f"held back, as they may be names of people: {shown}{more}"
    if dry_run:
        yield "dry run: nothing was written"


def _topic_lines(config: Config, counts: TopicCounts) -> Iterator[str]:
    """Yield lines on topics by group, and on what is held back and changed."""
    least, listed = config.topics.min_posts, counts.topics.topics
    if not listed:
        yield "there are no topics; `sitegen topics --update` finds them"
        return
    shown = [each for each in listed if counts.posts[each.slug] >= least]
    yield f"{count_of(len(shown), 'topic')} in {count_of(counts.total, 'post')}"
    names = counts.group_names(least)
    for group in sorted({names[each.group] for each in shown}, key=lambda name: (not name, name)):
        yield f"{group}:" if group else "in no group:"
        own = [each for each in shown if names[each.group] == group]
        own.sort(key=lambda each: (-counts.posts[each.slug], each.name))
        yield from (f"  {each.name} ({counts.posts[each.slug]:,})" for each in own)
    yield f"held back: {counts.topics.too_few:,} in too few posts, {counts.topics.people:,} names"
    if few := [each for each in listed if each not in shown]:
        yield f"recorded, but in fewer than {least} shown posts ({len(few):,}):"
        yield from (f"  {each.name} ({counts.posts[each.slug]:,})" for each in few)
    yield from _change_lines(config)


def _change_lines(config: Config) -> Iterator[str]:
    """Yield lines on what content/topics.toml changes."""
    changes = own_file.read(config.content)
    lines = [f"  renamed: {each.old} to {each.new}" for each in changes.renames]
    lines += [f"  merged: {', '.join(each.others)} into {each.into}" for each in changes.merges]
    lines += [f"  hidden: {name}" for name in changes.hidden]
    lines += [f"  added: {each.topic.name}" for each in changes.added]
    if lines:
        yield f"{own_file.NAME} changes:"
        yield from lines


def _report_object(config: Config, counts: TopicCounts, update: Update | None) -> dict[str, Any]:
    least = config.topics.min_posts
    names = counts.group_names(least)
    listed = [
        {
            "name": each.name,
            "posts": counts.posts[each.slug],
            "group": names.get(each.group, ""),
            "shown": counts.posts[each.slug] >= least,
        }
        for each in counts.topics.topics
    ]
    report: dict[str, Any] = {
        "topics": listed,
        "posts": counts.total,
        "held_back": {
            "too_few": counts.topics.too_few,
            "people": counts.topics.people,
            "hidden": counts.topics.hidden,
        },
    }
    if update:
        report["found"] = {
            "file": found_file.NAME,
            "new": sorted(update.new),
            "gone": sorted(update.gone),
            "people": [*update.people],
        }
    return report
