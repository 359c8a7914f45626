"""What reminders are counted from, how a meeting's are made, and which are due."""
