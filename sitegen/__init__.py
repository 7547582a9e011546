"""sitegen: social posts in, a static archive that their author owns out.

The front door for Python users: the version, and the few names that scripts need.
"""

__version__ = "0.1.0"
