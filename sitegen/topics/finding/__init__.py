"""Find the topics of an archive: words and phrases that it has far more often than a language."""
