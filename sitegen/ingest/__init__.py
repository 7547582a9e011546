"""An import from start to end: read, dedupe, merge, write, report."""
