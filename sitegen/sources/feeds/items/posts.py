"""Convert items of feeds and h-feeds to posts, with threads and authors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import threads
from sitegen.model import Author, Card, Elsewhere, Media, Post, Profile
from sitegen.sources import Exclusion, Imported, Oddity, Options, Reason
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
_EMBEDDED = "The feed does not show what was embedded in this post."


class Home(Struct, frozen=True):
    """The origin of a feed: its address, the network of its posts, and its owner."""

    url: str | None
    network: str
    author: Author


def imported(channel: Channel, options: Options) -> Imported:
    """Convert all items of a feed to posts; exclude the others by name."""
    public = open_items(nitter.restore(channel), options)
    channel = public.channel
    home = _home(channel, options)
    strange: Counter[str] = Counter()
    entries = [_entry(item, channel, home, strange) for item in channel.items]
    named = item_ids.settle(entries, channel.home)
    posts: dict[tuple[str, str], Post] = {}
    exclusions = [*channel.exclusions, *public.exclusions]
    for item, post in zip(channel.items, named, strict=True):
        if reason := _left_out(post, posts, home):
            exclusions.append(Exclusion(item.place, reason, post.id))
        else:
            posts[threads.key(post)] = post
    whole = _joined(posts)
    return Imported(
        found=channel.found,
        records=len(whole) + len(exclusions),
        threads=threads.group(whole),
        profiles=_profiles(channel, home, whole) if whole or not public.exclusions else (),
        exclusions=tuple(exclusions),
        oddities=(*channel.oddities, *(Oddity(what, n) for what, n in strange.items())),
        notes=(*_notes(whole), *public.notes),
        until=channel.until,
        is_excerpt=home.network != WEB,
    )


def _left_out(post: Post, posts: Mapping[tuple[str, str], Post], home: Home) -> Reason | None:
    if _is_empty(post):
        return "no content"
    if home.author.id and (post.repost_of, home.author.id) in [
        (reference.id, reference.author.id) for reference in post.elsewhere
    ]:
        return "repost of oneself"
    return "same post twice" if threads.key(post) in posts else None


def _home(channel: Channel, options: Options) -> Home:
    """Detect the origin of a feed; posts of Bluesky and Mastodon name it themselves."""
    account = (options.account or "").strip().lstrip("@") or None
    names = [n for item in channel.items if (n := _named(item))]
    network = Counter(network for network, _ in names).most_common(1)[0][0] if names else WEB
    name = channel.author.name if channel.author else None
    if network == BLUESKY:
        dids = [did for item in channel.items if (did := did_of(item.id or item.url or ""))]
        author = _of_bluesky(channel, dids[0] if dids else None, account)
    elif network == MASTODON and (actor := _actor(channel)):
        host, user = actor
        author = Author(f"{user}@{host}", f"https://{host}/users/{user}", channel.title)
    elif network == X:
        owner = channel.author if channel.author and channel.author.handle else Author()
        author = Author(account or owner.handle or _of_x(channel), name=owner.name)
    else:
        network = network if network not in (BLUESKY, MASTODON) else WEB
        url = channel.author.id if channel.author else None
        author = Author(account, channel.home or url or account, name or _only_name(channel))
    return Home(channel.home, network, author)


def _only_name(channel: Channel) -> str | None:
    """Return the name of the only author, else the feed's own."""
    names = {item.author.name if item.author else None for item in channel.items}
    return next(iter(names), None) or channel.title if len(names) == 1 else channel.title


def _named(item: Item) -> tuple[str, str] | None:
    if item.named:
        return item.named
    for address in (item.id, item.url):
        if address and (found := network_id(address)):
            return found
    return None


def _of_bluesky(channel: Channel, did: str | None, account: str | None) -> Author:
    """Parse the title of Bluesky's RSS: `@handle - Name`."""
    handle, _, name = (channel.title or "").partition(" - ")
    is_handle = handle.startswith("@") and "." in handle
    shown = handle[1:] if is_handle else account
    return Author(shown, did or shown, (name or None) if is_handle else channel.title)


