"""Methods that change or delete what was sent."""

from __future__ import annotations

from ..chats import Kind, Standing
from ..content import rich_content, text_content
from ..errors import bad_request, unknown_method
from ..keyboards import read_keyboard
from ..params import Parameters
from ..records import Shown
from ..world import World

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
DELETABLE_SECONDS = 48 * 3600


def edit_text(world: World, parameters: Parameters) -> object:
    message = _target(world, parameters)
    if message.document:
        raise bad_request("there is no text in the message to edit")
    rich = parameters.json_object("rich_message")
    if rich is not None and not world.rich:
        raise unknown_method()
    content = rich_content(rich) if rich is not None else text_content(parameters, "text", "entities")
    keyboard = read_keyboard(parameters.json_object("reply_markup"), check=world.check)
    if world.check:
        content.check()
        if content.same_as == message.content.same_as and keyboard == message.keyboard:
            raise bad_request(UNCHANGED)
    message.content, message.keyboard = content, keyboard
    return _edited(world, message)


def edit_keyboard(world: World, parameters: Parameters) -> object:
    message = _target(world, parameters)
    keyboard = read_keyboard(parameters.json_object("reply_markup"), check=world.check)
    if world.check and keyboard == message.keyboard:
        raise bad_request(UNCHANGED)
    message.keyboard = keyboard
    return _edited(world, message)


def delete_message(world: World, parameters: Parameters) -> object:
    chat = world.find_chat(parameters.text("chat_id"))
    chat.may_be_written()
    message = chat.messages.get(parameters.required("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    mine = message.sender is world.bot or chat.kind is Kind.PRIVATE or chat.bot is Standing.ADMINISTRATOR
    if not mine or world.clock() - message.date > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted")
    message.deleted = True
    return True


def _target(world: World, parameters: Parameters) -> Shown:
    if inline_id := parameters.text("inline_message_id"):
        if inline_id not in world.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return world.inline_messages[inline_id]
    chat = world.find_chat(parameters.text("chat_id"))
    chat.may_be_written()
    message = chat.messages.get(parameters.required("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if not message.by_bot or message.frozen:
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, message: Shown) -> object:
    message.edited, message.edit_date = True, int(world.clock())
    return True if message.inline_id else message.payload()
