"""Methods that look at the bot, chats, members and files, and the one that leaves."""

from __future__ import annotations

from ..chats import Chat, Kind, Standing
from ..errors import bad_request
from ..params import Object, Parameters
from ..people import Person
from ..world import World

RIGHTS_WORDS = """
    can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members
    can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories
"""
RIGHTS = frozenset(RIGHTS_WORDS.split())
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
LARGEST_DOWNLOAD = 20 * 1024 * 1024


def get_me(world: World, parameters: Parameters) -> object:
    return world.bot.payload() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, parameters: Parameters) -> object:
    chat = world.find_chat(parameters.text("chat_id"))
    if chat.kind is not Kind.PRIVATE:
        chat.may_be_written()
    return chat.payload() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, True),
    }


def get_chat_member(world: World, parameters: Parameters) -> object:
    chat = world.find_chat(parameters.text("chat_id"))
    if chat.kind is not Kind.PRIVATE:
        chat.may_be_written()
    user_id = parameters.required("user_id")
    person = world.bot if user_id == world.bot.id else world.people.get(user_id)
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member(person, world.standing(person, chat))


def get_file(world: World, parameters: Parameters) -> object:
    document = world.documents.get(parameters.text("file_id"))
    if document is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(document.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": document.file_id,
        "file_unique_id": document.unique_id,
        "file_size": len(document.content),
        "file_path": document.path,
    }


def leave_chat(world: World, parameters: Parameters) -> object:
    chat = world.find_chat(parameters.text("chat_id"))
    chat.may_be_written()
    if chat.kind is Kind.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    bot_becomes(world, chat, Standing.LEFT, world.bot)
    return True


def bot_becomes(world: World, chat: Chat, standing: Standing, by: Person) -> None:
    """Changes what the bot is in a chat, and tells it."""
    before, chat.bot = chat.bot, standing
    world.happen("my_chat_member", change(world, chat, world.bot, by, before, standing), chat.id)


def change(world: World, chat: Chat, person: Person, by: Person, before: Standing, after: Standing) -> Object:
    """A ChatMemberUpdated."""
    return {
        "chat": chat.payload(),
        "from": by.payload(),
        "date": int(world.clock()),
        "old_chat_member": member(person, before),
        "new_chat_member": member(person, after),
    }


def member(person: Person, standing: Standing) -> Object:
    answer: Object = {"user": person.payload(), "status": standing.value}
    if standing is Standing.ADMINISTRATOR:
        answer |= dict.fromkeys(RIGHTS, False)
    elif standing is Standing.CREATOR:
        answer["is_anonymous"] = False
    elif standing is Standing.KICKED:
        answer["until_date"] = 0
    return answer
