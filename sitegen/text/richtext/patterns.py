"""Patterns shared by writing and reading: what has a meaning to some renderer, and where."""

# What begins a block at the start of a line, and what must follow; the last
# character is escaped.
BLOCKS = (
    ("[#>|]", ""),
    ("[+*-]", r"(?=[ \t\n]|\Z)"),
    ("[-:|=]", r"(?=[-:|=\ ]*(?:\n|\Z))"),
    (":", r"(?=[ \t]|::)"),
    (r"\d", r"\d*[.)](?=\s|\Z)"),
)
BLOCK = "|".join(first + rest for first, rest in BLOCKS)
BLOCK_GOES_ON = "|".join(f"(?<={first}){rest}" for first, rest in BLOCKS)
# U+0085 is a space to Python's renderers, and has no entity that HTML reads as itself.
CONTROLS = "\x00-\x09\x0b-\x1f\x85\ud800-\udfff"
BLANKS = "\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
ENTITY = r"\#?[0-9A-Za-z]+;"
BEFORE_ENTITY = r"(?=\#|[0-9A-Za-z]+;)"  # Python-Markdown adds the semicolon to "&#1"
AUTOLINK = r"https?://[A-Za-z0-9._~:/?\#@!$&()*+,;=%|-]+"
# Characters that have no meaning to any dialect in these positions.
RAW_UNDERSCORE = r"(?<=[^\W_]_)(?=[^\W_])"
RAW_STAR = r"(?<=[^\n][ ]\*)(?=[ ][^\n])"
RAW_TILDE = r"(?<=[^\n][ ]~)(?=[^~\s])"
RAW_LESS = r"(?=[ ][^\n])"
