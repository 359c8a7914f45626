"""What is in a calendar file; only imported where one is made."""
