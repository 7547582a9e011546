"""Records of Threads and Instagram as posts."""
