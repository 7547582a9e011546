"""What files for the results of a search are made from."""
