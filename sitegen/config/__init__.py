"""The settings of a site (`sitegen.toml`), and what `sitegen new` writes."""
