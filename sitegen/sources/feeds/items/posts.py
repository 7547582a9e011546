"""Convert the items of feeds and h-feeds to posts, with threads and authors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import threads
from sitegen.model import Author, Card, Elsewhere, Media, Post, Profile
from sitegen.sources import Imported, Options, Reason
from sitegen.sources.accounting import Accounting
from sitegen.sources.feeds.items import item_ids, nitter
from sitegen.sources.feeds.items.item_ids import Entry
from sitegen.sources.feeds.items.item_text import ItemText, read_text
from sitegen.sources.feeds.items.items import Channel, Item, Reference
from sitegen.sources.feeds.items.post_ids import (
    BLUESKY,
    MASTODON,
    WEB,
    X,
    actor_of,
    derived_id,
    did_of,
    network_id,
    web_id,
)
from sitegen.sources.feeds.items.times import iso
from sitegen.sources.feeds.items.visibility import open_items
from sitegen.text.richtext import is_safe_url

_STATUS = re.compile(r"https://[\w.]+/(\w{1,15})/status/")
_EMBED_LOST = "The feed does not show what was embedded in this post."


class Home(Struct, frozen=True):
    """The origin of a feed: the network of its posts, and its owner."""

    network: str
    author: Author


def import_channel(channel: Channel, options: Options, oddity: str | None = None) -> Imported:
    """Convert the items of a feed to posts, and exclude the others.

    `oddity` is what is odd about the encoding of the file.
    """
    accounting = Accounting()
    accounting.records = len(channel.items)
    accounting.count_all_excluded(channel.exclusions)
    accounting.oddities.update(channel.oddities)
    accounting.oddities.update(filter(None, (oddity,)))
    public = open_items(nitter.restore(channel), options)
    accounting.exclusions += public.exclusions
    channel = public.channel
    home = _home(channel, options)
    entries = [_entry(item, channel, home, accounting.oddities) for item in channel.items]
    named = item_ids.resolve_collisions(entries, channel.home)
    posts: dict[tuple[str, str], Post] = {}
    for item, post in zip(channel.items, named, strict=True):
        if reason := _reason_to_exclude(post, posts, home):
            accounting.exclude(item.place, reason, post.id)
        else:
            posts[threads.key(post)] = post
    linked = _link_posts(posts)
    accounting.note(*_notes(linked), *public.notes)
    profiles = _profiles(channel, home, linked) if linked or not public.exclusions else ()
    return replace(
        accounting.report(channel.found, threads.group(linked), profiles),
        until=channel.until,
        is_excerpt=home.network != WEB,
    )


def _reason_to_exclude(
    post: Post, posts: Mapping[tuple[str, str], Post], home: Home
) -> Reason | None:
    if _is_empty(post):
        return "no content"
    originals = [e.author.id for e in post.elsewhere if e.id == post.repost_of]
    if home.author.id and home.author.id in originals:
        return "repost of oneself"
    return "same post twice" if threads.key(post) in posts else None


def _home(channel: Channel, options: Options) -> Home:
    """Detect the origin of a feed by the ids of its items."""
    account = (options.account or "").strip().lstrip("@") or None
    networks = Counter(post_id[0] for item in channel.items if (post_id := _network_id(item)))
    network = networks.most_common(1)[0][0] if networks else WEB
    name = channel.author.name if channel.author else None
    if network == BLUESKY:
        dids = [did for item in channel.items if (did := did_of(item.id or item.url or ""))]
        author = _bluesky_owner(channel, dids[0] if dids else None, account)
    elif network == MASTODON and (actor := _actor(channel)):
        host, user = actor
        author = Author(f"{user}@{host}", f"https://{host}/users/{user}", channel.title)
    elif network == X:
        owner = channel.author if channel.author and channel.author.handle else Author()
        author = Author(account or owner.handle or _x_handle(channel), name=owner.name)
    else:
        network = network if network not in (BLUESKY, MASTODON) else WEB
        url = channel.author.id if channel.author else None
        author = Author(account, channel.home or url or account, name or _only_name(channel))
    return Home(network, author)


def _only_name(channel: Channel) -> str | None:
    """Return the name of the only author, else the feed's own."""
    names = {item.author.name if item.author else None for item in channel.items}
    return next(iter(names), None) or channel.title if len(names) == 1 else channel.title


def _network_id(item: Item) -> tuple[str, str] | None:
    """Return the network of an item's post and its id there; None if it has none."""
    ids = (network_id(address) for address in (item.id, item.url) if address)
    return item.named or next(filter(None, ids), None)


def _bluesky_owner(channel: Channel, did: str | None, account: str | None) -> Author:
    """Parse the title of Bluesky's RSS: `@handle - Name`."""
    handle, _, name = (channel.title or "").partition(" - ")
    is_handle = handle.startswith("@") and "." in handle
    shown = handle[1:] if is_handle else account
    return Author(shown, did or shown, (name or None) if is_handle else channel.title)


def _x_handle(channel: Channel) -> str | None:
    """Return the name in the address of a status of X, https://x.com/NAME/status/1."""
    statuses = (_STATUS.match(item.url or item.id or "") for item in channel.items)
    names = {status[1] for status in statuses if status}
    return names.pop() if len(names) == 1 else None


def _actor(channel: Channel) -> tuple[str, str] | None:
    addresses = [channel.home, *(item.url or item.id for item in channel.items)]
    return next((actor for a in addresses if a and (actor := actor_of(a))), None)