def _of_x(channel: Channel) -> str | None:
    """Return the name in the address of a status of X, https://x.com/NAME/status/1."""
    found = [_STATUS.match(item.url or item.id or "") for item in channel.items]
    names = {status[1] for status in found if status}
    return names.pop() if len(names) == 1 else None


def _actor(channel: Channel) -> tuple[str, str] | None:
    addresses = [channel.home, *(item.url or item.id for item in channel.items)]
    return next((actor for a in addresses if a and (actor := actor_of(a))), None)


def _entry(item: Item, channel: Channel, home: Home, strange: Counter[str]) -> Entry:
    """Convert an item to a post, with what distinguishes it from other items."""
    network, known = _named(item) or (WEB, None)
    content = read_text(item, network, channel.home)
    created, edited = _times(item, strange)
    cut = content.embeds_lost
    if cut:
        strange["posts whose embedded pictures or quotes the feed does not show"] += 1
    told_id = web_id(item_ids.own_id(item, channel), channel.home)
    media = _media(item, content)
    shown = item_ids.shown(content.text, media)
    language = item.language or channel.language
    post = Post(
        id=known or told_id or derived_id(created, shown, channel.home),
        network=network,
        text=content.text,
        created_at=created,
        author=_author(item, network, home),
        reply_to=_name(item.reply_to, network),
        repost_of=_name(item.repost_of, network),
        quote_of=_name(item.quote_of or content.quote, network),
        facets=content.facets,
        links=tuple(link for link in content.links if link != item.url),
        mentions=tuple(dict.fromkeys([*item.mentions, *content.mentions])),
        tags=tuple(dict.fromkeys([*content.tags, *item.tags])),
        media=media,
        card=Card(url=item.external) if item.external and is_safe_url(item.external) else None,
        warning=content.warning or item.warning,
        langs=(language,) if language and network != BLUESKY else (),
        counts=item.counts,
        url=_url(item),
        uncertain=(_EMBEDDED,) if cut else (),
        edited_at=edited,
        elsewhere=tuple(_elsewhere(item, content, network)),
        visibility=item.access.visibility,
        extra=item.extra,
    )
    return Entry(post, shown, item.published)


def _times(item: Item, strange: Counter[str]) -> tuple[str | None, str | None]:
    created, updated = iso(item.published), iso(item.updated)
    for raw, read in ((item.published, created), (item.updated, updated)):
        if raw and not read:
            strange["times that are none, left out"] += 1
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
    if is_owner:
        return home.author
    return own


def _name(reference: Reference | None, network: str) -> str | None:
    """Return a post's id on the same network, or its address if it is on another."""
    if reference is None:
        return None
    identity = network_id(reference.url)
    return identity[1] if identity and identity[0] == network else reference.url


def _elsewhere(item: Item, content: ItemText, network: str) -> Iterator[Elsewhere]:
    for reference in (item.reply_to, item.repost_of, item.quote_of or content.quote):
        name = _name(reference, network)
        if reference and name:
            url = reference.url if is_safe_url(reference.url) else None
            yield Elsewhere(name, url, reference.author)


def _joined(posts: dict[tuple[str, str], Post]) -> tuple[Post, ...]:
    """Link posts by their ids, and list references to posts that are elsewhere."""
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
    named = {
        key: ids.get((network, target), target)
        for key in ("reply_to", "repost_of", "quote_of")
        if (target := getattr(post, key)) and (network, target) not in posts
    }
    return replace(post, elsewhere=tuple(dict.fromkeys(absent)), **named)


def _media(item: Item, content: ItemText) -> tuple[Media, ...]:
    """Return the pictures of the text, then attached files that are not among them."""
    media = {m.origin or str(at): m for at, m in enumerate(content.images)}
    for file in item.files:
        before = media.get(file.url)
        if before is None:
            media[file.url] = Media(file.kind, alt=file.alt, origin=file.url)
        elif before.alt is None and file.alt:
            media[file.url] = replace(before, alt=file.alt)
    return tuple(media.values())


def _url(item: Item) -> str | None:
    for address in (item.url, item.id):
        if address and address.startswith(("http://", "https://")) and is_safe_url(address):
            return address
    return None


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
    unknown = sum(post.author == Author() for post in posts)
    if not unknown:
        return ()
    return ("The feed does not say who wrote it: give --account to name the author.",)
