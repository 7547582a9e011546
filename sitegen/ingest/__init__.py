"""The import pipeline: read sources, dedupe, merge, write, report."""
