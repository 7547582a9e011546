"""The text of posts: links, Markdown both ways, dates, spelling, charset repair."""
