"""The media room: pictures, films and sounds from a source into content/media/.

`store` keeps each file once, named by what is in it; `stripping` takes out what tells of the
person behind it; `placing` gives posts their files; `inbox` mends posts whose file came later.
"""
