"""Whether the title of a thread may be published although some of its posts are hidden.

The file alone decides. A title that sitegen derived from a hidden post is not published, nor one
with a word of a hidden post; any other title is a person's.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from msgspec.structs import replace

from sitegen import exchange
from sitegen.content.format.draft import account, printable, title_candidates, title_of
from sitegen.content.format.stored import StoredPost
from sitegen.model import Json, Post
from sitegen.text import words

# Fields whose values are from a fixed list, or numbers of a source.
_NO_WORDS = frozenset(("kind", "state", "langs", "visibility", "network"))
_LONGEST_NAME = 4  # words that a handle or a tag may join to one


def may_be_published(title: str, stored: Sequence[StoredPost]) -> bool:
    """Return whether a title says nothing of the hidden ones among a thread's posts."""
    name = words.squeezed(title)
    hidden = [one for one in stored if one.hidden]
    if not name or name in _derived_titles(stored[0].post):
        return False
    if any(text.startswith(name) for one in hidden for text in _openings(one)):
        return False
    return not _has_word_of(title, hidden, [one for one in stored if not one.hidden])


def _derived_titles(lead: Post) -> set[str]:
    """Return the titles that sitegen derives from a thread's lead post, and from earlier texts."""
    texts = [lead.text, *[version.text for version in lead.history]]
    return {words.squeezed(title_of(replace(lead, text=text))) for text in texts}


def _openings(stored: StoredPost) -> Iterator[str]:
    """Yield the texts that begin with any title derived from a post, cut or not."""
    post = stored.post
    earlier = [version.text for version in post.history]
    handwritten = stored.handwritten or ""
    for text in (title_of(post), *title_candidates(post), handwritten, *earlier):
        yield words.squeezed(printable(text))


def _has_word_of(title: str, hidden: Iterable[StoredPost], shown: Iterable[StoredPost]) -> bool:
    """Return whether a title has a word that occurs in hidden posts and in no shown one.

    Accents make no difference for a hidden word, but do for one that is shown. Words that one
    text joins and the other separates are the same word.
    """
    single, multiple = _hidden_words(hidden)
    found = words.words(title)
    known = _shown_words(shown)
    suspects = [w for w in (*found, *words.parts(title)) if words.plain(w) in single | multiple]
    suspects += [w for w in words.joined(found, _LONGEST_NAME) if words.plain(w) in single]
    return any(word not in known for word in suspects)


def _hidden_words(hidden: Iterable[StoredPost]) -> tuple[set[str], set[str]]:
    """Return the words of posts without accents, and what names may be made of several."""
    single: set[str] = set()
    multiple: set[str] = set()
    for text in (text for one in hidden for text in _all_texts(one)):
        for variant in {text, unquote(text), html.unescape(text)}:
            found = [words.plain(word) for word in words.words(variant)]
            single.update(found, map(words.plain, words.parts(variant)))
            multiple.update(words.joined(found, _LONGEST_NAME))
    return single - {""}, multiple


def _shown_words(shown: Iterable[StoredPost]) -> set[str]:
    """Return the words of posts as they are written there."""
    texts = [text for one in shown for text in _texts(one)]
    return {w for text in texts for w in (*words.words(text), *words.parts(text))}


def _all_texts(stored: StoredPost) -> Iterator[str]:
    """Yield all texts of a post, also those that no page shows."""
    yield from _texts(stored)
    for name, value in stored.post.extra:
        yield name
        yield from _strings(json.loads(value))


def _texts(stored: StoredPost) -> Iterator[str]:
    post = stored.post
    yield from (post.id, post.text, stored.handwritten or "")
    yield from _strings(account(post.author))
    yield from _strings(exchange.known(post))


def _strings(value: Json) -> Iterator[str]:
    """Yield the texts within a value, however deep."""
    stack = [value]
    while stack:
        at = stack.pop()
        if isinstance(at, str):
            yield at
        elif isinstance(at, list):
            stack.extend(at)
        elif isinstance(at, dict):
            stack.extend([inner for name, inner in at.items() if name not in _NO_WORDS])
