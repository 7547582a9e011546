"""What people write: Markdown to safe HTML."""
