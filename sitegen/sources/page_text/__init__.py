"""The text of a profile's page, copied or saved."""
