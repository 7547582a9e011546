"""Recognise telephone, account and card numbers, however their digits are grouped.

Any number of seven digits or more is one, unless it is a date or a range of years. The patterns are
for `re.VERBOSE | re.IGNORECASE`.
"""

_GAP = r"[\ \t\u00a0\u2007\u2009\u202f./()\u2010-\u2015\u2212-]"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_MARK, _YEAR = r"[./-]", r"(?:1[5-9]|20)\d\d"

# Not the beginning of a longer number, such as of 06.12.34.56.78.
DATE = rf"""
    (?<![\w+./-]) (?:
        (?: {_DAY}{_MARK}{_MONTH} | {_MONTH}{_MARK}{_DAY} ) {_MARK} (?:\d{{4}}|\d\d)
      | \d{{4}}{_MARK}{_MONTH}{_MARK}{_DAY}
      | {_YEAR} (?: [\ ]?[/\u2013-][\ ]? {_YEAR} | (?:\ {_YEAR})+ )
    ) (?!{_MARK}?\d)"""

# An account number (ISO 13616, IBAN) has letters before its digits, and perhaps among them.
LONG_NUMBER = rf"""
    (?<!\w) (?-i:[A-Z]{{2}}\d\d (?:{_GAP}?[A-Z0-9]{{4}}){{2,7}} (?:{_GAP}?[A-Z0-9]{{1,3}})?) (?!\w)
  | (?<![\d+]) [+(]{{0,2}} \d (?:{_GAP}{{0,3}}\d){{6,}} (?!\d)"""
