"""The kinds of rows that can be imported and exported; one module a kind, with its subclass `Rows`."""
