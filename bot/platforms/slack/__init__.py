"""Slack: Socket Mode and signed HTTP, slash commands, mentions, direct messages, buttons, modals, App Home."""
