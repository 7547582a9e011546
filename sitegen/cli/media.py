"""The command `sitegen media`: attach files to posts that lack them, and list what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sitegen import locks
from sitegen.cli import messages
from sitegen.config import settings as configs
from sitegen.media import inbox, media_report, missing
from sitegen.media.inbox import InboxPlan
from sitegen.media.missing import WithoutAlt


def attach_files(
    *, dry_run: bool, config: Path | None, quiet: bool, verbose: bool, machine: bool
) -> None:
    """Attach files from the inbox, or only say what that would do."""
    with messages.friendly(machine):
        settings = configs.load(config)
        with locks.hold(settings.cache / "import-lock", "an import"):
            matching = inbox.plan_inbox(settings.content, settings.inbox)
            if not dry_run:
                inbox.write_plan(matching)
        without = missing.survey_media(settings.content).without_alt
        if machine:
            messages.print_json(_object(matching, without))
            return
        limit = None if verbose else media_report.MAX_SHOWN
        lines = [
            *media_report.inbox_lines(matching, limit),
            *media_report.missing_lines(matching.still_missing, settings.inbox, limit),
            *media_report.without_alt_lines(without, limit),
        ]
        for line in lines or ("every file is there, and every picture has words",):
            messages.say(line, quiet)
        if dry_run:
            messages.say("dry run: nothing was written", quiet)


def _object(matching: InboxPlan, without: tuple[WithoutAlt, ...]) -> dict[str, Any]:
    return {
        "mended": [
            {"name": d.name, "file": str(d.media.file), "post": d.media.post, "path": d.path}
            for d in matching.matches
        ],
        "ambiguous": [[*a.names] for a in matching.ambiguous],
        "refused": [{"name": m.name, "reason": m.reason} for m in matching.refused],
        "unused": [*matching.unused],
        "missing": [
            {
                "file": str(m.file),
                "line": m.line,
                "post": m.post,
                "drop": m.suggested_name,
                "alt": m.alt,
            }
            for m in matching.still_missing
        ],
        "without_alt": [
            {"file": str(m.file), "line": m.line, "number": m.number, "path": m.shown}
            for m in without
        ],
    }
