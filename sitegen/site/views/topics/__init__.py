"""What the templates of topics see."""
