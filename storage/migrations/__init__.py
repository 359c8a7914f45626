"""Making and upgrading the shared database."""
