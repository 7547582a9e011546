"""What one build leaves for the next; deleting it costs time, nothing else."""
