"""Recognise telephone, account and card numbers, however their digits are grouped.

Any number of seven digits or more is one, unless it is a date, a range of years, or times of day.
The patterns are for `regex.VERBOSE | regex.IGNORECASE`.
"""

from unicodedata import digit

# Invisible characters, accents, and what makes a digit an emoji.
_UNSEEN = r"[\p{Cf}\p{M}]*+"
_GAP_SIGNS = r"\p{Zs}\t\p{Pd}\u2212ー./()．／（）:：·・･_+＋"
_GAP = rf"{_UNSEEN}[{_GAP_SIGNS}]"
_DIGIT = r"[\p{Nd}\p{Numeric_Type=Digit}]"  # also in circles, and raised
_OPENING = r"[+＋(（]"
_NO_MORE = rf"(?! (?:{_GAP}){{0,3}} {_UNSEEN} {_DIGIT} )"

_DAY, _MONTH = (
    r"(?:[0０]?[1-9１-９]|[12１２]\d|[3３][01０１])",
    r"(?:[0０]?[1-9１-９]|[1１][0-2０-２])",
)
_HYPHENS = r"\u2010\u2011－-"  # the ASCII one last, for a class of characters
_MARK, _YEAR = rf"[./．／:：·・･_{_HYPHENS}]", r"(?:[1１][5-9５-９]|[2２][0０])\d\d"
_SPACE = r"\p{Zs}"

_TIME = r"\d?\d [:：] [0-5０-５]\d (?: [:：] [0-5０-５]\d )? (?: [.,]\d{1,9} )?"

# Not the beginning of a longer number, such as of 06.12.34.56.78.
_DATE = rf"""
    (?<![\w+./．／{_HYPHENS}]) (?:
        (?: {_DAY}{_MARK}{_MONTH} | {_MONTH}{_MARK}{_DAY} ) {_MARK} (?:\d{{4}}|\d\d)
      | \d{{4}}{_MARK}{_MONTH}{_MARK}{_DAY}
      | {_YEAR} (?: {_SPACE}?[/／:：_ー\p{{Pd}}]{_SPACE}? {_YEAR}
        | (?:[\p{{Zs}}·・･]{_YEAR})+ )
    ) (?: (?!{_MARK}?\d) | (?=_{_TIME}) )"""

# As in 10:00:00+02:00.
_ZONE = r"(?: [+\u2212-] \d\d :? \d\d (?!\d) )?"
_TIMES = rf"""
    (?: (?<![\w+:：./．／{_HYPHENS}]) | (?<=\d[T_]) )
    {_TIME} {_ZONE} (?: (?: {_SPACE}? [/／・\p{{Pd}}] {_SPACE}? | {_SPACE} ) {_TIME} {_ZONE} )*
    (?: {_NO_MORE} | (?= [^\d]{{1,3}} {_DATE} ) )"""
DATE = rf"(?: {_DATE} | {_TIMES} )"

# An account number (ISO 13616, IBAN) has letters before its digits, and perhaps among them. What
# is cheap to find is looked for first.
LONG_NUMBER = rf"""
    (?-i:[A-Z]{{2}}\d\d) (?<![\p{{Latin}}\p{{N}}]\w{{4}}) (?-i:
        (?: (?:{_GAP})?{_UNSEEN}[A-Z0-9]{{4}} ){{2,7}} (?: (?:{_GAP})?{_UNSEEN}[A-Z0-9]{{1,3}} )? )
    (?![\p{{Latin}}\p{{N}}])
  | (?={_OPENING}|{_DIGIT}) (?<!{_DIGIT}) (?: {_OPENING}{{1,2}} {_UNSEEN} )? {_DIGIT}
    (?: (?:{_GAP}){{0,3}} {_UNSEEN} {_DIGIT} ){{6,}} [\ufe0f\u20e3]*"""


def digits_of(number: str) -> str:
    """Return the digits of a number in ASCII, however they are written."""
    return "".join([str(digit(char)) for char in number if char.isdigit()])
