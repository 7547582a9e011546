"""Check that a theme has the templates of all planned pages.

Pages without a template are an error, not left out: other pages link to them, and a template of
another theme would be in another frame, with other blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from sitegen.errors import ThemeError
from sitegen.site.views.contexts import Page

# The setting under [build] that leaves out the pages of a template; the others are always made.
SETTINGS = {
    "kind.html": "kind_pages", "pictures.html": "kind_pages",
    "day.html": "day_pages", "days.html": "day_pages",
    "dates.html": "date_pages", "year.html": "date_pages", "month.html": "date_pages",
    "undated.html": "date_pages",
    "post.html": "post_pages",
    "tag.html": "tag_pages", "tags.html": "tag_pages",
    "profile.html": "profile_pages", "profiles.html": "profile_pages",
    "person.html": "people_pages", "people.html": "people_pages",
    "host.html": "host_pages", "hosts.html": "host_pages",
    "insights.html": "insights",
    "topic.html": "topics", "topics.html": "topics",
}  # fmt: skip


def with_templates(
    listed: Callable[[], Iterable[Page]], known: Collection[str], file: Path
) -> Iterator[Page]:
    """Yield pages whose templates are all known. Raises ThemeError at the `theme.toml`.

    `listed` is called again to name every template that is missing.
    """
    for page in listed():
        if _is_missing(page, known):
            raise _missing(listed(), known, file)
        yield page


def _is_missing(page: Page, known: Collection[str]) -> bool:
    return page.template not in known and page.template.endswith(".html")


def _missing(listed: Iterable[Page], known: Collection[str], file: Path) -> ThemeError:
    """Return the error that names each missing template and the setting that makes it needless."""
    needed: dict[str, str] = {}
    for page in listed:
        if _is_missing(page, known):
            needed.setdefault(page.template, page.path)
    names = [f"{name} (for {path})" for name, path in sorted(needed.items())]
    hint = f'write {"it" if len(needed) == 1 else "them"}, or inherit: extends = "default".'
    settings: dict[str, list[str]] = {}
    for name in sorted(needed):
        if name in SETTINGS:
            settings.setdefault(SETTINGS[name], []).append(name)
    if settings:
        shown = [f"{key} = false ({', '.join(files)})" for key, files in sorted(settings.items())]
        hint += f" Or leave these pages out, under [build]: {', '.join(shown)}."
    return ThemeError(f"the theme has no template {', '.join(names)}", path=file, hint=hint)
