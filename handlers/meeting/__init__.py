"""The life of a meeting: what its commands share."""
