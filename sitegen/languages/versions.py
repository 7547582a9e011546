"""The versions of the packages that numbers, plurals, dates and time zones come from."""

from __future__ import annotations

from sitegen.config.schema import Site


def is_english(tag: str) -> bool:
    """Tell whether a language tag (BCP 47) is English, which needs no package."""
    return tag.partition("-")[0].casefold() == "en"


def package_versions(site: Site) -> tuple[str, ...]:
    """Return the versions of the packages that the language and time zone of a site need."""
    wanted = [] if is_english(site.language) else ["babel"]
    wanted += ["tzdata"] if site.timezone else []
    if not wanted:
        return ()
    from importlib.metadata import version

    return tuple([f"{name} {version(name)}" for name in wanted])
