"""Liaison statements in the shared database: logging them, their life, owners, files and what they propose."""
