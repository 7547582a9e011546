"""A post's media get their files, in its line and its block; every other byte stays."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import long_law
from msgspec.structs import replace
from strategies import archives

from sitegen.content import media_patch
from sitegen.content.content_folder import decode
from sitegen.content.format import thread_file
from sitegen.content.format.draft import thread_draft
from sitegen.content.format.stored import stored_posts
from sitegen.content.merge import rewrite, thread_merge
from sitegen.errors import ContentError
from sitegen.model import NO_COUNTS, Media, Thread

NEW = Media("image", "media/0123456789abcdef0123456789abcdef.png")

FILE = """\
---
# my own words
title: "A hill"
network: "bluesky"
id: "3ka"
posts:
  - {"id": "3ka", "tags": ["hill"], "media": [{"kind": "image", "alt": "A hill", "origin": "hill.png"}]}
  -   {"id": "3kb"}
  - {"id":"3kc",  "extra": {"x": {"media": []}} ,"media":[ {"kind":"video"} , {"origin":"sea.png","mine": [1, "é"],"kind":"video"}]}
cover: [a, b]
written: {"id": "00000000", "posts": {"3ka": {"media": "11111111"}}}
---

Words before, with \t spaces \u2028 at ends   \t

<!-- post 3ka -->

Look {"id": "3ka"}

<!-- post 3kb -->

<!-- post 3kc -->

More
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", BOM_UTF8])
def test_only_the_line_and_the_block_change(ends: str, mark: bytes) -> None:
    data = mark + FILE.replace("\n", ends).encode()
    new = {"3ka": {0: NEW}, "3kc": {1: NEW}}
    end, address = ends.encode(), b"../../media/0123456789abcdef0123456789abcdef.png"
    line = (
        '  - {"id": "3kc", "extra": {"x": {"media": []}}, "media": [{"kind": "video"}, '
        '{"file": "0123456789abcdef0123456789abcdef.png", "origin": "sea.png", "mine": [1, "é"]}]}'
    )
    expected = data.replace(
        b'{"kind": "image", "alt": "A hill", "origin": "hill.png"}',
        b'{"file": "0123456789abcdef0123456789abcdef.png", "origin": "hill.png"}',
    )
    expected = expected.replace(FILE.split("\n")[8].encode(), line.encode())
    for text, alt in ((b'Look {"id": "3ka"}', b"A hill"), (b"More", b"")):
        expected = expected.replace(text, text + end + end + b"![%s](%s)" % (alt, address))
    assert media_patch.patch_media("a.md", data, new) == expected


YAML = """\
title: A hill
network: bluesky
id: 3ka
posts: # all of them
- id: 3ka
  media:
  - kind: image
    origin: hill.png
  warning: fine
cover: [a, b]
"""


def test_a_list_that_a_person_wrote_in_other_yaml_is_understood() -> None:
    text = f"---\n{YAML}---\n\n<!-- post 3ka -->\n\nLook\n"
    changed = media_patch.patch_media("a.md", text.encode(), {"3ka": {0: NEW}}).decode()
    assert changed == (
        '---\ntitle: A hill\nnetwork: bluesky\nid: 3ka\nposts:\n  - {"id": "3ka", "media": '
        '[{"file": "0123456789abcdef0123456789abcdef.png", "origin": "hill.png"}], '
        '"warning": "fine"}\ncover: [a, b]\n---\n\n<!-- post 3ka -->\n\nLook\n\n'
        "![](../../media/0123456789abcdef0123456789abcdef.png)\n"
    )


def test_media_that_are_not_there_are_an_error() -> None:
    for new in ({"3kb": {0: NEW}}, {"3ka": {1: NEW}}):
        with pytest.raises(ContentError) as caught:
            media_patch.patch_media("a.md", FILE.encode(), new)
        assert caught.value.location == "a.md:6"


@long_law
@given(archives(), st.data())
def test_any_archive_can_be_mended(threads: tuple[Thread, ...], data: st.DataObject) -> None:
    thread = data.draw(st.sampled_from(threads))
    places = [(p.id, n) for p in thread.posts for n in range(len(p.media))]
    assume(places)
    identity, place = data.draw(st.sampled_from(places))
    new = rewrite.new_thread_text(thread_draft(thread))
    text = new.text
    changed = media_patch.patch_media("a.md", text.encode(), {identity: {place: NEW}})
    file = thread_file.read("a.md", decode(changed, "a.md"))
    for before, stored in zip(thread.posts, stored_posts(file), strict=True):
        expected = [
            replace(m, kind="image", path=NEW.path) if (before.id, n) == (identity, place) else m
            for n, m in enumerate(before.media)
        ]
        assert stored.post == replace(before, media=tuple(expected), counts=NO_COUNTS)
    gone = Counter(text.encode().split(b"\n")) - Counter(changed.split(b"\n"))
    assert gone.total() <= 2  # the post's line, and the block's where it named another file
    recorded = replace(file, recorded=new.recorded)
    again = thread_merge.merge_thread(thread_draft(thread), recorded, {})
    assert (again.file.text, again.conflicts) == (changed.decode(), ())
