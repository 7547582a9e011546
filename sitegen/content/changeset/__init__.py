"""The changes that an import makes to content/, planned before anything is written."""
