"""What queries ask about a post: most of it is computed only when a query asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from urllib.parse import unquote

from sitegen.model import Author, Media, Post
from sitegen.query.accounts import Parties
from sitegen.query.folding import fold, join_fields
from sitegen.query.marks import marks_of
from sitegen.text.clean_words import without_plain_addresses
from sitegen.text.link_hosts import host_of, hosts
from sitegen.threads.kinds import Kind, Kinds, addressee, kinds_of, spread

Clock = Callable[[str | None], datetime | None]
TopicsOf = Callable[["PostFacts"], frozenset[str]]


class ThreadFacts:
    """A thread as its file has it: posts in reading order, and what its front matter says.

    `clock` returns a time on the clock of the site, None for one that cannot be read. `date` takes
    the place of the first post's; the title belongs to the first, too. `tags` are those that count:
    those of no post belong to all. `markdown` is that of posts that people wrote as such, `inline`
    are the media in it. `hidden` are other posts of the thread, which these may answer.
    `topics_of` returns the folded names of the topics of a post.
    """

    def __init__(
        self, posts: Sequence[Post], clock: Clock, hidden: Sequence[Post] = (), *,
        title: str = "", date: str | None = None, tags: Sequence[str] | None = None,
        markdown: Sequence[str | None] = (),
        inline: Sequence[Sequence[Media]] = (), topics_of: TopicsOf | None = None,
    ) -> None:  # fmt: skip
        self.posts = posts
        self.clock = clock
        self.hidden = hidden
        self.title = title
        self.date = date
        self.tags = tags
        self.markdown = markdown
        self.inline = inline
        self.topics_of = topics_of

    def __iter__(self) -> Iterator[PostFacts]:
        return (PostFacts(post, at, self) for at, post in enumerate(self.posts))

    @cached_property
    def found_kinds(self) -> Kinds:
        """The kinds of the posts as they were found."""
        return kinds_of(self.posts, self.hidden)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kind of every post."""
        return spread(self.found_kinds, self.posts)

    def tags_of(self, post: Post) -> Sequence[str]:
        """Return the tags of a post, among those that count, and those of the whole thread."""
        if self.tags is None or self.tags == post.tags:
            return post.tags
        return [*(tag for tag in post.tags if fold(tag) in self._listed), *self._of_thread]

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(map(fold, self.tags or ()))

    @cached_property
    def _of_thread(self) -> tuple[str, ...]:
        of_posts = {fold(tag) for post in self.posts for tag in post.tags}
        return tuple([tag for tag in self.tags or () if fold(tag) not in of_posts])

    @cached_property
    def by_id(self) -> dict[str, Post]:
        """The posts by their ids."""
        return {post.id: post for post in self.posts}


class PostFacts:
    """A post at a position of a thread, from 0."""

    def __init__(self, post: Post, position: int, thread: ThreadFacts) -> None:
        self.post = post
        self.position = position
        self.thread = thread

    @property
    def kind(self) -> Kind:
        """The kind of the post."""
        return self.thread.kinds[self.position]

    @property
    def created_at(self) -> str | None:
        """When the post was written; the date of front matter is that of the first post."""
        date = None if self.position else self.thread.date
        return date if date and self.thread.clock(date) else self.post.created_at

    @cached_property
    def day(self) -> str:
        """The day on the clock of the site, "2025-09-15"; "" if it is not known."""
        moment = self.thread.clock(self.created_at)
        return moment.date().isoformat() if moment else ""

    @property
    def tags(self) -> Sequence[str]:
        """The tags of the post and of its thread."""
        return self.thread.tags_of(self.post)

    @property
    def all_tags(self) -> Sequence[str]:
        """These tags, and those of the post that a person took out."""
        return [*self.tags, *self.post.tags]

    @property
    def marks(self) -> tuple[str, ...]:
        """The values of `has:` for which the post matches."""
        inline = self.thread.inline
        return marks_of(self.post, inline[self.position] if inline else ())

    @cached_property
    def topics(self) -> frozenset[str]:
        """The folded names of the topics of the post, also those that they had."""
        return self.thread.topics_of(self) if self.thread.topics_of else frozenset()

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that the post links to."""
        return hosts(self.post)

    @cached_property
    def parties(self) -> Parties:
        """Who wrote the post, and to whom, as far as this thread says it."""
        post, answers = self.post, self.post.reply_to or ""
        mentioned = tuple([Author(handle=mention) for mention in post.mentions])
        answered = addressee(post, self.thread.by_id)
        if answered is None:
            return Parties(post.network, post.author, mentioned)
        return Parties(post.network, post.author, mentioned, answered, answers)

    @cached_property
    def words(self) -> str:
        """The words that a search finds: text, warning, alt texts, card and poll."""
        return join_fields(searched_texts(self.post))

    @cached_property
    def own_words(self) -> str:
        """These words without those of addresses and names of accounts in the text."""
        own = without_plain_addresses(self.post.text)
        if own == self.post.text:
            return self.words
        return join_fields([own, *other_texts(self.post)])

    @cached_property
    def all_words(self) -> str:
        """All words with which the post says what it is about, or whom."""
        return join_fields([*searched_texts(self.post), *self._other_texts()])

    def _other_texts(self) -> Iterator[str]:
        post = self.post
        yield from ("" if self.position else self.thread.title, *self.all_tags, *post.mentions)
        yield from [
            text for text in self.thread.markdown[self.position : self.position + 1] if text
        ]
        yield from (version.text for version in post.history)
        yield from map(_readable, (*post.links, *post.cut_links, post.url or ""))
        yield _readable(post.card.url or "") if post.card else ""
        yield from (media.origin for media in post.media if media.origin)
        yield from _names((post.author, *(other.author for other in post.elsewhere)))
        yield from (_readable(other.url or "") for other in (*post.elsewhere, *post.also))


def searched_texts(post: Post) -> Iterator[str]:
    """Yield the texts in which a search finds words: the post's own first, then its warning."""
    yield post.text
    yield from other_texts(post)


def other_texts(post: Post) -> Iterator[str]:
    """Yield these texts but the post's own."""
    if post.warning:
        yield post.warning
    yield from (media.alt for media in post.media if media.alt)
    if post.card:
        yield from (post.card.title, post.card.description)
    if post.poll:
        yield from (option.text for option in post.poll.options)


def _readable(address: str) -> str:
    """Return an address as it is, and as people read it, where these differ."""
    plain = unquote(address) if "%" in address else address
    host = host_of(address) if "xn--" in address.lower() or not address.isascii() else None
    return " ".join([address, *([plain] if plain != address else []), *([host] if host else [])])


def _names(authors: Iterable[Author]) -> Iterator[str]:
    for author in authors:
        yield from (name for name in (author.handle, author.name, author.id) if name)
