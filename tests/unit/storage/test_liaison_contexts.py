"""Contexts: the words around what was found in a liaison statement, which everybody may read."""

from __future__ import annotations

from storage.liaison.contexts import context_of
from storage.search import stem


def test_the_words_around_a_find_have_nobodys_address() -> None:
    text = "Questions about entanglement go to Kim Lee <kim.lee@example.org>, who knows."
    assert context_of([text], {stem("entanglement")}) == "Questions about entanglement go to Kim Lee <…>, who knows."
