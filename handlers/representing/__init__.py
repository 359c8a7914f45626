"""What the commands about representatives share."""
