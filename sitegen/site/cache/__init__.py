"""The build cache: fingerprints, parsed files and stats for incremental builds."""
