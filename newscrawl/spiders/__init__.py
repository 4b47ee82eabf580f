"""Site files, one a publisher, and nothing else."""
