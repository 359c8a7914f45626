"""What the conversations about liaison statements share."""
