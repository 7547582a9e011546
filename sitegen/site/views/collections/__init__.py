"""What the templates of collections see."""
