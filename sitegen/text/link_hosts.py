"""The hosts that posts link to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sitegen.model import Post
from sitegen.text.domain_names import canonical_domain, domain_key

# Hosts that only redirect.
SHORTENERS = frozenset((
    "adf.ly", "bit.do", "bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "fb.me", "goo.gl", "ift.tt",
    "is.gd", "j.mp", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "shorturl.at", "t.co", "t.ly",
    "tiny.cc", "tinyurl.com", "tr.im", "trib.al", "v.gd",
))  # fmt: skip
_MORE_SLASHES = re.compile(r"\A[\x00-\x20]*(https?:)/+", re.IGNORECASE)
PLAIN_HOST = re.compile(r"(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/?#]|\Z)")


def hosts(post: Post) -> tuple[str, ...]:
    """Return the hosts that a post links to, including links of which only the text is left.

    The one that shortened the address of the post's card is left out, since the card says where
    it leads.
    """
    linked = [host for link in (*post.links, *post.cut_links) if (host := host_of(link))]
    target = host_of(post.card.url) if post.card and post.card.url else None
    if target is None:
        return tuple(linked)
    short = [host for host in linked if is_shortener(host)]
    if len(short) == 1 and not is_shortener(target):
        linked.remove(short[0])
    return (*linked, target)


def host_of(url: str) -> str | None:
    """Return the host of a URL, or of a shortened URL without a scheme; None without a host.

    It has no "www." and no final dot, and its letters are those that people read.
    """
    plain = PLAIN_HOST.match(url)
    if plain and "xn--" not in plain[1]:
        return plain[1].removeprefix("www.")
    address = _MORE_SLASHES.sub(r"\1//", url.replace("\\", "/"))  # as browsers read it
    try:
        place = urlsplit(address if "://" in address else f"//{address}").netloc
    except ValueError:
        return None
    given = place.rpartition("@")[2].partition(":")[0]
    name = canonical_domain(given).removeprefix("www.").removesuffix(".")
    return name if "." in name else None


def site_key(value: str) -> str:
    """Return the key of the site that a query names: by its host, an address, or "*.example"."""
    name = re.sub(r"\A\*?\.+", "", value)
    return domain_key(host_of(name) or canonical_domain(name) or name)


def is_shortener(host: str) -> bool:
    """Tell whether a host only redirects, so that its name says nothing about what it leads to."""
    return host in SHORTENERS
