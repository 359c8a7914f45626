"""The methods of the Bot API that the server knows, by their names in lower case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..params import Parameters
from ..world import World
from . import answering, editing, looking, profile, receiving, sending

Method = Callable[[World, Parameters], object]

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "getme": looking.get_me,
        "getchat": looking.get_chat,
        "getchatmember": looking.get_chat_member,
        "getfile": looking.get_file,
        "leavechat": looking.leave_chat,
        "sendmessage": sending.send_message,
        "sendrichmessage": sending.send_rich_message,
        "senddocument": sending.send_document,
        "sendchataction": sending.send_chat_action,
        "editmessagetext": editing.edit_text,
        "editmessagereplymarkup": editing.edit_keyboard,
        "deletemessage": editing.delete_message,
        "answercallbackquery": answering.answer_press,
        "answerinlinequery": answering.answer_inline_query,
        "setwebhook": receiving.set_webhook,
        "deletewebhook": receiving.delete_webhook,
        "getwebhookinfo": receiving.webhook_info,
        "setmycommands": profile.set_commands,
        "getmycommands": profile.get_commands,
        "deletemycommands": profile.delete_commands,
        "setmydescription": profile.set_description,
        "setmyshortdescription": profile.set_short_description,
        "getmydescription": profile.get_description,
        "getmyshortdescription": profile.get_short_description,
        "setchatmenubutton": profile.set_menu_button,
        "getchatmenubutton": profile.get_menu_button,
    }
)
