"""sitegen turns social posts into a static archive that their author owns.

>>> import sitegen
>>> config = sitegen.load_config()
>>> sitegen.import_sources(config, ["archive.zip"])  # doctest: +SKIP
>>> sitegen.build_site(config)  # doctest: +SKIP

Errors are subclasses of `sitegen.errors.SitegenError`.
"""

from sitegen.library import (
    build_site,
    convert_content,
    count_topics,
    export_files,
    export_posts,
    import_sources,
    load_config,
    read_threads,
    repair,
    update_topics,
)

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "build_site",
    "convert_content",
    "count_topics",
    "export_files",
    "export_posts",
    "import_sources",
    "load_config",
    "read_threads",
    "repair",
    "update_topics",
]
