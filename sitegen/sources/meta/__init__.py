"""Threads and Instagram: the exports of Meta as JSON."""
