"""What finding topics must know of languages: words, forms, grammar, and which one a post is in."""
