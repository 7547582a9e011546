"""Write the domain names of links in one way, so that a site has one name.

"bücher.example" is also "xn--bcher-kva.example", and "BÜCHER.example", and with a soft hyphen:
browsers map all of these to one name before they ask for its address (UTS #46). Here it is the name
that people read, so labels in Punycode (RFC 3492) are decoded. `static/search/domain_names.js` does
the same.
"""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import unquote

# Characters that UTS #46 drops.
_IGNORED = re.compile(
    "[\u00ad\u034f\u180b-\u180d\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff"
    "\U0001bca0-\U0001bca3\U000e0100-\U000e01ef]"
)
# Those that no label has: "forbidden domain code points" of the URL standard, and what is no text.
_FORBIDDEN = re.compile(r"[\0-\x20#%./:<>?@[\\\]^|\x7f\ud800-\udfff\ufffd]")
# Letters that UTS #46 takes for others, or for two, though they have no capitals of their own.
_RARE = re.compile("[\u0345\u1c80-\u1c88\u1f80-\u1fff]")
_ACE = "xn--"
_MAX_LABEL = 63  # RFC 1035, section 2.3.4
_BETWEEN_LABELS = re.compile("([.@:])")


def canonical_domain(name: str) -> str:
    """Return a domain name in lower case, with its labels in Unicode; "" for one that none can be.

    A label in Punycode that no browser would take, such as one of ASCII, stays as it is.
    """
    labels = _mapped(unquote(name)).split(".")
    if any(map(_FORBIDDEN.search, labels)):
        return ""
    return ".".join(map(_decoded, labels))


def domain_key(name: str) -> str:
    """Return a canonical name as it is compared: some registries take "ß" for "ss"."""
    return name.replace("ß", "ss").replace("ς", "σ")


def readable_labels(account: str) -> str:
    """Return the name of an account in lower case with its labels in Unicode, as people read them.

    It may have a domain in it, as "ada@xn--bcher-kva.example" has.
    """
    return "".join(map(_decoded, _BETWEEN_LABELS.split(account))) if _ACE in account else account


def _mapped(name: str) -> str:
    """Return a name without differences of case and width."""
    plain = _IGNORED.sub("", normalize("NFKC", name))
    # Every letter alone: "Σ" at the end of a word is the same letter as elsewhere.
    lower = _RARE.sub(_other_letters, "".join(map(str.lower, plain)))
    return normalize("NFKC", lower).replace("。", ".")


def _other_letters(rare: re.Match[str]) -> str:
    return rare[0].upper().lower()


def _decoded(label: str) -> str:
    """Return what a label in Punycode says; the label itself if it is not Punycode."""
    if not label.startswith(_ACE) or len(label) > _MAX_LABEL:
        return label
    encoded = label.removeprefix(_ACE)
    try:
        decoded = encoded.encode("ascii").decode("punycode")
        is_whole = decoded.encode("punycode").decode("ascii") == encoded
    except UnicodeError:
        return label
    name = _mapped(decoded)
    return name if is_whole and not name.isascii() and not _FORBIDDEN.search(name) else label
