"""The words: one Markdown template a message, shared by all platforms."""
