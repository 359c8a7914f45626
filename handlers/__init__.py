"""The conversations: one module a subject, none of them knows a platform."""
