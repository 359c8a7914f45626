"""The life of a meeting: what is done to it, its agenda, documents, notes and who comes."""
