"""The topics of the plan: which are shown, with which posts."""
