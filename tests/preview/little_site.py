"""A little site with a real build, run as a program of its own: `little_site.py FOLDER PORT`.

Each text of content/ becomes a page; what cannot be built says so in the text. A file is
written whole or not at all, and only when it would change.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from sitegen.errors import ContentError
from sitegen.preview import BuildSuccess, serve

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="stylesheet" href="static/style.css"></head>
<body><p id="text">{text}</p>{lines}</body></html>
"""


class LittleSite:
    """content/ and style.css of a folder -> public/ in it."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.style = folder / "style.css"
        self.output = folder / "public"

    def build(self) -> BuildSuccess:
        """Write what changed, remove what went. Raises ContentError, and others on request."""
        wanted = dict(self._files())
        changed = tuple(path for path, content in wanted.items() if self._write(path, content))
        pages = {path.relative_to(self.output).as_posix() for path in self.output.rglob("*.*")}
        removed = tuple(sorted(pages - wanted.keys()))
        for path in removed:
            (self.output / path).unlink()
        return BuildSuccess(self.output, changed, removed)

    def _files(self) -> Iterator[tuple[str, str]]:
        lines = "<p>a line\n" * 100
        yield "static/style.css", self.style.read_text("utf-8")
        for file in sorted(self.content.glob("*.txt")):
            text = file.read_text("utf-8")
            if "BROKEN" in text:
                raise ContentError("no <b>way</b> to read this", path=file, line=2, hint="mend it.")
            if "CRASH" in text:
                raise ZeroDivisionError("a surprise")
            page = PAGE.format(title=file.stem, policy=POLICY, text=text, lines=lines)
            yield f"{file.stem}.html", page

    def _write(self, path: str, content: str) -> bool:
        file = self.output / path
        if file.exists() and file.read_text("utf-8") == content:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.new")
        part.write_text(content, "utf-8")
        os.replace(part, file)
        return True


def main(folder: Path, port: int) -> None:
    """Serve the folder's site until a signal comes."""
    site = LittleSite(folder)
    serve(
        site.build,
        lambda: [site.content, site.style],
        [site.output],
        port=port,
        open_browser=False,
        say=_say,
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
