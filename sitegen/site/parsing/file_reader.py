"""Parse files of content/ into entries, profiles and documents.

Each process has its own reader. It keeps the posts of threads that it parsed until no page needs
posts any more: freeing them page by page would fragment the memory and slow down the rendering of
a large site by a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from msgspec.msgpack import encode

from sitegen.content import content_folder
from sitegen.content.counts import CountsReader
from sitegen.content.format import (
    plain_thread,
    profile_file,
    thread_file,
)
from sitegen.content.format.heading import heading
from sitegen.content.format.stored import (
    NO_HEADING,
    Heading,
    StoredPost,
    add_counts,
    inline_media,
    stored_posts,
)
from sitegen.digests import hash_bytes as digest
from sitegen.errors import ContentError
from sitegen.languages.language import Language
from sitegen.model import NO_COUNTS
from sitegen.query.facts import PostFacts, ThreadFacts
from sitegen.selection.hide_rules import NO_RULES, HideRules
from sitegen.selection.thread_matches import NO_MATCHES, ThreadMatcher
from sitegen.site.markup.markdown import document_html, handwritten_html
from sitegen.site.markup.references import Reference
from sitegen.site.markup.words import words_of
from sitegen.site.parsing import conversation, page_reader, references
from sitegen.site.parsing.items import HiddenFile, Item, ProfileItem
from sitegen.site.parsing.named_media import (
    media_in_markdown,
    media_of_posts,
    media_of_profile,
)
from sitegen.site.parsing.page_breaks import page_breaks
from sitegen.site.views.entries.thread_entries import ParsedThread, thread_entry
from sitegen.site.views.entries.thread_facts import copies_of_posts
from sitegen.site.views.summary import Entry


class Reading(NamedTuple):
    """What a file has, and what queries ask about its posts if it is a thread that is shown."""

    item: Item
    facts: Sequence[PostFacts] = ()


Posts = tuple[StoredPost, ...]


class StoredThread(NamedTuple):
    """A thread as its file has it: the posts that are shown, in its order, and those that are not.

    `digest` is that of the file and of the counts of its posts.
    """

    digest: bytes
    heading: Heading
    posts: Posts
    hidden: Posts = ()


MAX_CACHED_PAGES = 1_000


class Reader:
    """Parses the files of one content folder and caches the posts of threads.

    `rules` hide posts, and `matcher` finds their collections and topics. `document_html` renders a
    page. It is cached, since the addresses in a page are read from its HTML, which is shown later.
    """

    def __init__(
        self,
        folder: Path,
        language: Language,
        extensions: tuple[str, ...] = (),
        rules: HideRules = NO_RULES,
        matcher: ThreadMatcher = NO_MATCHES,
    ) -> None:
        self.folder = str(folder)
        self.language = language
        self.rules = rules
        self.matcher = matcher
        self._post_html = partial(handwritten_html, owner="", extensions=extensions)
        page_html = partial(document_html, extensions=extensions, words=words_of(language))
        self.document_html = lru_cache(maxsize=MAX_CACHED_PAGES)(page_html)
        self._counts = CountsReader(folder)
        self._posts: dict[str, Posts] = {}
        self._reparsed: set[str] = set()

    def posts(self, entry: Entry) -> Posts:
        """Return a thread's visible posts. Raises ContentError if its file has changed."""
        if entry.source not in self._posts:
            self._reparsed.add(entry.source)
            path = f"{self.folder}/{entry.source}"
            stored = self._stored_thread(entry.source, path, content_folder.read_bytes(path))
            if not stored.posts or not entry.digest.startswith(stored.digest):
                raise ContentError(
                    "changed while the site was built", path=path, hint="build again."
                )
            self._posts[entry.source], _ = conversation.arrange(stored.posts)
        return self._posts[entry.source]

    def forget(self, source: str) -> None:
        """Drop a thread's posts if they were parsed again for a page that is now rendered."""
        if source in self._reparsed:
            self._reparsed.discard(source)
            self._posts.pop(source, None)

    def forget_all(self) -> None:
        """Drop all cached posts."""
        self._posts.clear()
        self._reparsed.clear()

    def item(self, source: str) -> Item:
        """Parse a file according to its folder. Raises ContentError."""
        return self.read(source).item

    def read(self, source: str) -> Reading:
        """Parse a file according to its folder. Raises ContentError."""
        path = f"{self.folder}/{source}"
        data = content_folder.read_bytes(path)
        if source.startswith(THREADS):
            return self._thread(source, path, data)
        text = content_folder.decode(data, path)
        if source.startswith(PROFILES):
            return Reading(self._profile(source, path, text))
        return Reading(page_reader.read(source, path, text, self.document_html))

    def _profile(self, source: str, path: str, text: str) -> Item:
        file = profile_file.read(path, text)
        stored = profile_file.stored_profile(file)
        if stored.hidden:
            return HiddenFile(source, tuple(media_of_profile(stored)))
        bio = stored.handwritten or ""
        start = max(0, text.find(file.body))
        found = references.references_in(bio, self._post_html, text, start)
        return ProfileItem(
            stored.profile, stored.handwritten, False, stored.warnings, source, found
        )

    def _stored_thread(self, source: str, path: str, data: bytes) -> StoredThread:
        """Return the posts of a thread, which are all that a page shows of its file."""
        plain = plain_thread.read(data, levels=source.count("/"))
        file_digest = self._digest(data, plain[1]) if plain else b""
        if plain is not None and not (self.rules and self.rules.hides_any(*plain)):
            return StoredThread(file_digest, *plain)
        file = thread_file.read(path, content_folder.decode(data, path))
        stored = stored_posts(file)
        file_digest = self._digest(data, stored)
        stored = self.rules.mark(stored, file)
        posts = tuple([post for post in stored if not (file.is_held_back or post.hidden)])
        hidden = tuple([post for post in stored if file.is_held_back or post.hidden])
        own = heading(file, stored) if posts else NO_HEADING
        return StoredThread(file_digest + self.rules.digest(hidden), own, posts, hidden)

    def _thread(self, source: str, path: str, data: bytes) -> Reading:
        """Return the entry of a thread, and what queries ask about its posts."""
        file_digest, own, posts, hidden = self._stored_thread(source, path, data)
        others = [each.post for each in hidden]
        if not posts:
            self._posts[source] = posts
            media, ids = tuple(media_of_posts(hidden)), tuple([post.id for post in others])
            copies = copies_of_posts(others)
            return Reading(HiddenFile(source, media, others[0].network, ids, copies))
        posts, steps = conversation.arrange(posts)
        self._posts[source] = posts
        members = [each.post for each in posts]
        thread = ThreadFacts(
            members, self.language.local, others,
            date=own.date, tags=own.tags, inline=inline_media(posts),
            topics_of=self.matcher.topics.names_of,
        )  # fmt: skip
        facts = [*thread]
        parsed = ParsedThread(
            source,
            file_digest,
            own,
            posts,
            thread.found_kinds,
            hidden,
            steps,
            page_breaks(posts),
            references=self._references(path, data, posts),
            named_media=media_in_markdown(posts),
            hidden_media=tuple(media_of_posts(hidden)),
            **self.matcher.matches(facts),
        )
        return Reading(thread_entry(parsed, self.language), facts)

    def _references(self, path: str, data: bytes, posts: Posts) -> tuple[Reference, ...]:
        decode = partial(content_folder.decode, data, path)
        return references.references_of_posts(posts, self._post_html, decode)

    def _digest(self, data: bytes, stored: Posts) -> bytes:
        """Add counts to newly parsed posts; return a digest of the file and the counts."""
        add_counts(stored, self._counts)
        counts = [each.post.counts for each in stored]
        if all(of is NO_COUNTS for of in counts):
            return digest(data)
        return digest(data + encode(counts))


THREADS = f"{content_folder.THREADS}/"
PROFILES = f"{content_folder.PROFILES}/"
