"""The files of a Meta download: which belong to one export, and what is in them."""
