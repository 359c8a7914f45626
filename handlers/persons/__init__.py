"""What the commands about persons share."""
