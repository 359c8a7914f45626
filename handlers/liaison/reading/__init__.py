"""Reading liaison statements: from a file or a text to typed fields."""
