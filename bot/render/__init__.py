"""Rendering: a template's Markdown becomes a small document, and the document each platform's dialect."""
