"""Telegram's updates become arrivals: what is for the bot, from whom, where, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.arrival import Arrival
from bot.platforms.telegram.arrivals import Reader, press
from handlers.command import Place

BOT = {"id": 7, "is_bot": True, "first_name": "Liaison", "username": "Liaison_Bot"}
ANNA = {"id": 42, "is_bot": False, "first_name": "Anna", "last_name": "Meier"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100, "type": "supergroup", "title": "QKD"}
READER = Reader(
    7, "liaison_bot", {"ask": "ask", "roadmap_list": "roadmap list", "liaison_read_file": "liaison read-file"}
)


def update(text: str, chat: dict[str, Any] = PRIVATE, **fields: object) -> Update:
    message = {"message_id": 5, "date": 1, "chat": chat, "from": ANNA, "text": text, **fields}
    return Update.de_json({"update_id": 9, "message": message}, None)


def entity(kind: str, text: str, part: str, **fields: object) -> dict[str, object]:
    before = text[: text.index(part)]
    return {"type": kind, "offset": units(before), "length": units(part), **fields}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def mentioning(text: str, name: str = "@Liaison_Bot") -> Update:
    return update(text, GROUP, entities=[entity("mention", text, name)])


def heard(given: Update) -> tuple[str, str] | None:
    arrival = READER.message(given)
    return (arrival.kind, arrival.text) if arrival else None


def test_an_arrival_says_who_spoke_where_and_what_to_answer() -> None:
    assert READER.message(update("when do we meet?")) == Arrival(
        platform="telegram",
        event_id="9",
        account="42",
        name="Anna Meier",
        place=Place("telegram", "42", "", private=True),
        kind="message",
        text="when do we meet?",
        address={"message": "5"},
    )


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        ("  hello ", "message", "hello"),
        ("/ask what is new?", "command", "ask what is new?"),
        ("/ASK what is new?", "command", "ask what is new?"),
        ("/ask@Liaison_Bot  x", "command", "ask x"),
        ("/roadmap list body=ETSI", "command", "roadmap list body=ETSI"),
        ("/roadmap_list body=ETSI", "command", "roadmap list body=ETSI"),
        ("/roadmap_list@liaison_bot", "command", "roadmap list"),
        ("/liaison_read_file x", "command", "liaison read-file x"),
        ("/unknown_thing x", "command", "unknown_thing x"),
        ("/ask one\ntwo", "command", "ask one\ntwo"),
        ("/start", "command", "start"),
        ("/start item-12", "command", "start item-12"),
        ("/roadmap-list x", "command", "roadmap-list x"),
        ("/", "command", "help"),
        ("@Liaison_Bot", "message", "@Liaison_Bot"),
    ],
)
def test_in_private_everything_is_heard(said: str, kind: str, text: str) -> None:
    assert heard(update(said)) == (kind, text)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("/ask x", "ask x"),
        ("/ask@liaison_bot x", "ask x"),
        ("/ask@LIAISON_BOT", "ask"),
        ("/roadmap_list@Liaison_Bot x", "roadmap list x"),
    ],
)
def test_in_a_group_commands_are_heard_with_and_without_the_bots_name(said: str, text: str) -> None:
    assert heard(update(said, GROUP)) == ("command", text)


@pytest.mark.parametrize("said", ["hello", "/ask@other_bot x", "/etc/hosts is a file", "see /ask", "@other_bot x", "/"])
def test_in_a_group_the_rest_is_not_heard(said: str) -> None:
    assert heard(update(said, GROUP)) is None


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        ("@Liaison_Bot what is new?", "message", "what is new?"),
        ("@liaison_bot: what is new?", "message", "what is new?"),
        ("what is new, @Liaison_Bot?", "message", "what is new,?"),
        ("what does @Liaison_Bot know?", "message", "what does know?"),
        ("👩‍👩‍👧 und 𝕏 @Liaison_Bot what is new?", "message", "👩‍👩‍👧 und 𝕏 what is new?"),
        ("what is new @Liaison_Bot", "message", "what is new"),
        ("@Liaison_Bot /ask what is new?", "command", "ask what is new?"),
        ("@Liaison_Bot", "command", "help"),
    ],
)
def test_a_mention_is_heard_without_the_bots_name(said: str, kind: str, text: str) -> None:
    name = "@liaison_bot" if "@liaison_bot" in said else "@Liaison_Bot"
    assert heard(mentioning(said, name)) == (kind, text)


def test_a_mention_of_somebody_else_is_not_heard() -> None:
    assert heard(mentioning("@liaison_bot2 what is new?", "@liaison_bot2")) is None


def test_a_mention_by_a_written_name_counts_too() -> None:
    said = "Liaison, what is new?"
    for user, expected in ((BOT, ("message", "what is new?")), (ANNA, None)):
        assert heard(update(said, GROUP, entities=[entity("text_mention", said, "Liaison", user=user)])) == expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_mention_anywhere_loses_no_word_of_the_rest(before: str, after: str) -> None:
    said = f"{before} @Liaison_Bot {after}"
    start = len(before) + 1
    mention = {"type": "mention", "offset": units(said[:start]), "length": 12}
    result = heard(update(said, GROUP, entities=[mention]))
    assert result
    if result[0] == "message":
        # Signs that set the name off from the question may go when the name comes first.
        assert "".join(result[1].split()) in (
            "".join((before + after).split()),
            "".join(after.split()).lstrip(",:;-–—"),
        )


def reply_to(sender: dict[str, Any], number: int = 3, **fields: object) -> dict[str, object]:
    return {"message_id": number, "date": 1, "chat": GROUP, "from": sender, **fields}


def test_a_reply_to_the_bot_is_heard_and_a_reply_to_others_is_not() -> None:
    assert heard(update("ETSI", GROUP, reply_to_message=reply_to(BOT, text="Which body?"))) == ("message", "ETSI")
    assert heard(update("ETSI", GROUP, reply_to_message=reply_to(ANNA, text="Which body?"))) is None


def test_a_topic_is_kept_and_the_thread_of_mere_replies_is_not() -> None:
    in_topic = READER.message(update("/ask x", GROUP, message_thread_id=11, is_topic_message=True))
    in_reply = READER.message(update("/ask x", GROUP, message_thread_id=11, reply_to_message=reply_to(ANNA)))
    assert in_topic
    assert in_reply
    assert (in_topic.place.thread, in_reply.place.thread) == ("11", "")
    assert not in_topic.place.private


def test_in_a_topic_of_the_bot_only_real_replies_are_heard() -> None:
    topic = {"message_thread_id": 11, "is_topic_message": True}
    opening = reply_to(BOT, 11, forum_topic_created={"name": "QKD", "icon_color": 1})
    assert heard(update("among us", GROUP, **topic, reply_to_message=opening)) is None
    assert heard(update("to you", GROUP, **topic, reply_to_message=reply_to(BOT, 12, text="?"))) == (
        "message",
        "to you",
    )


def test_who_speaks_as_a_chat_has_an_account_of_that_chat() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    arrival = READER.message(update("/ask x", GROUP, **{"from": anonymous}, sender_chat=GROUP))
    assert arrival
    assert (arrival.account, arrival.name) == ("-100", "QKD")


@pytest.mark.parametrize(
    "fields",
    [
        {"from": {"id": 8, "is_bot": True, "first_name": "Other"}},
        {"via_bot": BOT},
        {"sender_chat": GROUP, "is_automatic_forward": True},
        {"text": None, "new_chat_members": [ANNA]},
    ],
)
def test_bots_inserted_results_and_service_messages_are_not_heard(fields: dict[str, object]) -> None:
    message = {"message_id": 5, "date": 1, "chat": GROUP, "from": ANNA, "text": "/ask x"} | fields
    given = {name: value for name, value in message.items() if value is not None}
    assert READER.message(Update.de_json({"update_id": 9, "message": given}, None)) is None


@pytest.mark.parametrize("kind", ["edited_message", "channel_post", "edited_channel_post"])
def test_edits_and_channel_posts_are_not_heard(kind: str) -> None:
    message = {"message_id": 5, "date": 1, "chat": PRIVATE, "from": ANNA, "text": "/ask x"}
    assert READER.message(Update.de_json({"update_id": 9, kind: message}, None)) is None


def pressed(**fields: object) -> Arrival | None:
    query = {"id": "1", "from": ANNA, "chat_instance": "1", "data": "=x", **fields}
    given = Update.de_json({"update_id": 9, "callback_query": query}, None)
    assert given.callback_query
    return press(given.update_id, given.callback_query, "liaison show 12")


def test_a_pressed_button_is_whoever_pressed_it_at_the_place_of_its_message() -> None:
    message = reply_to(BOT, 6, text="Choose", message_thread_id=11, is_topic_message=True)
    arrival = pressed(message=message)
    assert arrival
    assert (arrival.kind, arrival.text, arrival.account) == ("button", "liaison show 12", "42")
    assert arrival.place == Place("telegram", "-100", "11", private=False)
    assert arrival.address == {"message": "6"}


def test_a_button_under_a_message_too_old_to_be_shown_still_works() -> None:
    arrival = pressed(message={"message_id": 6, "date": 0, "chat": GROUP})
    assert arrival
    assert arrival.place == Place("telegram", "-100", "", private=False)


def test_a_button_under_an_inserted_message_has_no_place() -> None:
    assert pressed(inline_message_id="abc") is None


DOCUMENT = {"file_id": "D1", "file_unique_id": "d1", "file_name": "a.pdf", "mime_type": "application/pdf"}
PHOTOS = [
    {"file_id": f"P{size}", "file_unique_id": f"p{size}", "width": size, "height": size, "file_size": size}
    for size in (90, 800)
]
VOICE = {"file_id": "V1", "file_unique_id": "v1", "duration": 3, "mime_type": "audio/ogg"}


def sent(chat: dict[str, object], **fields: object) -> Arrival | None:
    message = {"message_id": 5, "date": 1, "chat": chat, "from": ANNA} | fields
    return READER.message(Update.de_json({"update_id": 9, "message": message}, None))


@pytest.mark.parametrize(
    ("fields", "reference", "name"),
    [
        ({"document": DOCUMENT}, "D1", "a.pdf"),
        ({"photo": PHOTOS}, "P800", "photo-5.jpg"),
        ({"voice": VOICE}, "V1", "voice-5.oga"),
    ],
)
def test_files_are_heard_in_private_without_a_word(fields: dict[str, object], reference: str, name: str) -> None:
    arrival = sent(PRIVATE, **fields)
    assert arrival is not None
    assert (arrival.kind, arrival.text) == ("message", "")
    (file,) = arrival.files
    assert file.reference == reference
    assert file.name.rpartition(".")[0] == name.rpartition(".")[0]


def test_the_caption_of_a_file_is_what_was_said() -> None:
    arrival = sent(GROUP, document=DOCUMENT, caption="/ask x")
    assert arrival is not None
    assert (arrival.kind, arrival.text, len(arrival.files)) == ("command", "ask x", 1)


def test_in_groups_a_file_that_is_not_for_the_bot_is_not_heard() -> None:
    assert sent(GROUP, document=DOCUMENT) is None
    assert sent(GROUP, document=DOCUMENT, caption="look") is None
