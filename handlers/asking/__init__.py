"""Understanding questions: a text becomes a typed query, storage answers it, a template says it."""
