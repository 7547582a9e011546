"""`sitegen media`: files for the posts that miss them, and what there is still to mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sitegen import locks
from sitegen.cli import messages
from sitegen.config import settings as configs
from sitegen.media import inbox, media_report, missing
from sitegen.media.inbox import Mending
from sitegen.media.missing import WithoutAlt


def mend(*, dry_run: bool, config: Path | None, quiet: bool, verbose: bool, machine: bool) -> None:
    """Mend media from the drop-in folder, or only say what that would do."""
    with messages.friendly(machine):
        settings = configs.load(config)
        with locks.hold(settings.cache / "import-lock", "an import"):
            mending = inbox.planned(settings.content, settings.inbox)
            if not dry_run:
                inbox.carry_out(mending)
        without = missing.surveyed(settings.content).without_alt
        if machine:
            messages.print_json(_object(mending, without))
            return
        limit = None if verbose else media_report.SHOWN
        lines = [
            *media_report.mending_lines(mending, limit),
            *media_report.missing_lines(mending.left, settings.inbox, limit),
            *media_report.without_alt_lines(without, limit),
        ]
        for line in lines or ("every file is there, and every picture has words",):
            messages.say(line, quiet)
        if dry_run:
            messages.say("dry run: nothing was written", quiet)


def _object(mending: Mending, without: tuple[WithoutAlt, ...]) -> dict[str, Any]:
    return {
        "mended": [
            {"name": d.name, "file": str(d.media.file), "post": d.media.post, "path": d.path}
            for d in mending.done
        ],
        "ambiguous": [[*a.names] for a in mending.ambiguous],
        "refused": [{"name": m.name, "reason": m.reason} for m in mending.refused],
        "unused": [*mending.unused],
        "missing": [
            {"file": str(m.file), "line": m.line, "post": m.post, "drop": m.drop, "alt": m.alt}
            for m in mending.left
        ],
        "without_alt": [
            {"file": str(m.file), "line": m.line, "number": m.number, "path": m.shown}
            for m in without
        ],
    }
