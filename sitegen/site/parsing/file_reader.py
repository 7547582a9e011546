"""Parse files of content/ into entries, profiles and documents.

Each process has its own reader. It keeps the posts of threads that it parsed until no page needs
posts any more: freeing them page by page would fragment the memory and slow down the rendering of
a large site by a tenth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from msgspec import Raw, Struct
from msgspec.msgpack import encode

from sitegen.content import content_folder
from sitegen.content.counts import CountsReader
from sitegen.content.format import (
    front_matter,
    hiding,
    keys,
    plain_thread,
    profile_file,
    thread_file,
)
from sitegen.content.format.heading import date_of, heading
from sitegen.content.format.profile_file import StoredProfile
from sitegen.content.format.stored import (
    NO_HEADING,
    Heading,
    StoredPost,
    add_counts,
    stored_posts,
)
from sitegen.digests import hash_bytes as digest
from sitegen.errors import ContentError
from sitegen.languages.language import Language
from sitegen.model import NO_COUNTS, Json
from sitegen.query.facts import PostFacts, ThreadFacts
from sitegen.selection.hide_rules import NO_RULES, HideRules
from sitegen.selection.thread_matches import NO_MATCHES, ThreadMatcher
from sitegen.site import urls
from sitegen.site.markup import headings
from sitegen.site.markup.markdown import document_html, handwritten_html
from sitegen.site.markup.references import Reference
from sitegen.site.markup.words import words_of
from sitegen.site.parsing import conversation, references
from sitegen.site.parsing.named_media import (
    media_in_markdown,
    media_names_in,
    media_of_posts,
    media_of_profile,
)
from sitegen.site.parsing.page_breaks import page_breaks
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import Document
from sitegen.site.views.thread_entries import thread_entry


class HiddenFile(Struct, frozen=True, tag="hidden", array_like=True):
    """A file that is not published; its media are not either. `ids` are those of its posts."""

    source: str
    hidden_media: tuple[str, ...] = ()
    network: str = ""
    ids: tuple[str, ...] = ()


class ProfileItem(StoredProfile, frozen=True, tag="profile", array_like=True):
    """A profile as its file has it, and the relative addresses in its bio."""

    source: str = ""
    references: tuple[Reference, ...] = ()


Item = Entry | ProfileItem | Document | HiddenFile


class ParsedFiles(Struct, frozen=True):
    """Parsed files by name: their items, the items encoded, and the errors of broken files.

    `encoded` lacks items with a string that has no UTF-8 encoding. `searched` has what the search
    index has of the posts of threads, if there is an index.
    """

    items: dict[str, Item] = {}
    encoded: dict[str, Raw] = {}
    errors: dict[str, ContentError] = {}
    searched: dict[str, Raw] = {}

    def update(self, other: ParsedFiles) -> None:
        """Add other parsed files."""
        self.items.update(other.items)
        self.encoded.update(other.encoded)
        self.errors.update(other.errors)
        self.searched.update(other.searched)


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
        return Reading(self._document(source, path, text))

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
            return Reading(HiddenFile(source, media, others[0].network, ids))
        posts, steps = conversation.arrange(posts)
        self._posts[source] = posts
        members = [each.post for each in posts]
        thread = ThreadFacts(
            members, self.language.local, others,
            date=own.date, tags=own.tags, topics_of=self.matcher.topics.names_of,
        )  # fmt: skip
        facts = [*thread]
        entry = thread_entry(
            source,
            file_digest,
            own,
            posts,
            self.language,
            thread.found_kinds,
            media_in_markdown(posts),
            tuple(media_of_posts(hidden)),
            hidden,
            self._references(path, data, posts),
            steps,
            page_breaks(posts),
            **self.matcher.matches(facts),
        )
        return Reading(entry, facts)

    def _references(self, path: str, data: bytes, posts: Posts) -> tuple[Reference, ...]:
        decode = partial(content_folder.decode, data, path)
        return references.references_of_posts(posts, self._post_html, decode)

    def _document(self, source: str, path: str, text: str) -> Item:
        split = front_matter.split(text, path)
        head, body = (split.head, split.body) if split else ("", text)
        hiding.refuse_lost_head(body, path, before=text[: len(text) - len(body)])
        fields = front_matter.read(head, path) if split else {}
        if hiding.is_page_held_back(fields, path, head):
            return HiddenFile(source, media_names_in(text))
        title = fields.get("title")
        if not title and headings.may_begin(body):
            title = headings.first_words(self.document_html(body))
        own = {key: _storable(value) for key, value in fields.items() if key not in _READ}
        in_body = references.references_in(body, self.document_html, text, len(text) - len(body))
        return Document(
            source=source,
            path=urls.document(source),
            title=str(title or Path(source).stem),
            description=str(fields.get("description") or ""),
            body=body,
            nav=fields.get("nav", True) is not False,
            date=date_of(fields, path, head),
            warnings=tuple(keys.find_misspelt(fields, keys.DOCUMENT, head)),
            references=(*in_body, *references.references_in_fields(own, text)),
            template=_template(fields, path, head),
            own=own,
        )

    def _digest(self, data: bytes, stored: Posts) -> bytes:
        """Add counts to newly parsed posts; return a digest of the file and the counts."""
        add_counts(stored, self._counts)
        counts = [each.post.counts for each in stored]
        if all(of is NO_COUNTS for of in counts):
            return digest(data)
        return digest(data + encode(counts))


THREADS = f"{content_folder.THREADS}/"
PROFILES = f"{content_folder.PROFILES}/"
_READ = keys.DOCUMENT | {hiding.HIDE, hiding.DRAFT, hiding.VISIBILITY}  # of a page's keys


def _template(fields: Mapping[str, Json], path: str, head: str) -> str:
    """Return the template that front matter names; "" without one. Raises ContentError."""
    name = fields.get("template")
    if name is None or isinstance(name, str):
        return name or ""
    raise ContentError(
        f"template: {name!r} is not the name of a template",
        path=path,
        line=front_matter.line_of(head, "template"),
        hint='write it like template: "poster.html".',
    )


def _storable(value: Json) -> Json:
    """Return a value of front matter as the cache can store it: a huge number as text."""
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return str(value) if isinstance(value, int) and not -(2**63) <= value < 2**64 else value
