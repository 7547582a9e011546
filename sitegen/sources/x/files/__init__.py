"""The files of an X archive, and the records in them."""
