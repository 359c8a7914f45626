"""The shared database: tables, the questions asked of it, search, import and export."""
