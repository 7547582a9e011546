"""Items of any feed as posts: ids, text, titles, times, visibility."""
