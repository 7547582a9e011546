"""A page has every character but those that HTML forbids."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.site.render.page_bytes import encode_markup

ODD = "\x00\x08\t\n\x0b\x0c\r\x1f\x7f\x80\x85\x9f\xa0\xb7\xb6·«»…é\ud800\udfff\ufdd0\ufeff\ufffd\ufffe\uffff😀"
PIECES = st.lists(
    st.text(st.one_of(st.sampled_from(ODD), st.characters(), st.sampled_from("<p>ab")))
)


def is_forbidden(character: str) -> bool:
    """Tell whether HTML forbids a character (HTML, 13.2.3.5), or XML, which has U+000C."""
    code = ord(character)
    is_control = (code < 0x20 and character not in "\t\n\r") or 0x7F <= code <= 0x9F
    return is_control or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)


@given(PIECES)
def test_forbidden_characters_are_replaced_and_others_kept(pieces: list[str]) -> None:
    text = "".join(pieces).replace("\r", "\n")
    expected = "".join("\ufffd" if is_forbidden(c) else c for c in text)
    assert encode_markup(pieces) == expected.encode()
