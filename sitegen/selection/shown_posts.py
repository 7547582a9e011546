"""The posts that a site shows, with what queries ask of them: none that is hidden or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.content.format.heading import heading
from sitegen.content.format.stored import inline_media
from sitegen.languages import site_language
from sitegen.model import Author
from sitegen.query.accounts import normalise
from sitegen.query.facts import PostFacts, ThreadFacts
from sitegen.query.folding import fold
from sitegen.selection import hide_rules
from sitegen.threads.kinds import LISTING_NAMES, kinds_of


def shown_threads(config: Config) -> Iterator[ThreadFacts]:
    """Yield the shown posts of each thread. Raises ContentError, ConfigError."""
    clock = site_language.clock(config)
    for file, stored in hide_rules.read_threads(config, hide_rules.load(config, clock)):
        if file.is_held_back:
            continue
        shown = [each.post for each in stored if not each.hidden]
        hidden = [each.post for each in stored if each.hidden]
        if shown and LISTING_NAMES[kinds_of(shown, hidden).root] in config.site.show:
            own = heading(file, stored)
            inline = inline_media([each for each in stored if not each.hidden])
            yield ThreadFacts(shown, clock, hidden, date=own.date, tags=own.tags, inline=inline)


def shown_posts(config: Config) -> Iterator[PostFacts]:
    """Yield all shown posts. Raises ContentError, ConfigError."""
    for thread in shown_threads(config):
        yield from thread


def account_names(config: Config, authors: Iterable[Author]) -> frozenset[str]:
    """Return the folded names, their parts, and handles of authors and of all shown profiles."""
    profiles = content_folder.read_profiles(config.content)
    known = [stored.profile.author for _, stored in profiles if not stored.hidden]
    names: set[str] = set()
    for author in dict.fromkeys((*authors, *known)):
        handle = normalise(author.handle or "").partition("@")[0]
        names |= {fold(name) for name in (author.name, handle, handle.partition(".")[0]) if name}
        names.update(map(fold, (author.name or "").split()))
    return frozenset(names)