def _entry(item: Item, channel: Channel, home: Home, oddities: Counter[str]) -> Entry:
    """Convert an item to a post."""
    network, known = _network_id(item) or (WEB, None)
    content = read_text(item, network, channel.home)
    created, edited = _times(item, oddities)
    if content.embeds_lost:
        oddities["posts whose embedded pictures or quotes the feed does not show"] += 1
    own_id = web_id(item_ids.own_id(item, channel), channel.home)
    media = _media(item, content)
    shown = item_ids.shown(content.text, media)
    language = item.language or channel.language
    post = Post(
        id=known or own_id or derived_id(created, shown, channel.home),
        network=network,
        text=content.text,
        created_at=created,
        author=_author(item, network, home),
        reply_to=_target_id(item.reply_to, network),
        repost_of=_target_id(item.repost_of, network),
        quote_of=_target_id(item.quote_of or content.quote, network),
        facets=content.facets,
        links=tuple(link for link in content.links if link != item.url),
        mentions=tuple(dict.fromkeys([*item.mentions, *content.mentions])),
        tags=tuple(dict.fromkeys([*content.tags, *item.tags])),
        media=media,
        card=Card(url=item.external) if item.external and is_safe_url(item.external) else None,
        warning=content.warning or item.warning,
        sensitive=item.sensitive and not (content.warning or item.warning),
        langs=(language,) if language and network != BLUESKY else (),
        counts=item.counts,
        url=_url(item),
        uncertain=(_EMBED_LOST,) if content.embeds_lost else (),
        edited_at=edited,
        elsewhere=tuple(_elsewhere(item, content, network)),
        visibility=item.access.visibility,
        extra=item.extra,
    )
    return Entry(post, shown, item.published)


def _times(item: Item, oddities: Counter[str]) -> tuple[str | None, str | None]:
    created, updated = iso(item.published), iso(item.updated)
    for raw, read in ((item.published, created), (item.updated, updated)):
        if raw and not read:
            oddities["times that are none, left out"] += 1
    if created is None:
        return updated, None
    return created, updated if updated != created else None


def _author(item: Item, network: str, home: Home) -> Author:
    """Return the author of an item: its own, else the feed's."""
    own = item.author
    if network in (BLUESKY, MASTODON) or own is None:
        return home.author if network == home.network else Author()
    if own.handle:
        return home.author if own.handle == home.author.handle else own
    is_owner = own.name == home.author.name if own.name else own.id == home.author.id
    return home.author if is_owner else own


def _target_id(reference: Reference | None, network: str) -> str | None:
    """Return the id of a referenced post, or its address if it is on another network."""
    if reference is None:
        return None
    post_id = network_id(reference.url)
    return post_id[1] if post_id and post_id[0] == network else reference.url


def _elsewhere(item: Item, content: ItemText, network: str) -> Iterator[Elsewhere]:
    for reference in (item.reply_to, item.repost_of, item.quote_of or content.quote):
        target = _target_id(reference, network)
        if reference and target:
            url = reference.url if is_safe_url(reference.url) else None
            yield Elsewhere(target, url, reference.author)


def _link_posts(posts: dict[tuple[str, str], Post]) -> tuple[Post, ...]:
    """Replace addresses by the ids of posts in the feed; keep references to others."""
    pages = Counter((p.network, p.url) for p in posts.values() if p.url)
    ids = {key: p.id for p in posts.values() if p.url and pages[key := (p.network, p.url)] == 1}
    return tuple(_with_elsewhere(post, posts, ids) for post in posts.values())


def _with_elsewhere(
    post: Post, posts: dict[tuple[str, str], Post], ids: dict[tuple[str, str], str]
) -> Post:
    if not post.elsewhere:
        return post
    network = post.network
    absent = [
        o for o in post.elsewhere if not any((network, o.id) in known for known in (posts, ids))
    ]
    targets = {
        key: ids.get((network, target), target)
        for key in ("reply_to", "repost_of", "quote_of")
        if (target := getattr(post, key)) and (network, target) not in posts
    }
    return replace(post, elsewhere=tuple(dict.fromkeys(absent)), **targets)


def _media(item: Item, content: ItemText) -> tuple[Media, ...]:
    """Return the pictures in the text, then the other attached files."""
    media = {m.origin or str(at): m for at, m in enumerate(content.images)}
    for file in item.files:
        picture = media.get(file.url)
        if picture is None:
            media[file.url] = Media(file.kind, alt=file.alt, origin=file.url)
        elif picture.alt is None and file.alt:
            media[file.url] = replace(picture, alt=file.alt)
    return tuple(media.values())


def _url(item: Item) -> str | None:
    web = (a for a in (item.url, item.id) if a and a.startswith(("http://", "https://")))
    return next(filter(is_safe_url, web), None)


def _is_empty(post: Post) -> bool:
    shows = post.text.strip() or post.media or post.card or post.uncertain
    return not shows and post.repost_of is None and post.quote_of is None


def _profiles(channel: Channel, home: Home, posts: Sequence[Post]) -> tuple[Profile, ...]:
    """Return the profile of the feed's owner, and those of other authors with an address."""
    owner = home.author
    profiles: dict[tuple[str, str], Profile] = {}
    if owner.id:
        profiles[home.network, owner.id] = Profile(
            id=owner.id,
            network=home.network,
            handle=owner.handle,
            name=owner.name,
            bio=channel.about,
            url=channel.home if channel.home and is_safe_url(channel.home) else None,
            details=channel.details,
        )
    for post in posts:
        if name := post.author.id:
            author = Profile(name, post.network, post.author.handle, post.author.name)
            profiles.setdefault((post.network, name), author)
    return tuple(profiles.values())


def _notes(posts: Sequence[Post]) -> tuple[str, ...]:
    if all(post.author != Author() for post in posts):
        return ()
    return ("The feed does not say who wrote it: give --account to name the author.",)
