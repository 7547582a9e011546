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
    """Attach files from the inbox, or report what that would do."""
    with messages.report_errors(machine):
        settings = configs.load(config)
        with locks.hold(settings.cache / "import-lock", "an import"):
            plan = inbox.plan_inbox(settings.content, settings.inbox)
            if not dry_run:
                inbox.write_plan(plan)
        without_alt = missing.survey_media(settings.content).without_alt
        unnamed = missing.unnamed_files(
            settings.content, [person.portrait for person in settings.people]
        )
        if machine:
            messages.print_json(_report_object(plan, without_alt, unnamed))
            return
        limit = None if verbose else media_report.MAX_SHOWN
        lines = [
            *media_report.inbox_lines(plan, limit),
            *media_report.missing_lines(plan.still_missing, settings.inbox, limit),
            *media_report.without_alt_lines(without_alt, limit),
            *media_report.unnamed_lines(unnamed, limit),
        ]
        for line in lines or ("no file is missing, and every picture has a description",):
            messages.say(line, quiet)
        if dry_run:
            messages.say("dry run: nothing was written", quiet)


def _report_object(
    plan: InboxPlan, without_alt: tuple[WithoutAlt, ...], unnamed: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "mended": [
            {
                "name": match.name,
                "file": str(match.media.file),
                "post": match.media.post,
                "path": match.path,
            }
            for match in plan.matches
        ],
        "ambiguous": [[*a.names] for a in plan.ambiguous],
        "refused": [{"name": m.name, "reason": m.reason} for m in plan.refused],
        "unused": [*plan.unused],
        "missing": [
            {
                "file": str(m.file),
                "line": m.line,
                "post": m.post,
                "drop": m.suggested_name,
                "alt": m.alt,
            }
            for m in plan.still_missing
        ],
        "without_alt": [
            {"file": str(m.file), "line": m.line, "number": m.number, "path": m.shown}
            for m in without_alt
        ],
        "unnamed": [*unnamed],
    }
