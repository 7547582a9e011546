"""What the posts of a site or an account amount to: figures, and charts with their geometry."""
