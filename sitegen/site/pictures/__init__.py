"""Resized pictures (`srcset`), each made once and cached."""
