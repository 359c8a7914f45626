"""Changes of the list of representatives, and what is due in it."""
