"""Messages in parts: what is noted of them, and what it means when the rest does not follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arrival import Message
from bot.platforms import RateLimited, Revoked, Unavailable
from bot.platforms.parts import corrected, listed, noted, noted_files, partly_sent, unsent_files
from handlers.command import Attachment, Button

AGENDA = Attachment("agenda.pdf", "application/pdf", b"agenda")


@given(st.lists(st.text(), max_size=12), st.lists(st.text(), max_size=12))
def test_what_is_noted_is_listed_in_its_order(stamps: list[str], others: list[str]) -> None:
    receipt = {"channel": "C1", **noted("ts", stamps), **noted("message_id", others)}
    assert (listed(receipt, "ts"), listed(receipt, "message_id")) == (stamps, others)


def test_a_file_is_new_until_it_is_noted() -> None:
    receipt = noted_files([AGENDA])
    renamed, changed = Attachment("a.pdf", "", b"agenda"), Attachment("agenda.pdf", "", b"another")
    assert unsent_files(receipt, [AGENDA, renamed, changed]) == [renamed, changed]
    assert unsent_files(noted_files([changed], receipt), [AGENDA, renamed, changed]) == [renamed]


def test_no_files_leave_no_note() -> None:
    assert noted_files([]) == {}


@pytest.mark.parametrize("error", [RateLimited(3), Revoked("gone"), Unavailable("no network")])
def test_what_fails_half_way_is_uncertain(error: Exception) -> None:
    with pytest.raises(Unavailable) as caught, partly_sent():
        raise error
    assert caught.value.uncertain


def test_a_correction_says_so_first_and_keeps_the_rest() -> None:
    message = Message("# Room B", (Button("Yes", "yes"),), (AGENDA,))
    assert corrected(message, {}) == Message("**Corrected:**\n\n# Room B", (Button("Yes", "yes"),), (AGENDA,))


def test_a_correction_sends_no_file_again() -> None:
    assert corrected(Message("Room B", attachments=(AGENDA,)), noted_files([AGENDA])).attachments == ()
