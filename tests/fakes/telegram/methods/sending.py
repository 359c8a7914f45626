"""Methods that send something to a chat."""

from __future__ import annotations

from ..chats import Chat, Kind
from ..content import CAPTION_LIMIT, Content, rich_content, text_content
from ..errors import bad_request, unknown_method
from ..keyboards import read_keyboard
from ..params import Parameters
from ..records import Document, Shown
from ..world import World

ACTIONS_WORDS = """
    typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker
    find_location record_video_note upload_video_note
"""
ACTIONS = frozenset(ACTIONS_WORDS.split())
LARGEST_FILE = 50 * 1024 * 1024


def send_message(world: World, parameters: Parameters) -> object:
    chat = writable(world, parameters)
    content = text_content(parameters, "text", "entities")
    if world.check:
        content.check()
    return _put(world, parameters, chat, content).payload()


def send_rich_message(world: World, parameters: Parameters) -> object:
    if not world.rich:
        raise unknown_method()
    chat = writable(world, parameters)
    content = rich_content(parameters.json_object("rich_message") or {})
    if world.check:
        content.check()
    return _put(world, parameters, chat, content).payload()


def send_document(world: World, parameters: Parameters) -> object:
    chat = writable(world, parameters)
    content = text_content(parameters, "caption", "caption_entities")
    if world.check:
        content.check(CAPTION_LIMIT)
    document = _document(world, parameters)
    return _put(world, parameters, chat, content, document).payload()


def send_chat_action(world: World, parameters: Parameters) -> object:
    chat = writable(world, parameters)
    chat.thread(parameters.number("message_thread_id"))
    if parameters.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def writable(world: World, parameters: Parameters) -> Chat:
    """The chat of a call, if the bot may write there."""
    chat = world.find_chat(parameters.text("chat_id"))
    chat.may_be_written()
    return chat


def _put(world: World, parameters: Parameters, chat: Chat, content: Content, document: Document | None = None) -> Shown:
    keyboard = read_keyboard(parameters.json_object("reply_markup"), check=world.check)
    thread = chat.thread(parameters.number("message_thread_id"))
    original = _original(parameters, chat)
    if original and thread is None:
        thread = original.thread
    reply_to = original.message_id if original else None
    message = world.show(chat, world.bot, content, thread=thread, reply_to=reply_to)
    message.keyboard, message.document = keyboard, document
    world.limits.sent(chat.id, is_group=chat.kind is not Kind.PRIVATE, now=world.clock())
    return message


def _original(parameters: Parameters, chat: Chat) -> Shown | None:
    reply = parameters.json_object("reply_parameters") or {}
    number = reply.get("message_id", parameters.number("reply_to_message_id"))
    if number is None:
        return None
    original = chat.messages.get(int(str(number)))
    if original and not original.deleted:
        return original
    if reply.get("allow_sending_without_reply") or parameters.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _document(world: World, parameters: Parameters) -> Document:
    if upload := parameters.upload("document"):
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > LARGEST_FILE:
            raise bad_request("file is too big")
        return world.store(upload.name, upload.mime_type, upload.content)
    reference = parameters.text("document")
    if not reference:
        raise bad_request("there is no document in the request")
    if reference not in world.documents:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.documents[reference]
