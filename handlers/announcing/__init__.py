"""What is behind subscriptions and announcements and is no command."""
