"""The mailbox: liaison statements that arrive by mail."""
