"""Methods for what the bot says about itself: commands, descriptions, the menu button."""

from __future__ import annotations

import re

from ..errors import bad_request
from ..params import Object, Parameters
from ..world import World

NAME = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
SCOPES_WORDS = """
    default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member
"""
SCOPES = frozenset(SCOPES_WORDS.split())
MOST_COMMANDS, LONGEST_HELP = 100, 256
LONGEST_TEXTS = {"description": 512, "short_description": 120}


def set_commands(world: World, parameters: Parameters) -> object:
    commands = [command if isinstance(command, dict) else {} for command in parameters.json_list("commands") or []]
    if world.check:
        _check(commands)
    world.profile.commands[_scope(world, parameters)] = commands
    return True


def get_commands(world: World, parameters: Parameters) -> object:
    return world.profile.commands.get(_scope(world, parameters), [])


def delete_commands(world: World, parameters: Parameters) -> object:
    world.profile.commands.pop(_scope(world, parameters), None)
    return True


def set_description(world: World, parameters: Parameters) -> object:
    return _set_text(world, parameters, "description")


def set_short_description(world: World, parameters: Parameters) -> object:
    return _set_text(world, parameters, "short_description")


def get_description(world: World, parameters: Parameters) -> object:
    return {"description": world.profile.texts.get(("description", _language(parameters)), "")}


def get_short_description(world: World, parameters: Parameters) -> object:
    return {"short_description": world.profile.texts.get(("short_description", _language(parameters)), "")}


def set_menu_button(world: World, parameters: Parameters) -> object:
    chat_id = parameters.number("chat_id")
    if chat_id is not None:
        world.find_chat(str(chat_id))
    world.profile.menu_buttons[chat_id] = parameters.json_object("menu_button") or {"type": "default"}
    return True


def get_menu_button(world: World, parameters: Parameters) -> object:
    buttons = world.profile.menu_buttons
    return buttons.get(parameters.number("chat_id"), buttons.get(None, {"type": "commands"}))


def scope_key(kind: str, chat_id: object = "", user_id: object = "") -> str:
    return f"{kind}:{chat_id}:{user_id}".rstrip(":")


def _scope(world: World, parameters: Parameters) -> tuple[str, str]:
    scope = parameters.json_object("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = str(scope.get("chat_id", ""))
    if kind in {"chat", "chat_administrators", "chat_member"}:
        chat_id = str(world.find_chat(chat_id).id)
    return scope_key(kind, chat_id, scope.get("user_id", "")), _language(parameters)


def _language(parameters: Parameters) -> str:
    language = parameters.text("language_code")
    if language and not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _check(commands: list[Object]) -> None:
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    names = [str(command.get("command", "")).removeprefix("/") for command in commands]
    if not all(NAME.fullmatch(name) for name in names):
        raise bad_request("BOT_COMMAND_INVALID")
    if len(set(names)) < len(names):
        raise bad_request("BOT_COMMAND_DUPLICATE")
    if not all(1 <= len(str(command.get("description", "")).strip()) <= LONGEST_HELP for command in commands):
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _set_text(world: World, parameters: Parameters, name: str) -> bool:
    text = parameters.text(name)
    if world.check and len(text) > LONGEST_TEXTS[name]:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    world.profile.texts[name, _language(parameters)] = text
    return True
