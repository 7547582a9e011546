"""sitegen turns social posts into a static archive that their author owns.

The public API for Python users: the version, and the few names that scripts need.
"""

__version__ = "0.1.0"
