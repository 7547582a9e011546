"""Media: images, videos and sounds from sources, stored in content/media/.

`store` stores each file once, named by its digest; `metadata` strips private metadata; `attach`
gives posts their files; `inbox` attaches files that a person adds later.
"""
