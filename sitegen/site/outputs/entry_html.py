"""Write posts as the HTML of feed entries.

Feed readers keep little of it: no styles, no scripts, and nothing that is folded away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sitegen.languages.direction import is_other_language, text_direction
from sitegen.languages.language import Language
from sitegen.site.views.links import NOBODY, Writer
from sitegen.site.views.template_values import PostView, Quoted, ThreadView

Resolve = Callable[[str], str]  # from a site path to a URL
Body = Callable[[PostView, Resolve], str]  # a post's text as safe HTML


def thread_html(thread: ThreadView, body: Body, resolve: Resolve, language: Language) -> str:
    """Render a thread's posts, and for a long thread a link to the rest."""
    posts = ["\n".join(_post_html(view, body, resolve, language)) for view in thread.posts]
    is_cut = thread.posts[-1].is_cut
    if text := _rest(is_cut, thread.count - len(posts), language):
        where = attribute(resolve(thread.path if is_cut else thread.rest))
        posts.append(f"<p><a href={where}>{escape(text)}</a></p>")
    return "\n<hr>\n".join(posts)


def _rest(is_cut: bool, more: int, language: Language) -> str:
    """Describe what a feed leaves out of a thread: the end of a post, and `more` posts."""
    if not more:
        return language.text("post.rest") if is_cut else ""
    return language.text("feed.rest_and_more" if is_cut else "feed.more_posts", more)


def _post_html(view: PostView, body: Body, resolve: Resolve, language: Language) -> Iterator[str]:
    """Yield the parts of a post's HTML."""
    if view.parent:
        parent = _post_link(view.parent, "answered", resolve, language)
        yield f"<p>{_with_link('reference.in_reply_to', parent, language)}</p>"
    if view.repost:
        repost = _post_link(view.repost, "answered", resolve, language)
        yield f"<p>{_with_link('feed.repost', repost, language)}</p>"
    if view.post.warning is None:
        yield from _content(view, body, resolve, language)
    else:
        yield from _warning(view, view.post.warning, resolve, language)


def _warning(view: PostView, warning: str, resolve: Resolve, language: Language) -> Iterator[str]:
    """Yield a content warning and a link to the post.

    Many feed readers remove `<details>` and would show what is folded away, so a feed has none of
    the words and media behind a warning.
    """
    label = escape(language.text("post.warning"))
    spoken = _speaker(view.html_lang, language)(warning)
    yield f"<p>{label} <strong{spoken}>{escape(warning)}</strong></p>"
    where = attribute(resolve(view.path))
    yield f"<p><a href={where}>{escape(language.text('feed.warned'))}</a></p>"


def _content(view: PostView, body: Body, resolve: Resolve, language: Language) -> Iterator[str]:
    """Yield the text of a post and what hangs on it."""
    post, spoken = view.post, _speaker(view.html_lang, language)
    text, attributes = body(view, resolve), spoken(post.text)
    yield f"<div{attributes}>{text}</div>" if attributes and text else text
    if post.media and post.sensitive:
        where = attribute(resolve(view.path))
        yield f"<p><a href={where}>{escape(language.text('post.sensitive'))}</a></p>"
    for media in () if post.sensitive else post.media:
        if media.path and media.kind == "image":
            source = attribute(resolve(media.path))
            described = spoken(media.alt) if media.alt else ""
            yield f"<p><img src={source} alt={attribute(media.alt or '')}{described}></p>"
        elif media.alt:
            yield f"<p{spoken(media.alt)}>[{escape(media.alt)}]</p>"
    if post.card:
        title = escape(post.card.title or post.card.url or "")
        safe = post.card.url and re.match("https?://", post.card.url)
        yield (
            f"<p><a href={attribute(post.card.url or '')}>{title}</a></p>"
            if safe
            else f"<p>{title}</p>"
        )
    for quoted in (view.repost, view.quote):
        if quoted and quoted.text:
            attributes = _speaker(quoted.lang, language)(quoted.text)
            yield f"<blockquote{attributes}><p>{escape(quoted.text)}</p></blockquote>"
    if view.quote and not view.quote.text:
        yield f"<p>{_post_link(view.quote, 'quoted', resolve, language)}</p>"


def _speaker(tag: str | None, language: Language) -> Callable[[str], str]:
    """Return a function from a text to its attributes: none in the language of the feed."""
    if tag is None or not is_other_language(tag, language.tag):
        return lambda text: ""
    return lambda text: f' lang="{tag}" dir="{text_direction(tag, text)}"'


def _post_link(quoted_post: Quoted, what: str, resolve: Resolve, language: Language) -> str:
    """Describe another post (`what` names the message), with a link if its address is known."""
    author = quoted_post.author
    if author and author != NOBODY:
        name = author_name(author, language)
        text = language.text(f"reference.{what}_by", author=name)
    else:
        text = language.text(f"reference.{what}")
    where = resolve(quoted_post.path) if quoted_post.path else quoted_post.url
    linked = f"<a href={attribute(where)}>{escape(text)}</a>" if where else escape(text)
    if quoted_post.path:
        return linked
    return _with_link(f"reference.{quoted_post.state or 'absent'}", linked, language)


def _with_link(key: str, link: str, language: Language) -> str:
    """Return the HTML of a message about a post, which is given as HTML."""
    return escape(language.pattern(key)).format(post=link)


def author_name(writer: Writer, language: Language) -> str:
    """Return the name of an author, else the handle, else the words for nobody known."""
    handle = f"@{writer.handle}" if writer.handle else ""
    return writer.name or handle or language.text("post.author_unknown")


def attribute(text: str) -> str:
    """Quote an attribute's value; line ends are escaped, since parsers turn them into spaces."""
    value = escape(text).replace('"', "&quot;").replace("\n", "&#10;")
    return '"' + value.replace("\r", "&#13;").replace("\t", "&#9;") + '"'


def escape(text: str) -> str:
    """Escape a text for HTML and XML; what they forbid is replaced where a feed is encoded."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
