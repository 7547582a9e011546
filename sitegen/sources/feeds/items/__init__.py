"""Convert items of any feed to posts: ids, text, titles, times, visibility."""
