"""Methods that answer a pressed button or an inline query."""

from __future__ import annotations

import re

from ..content import Content, rich_content
from ..entities import units
from ..errors import bad_request
from ..keyboards import is_web_address, read_keyboard
from ..params import Object, Parameters
from ..world import World

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
TYPES_WORDS = """
    article photo gif mpeg4_gif video audio voice document location venue contact game sticker
"""
TYPES = frozenset(TYPES_WORDS.split())
MOST_RESULTS, LONGEST_ID, LONGEST_NOTE = 50, 64, 200


def answer_press(world: World, parameters: Parameters) -> object:
    press = world.presses.get(parameters.text("callback_query_id"))
    if press is None or world.clock() - press.at > world.query_lifetime:
        raise bad_request(TOO_OLD)
    text = parameters.text("text")
    if world.check and units(text) > LONGEST_NOTE:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered, press.answer = True, text or None
    press.alert, press.url = parameters.flag("show_alert"), parameters.text("url") or None
    return True


def answer_inline_query(world: World, parameters: Parameters) -> object:
    query = world.inline_queries.get(parameters.text("inline_query_id"))
    if query is None or world.clock() - query.at > world.query_lifetime:
        raise bad_request(TOO_OLD)
    results = [_object(result) for result in parameters.json_list("results") or []]
    button = _button(parameters)
    if world.check:
        _check_results(world, results)
        _check_frame(parameters, button)
    query.results, query.button, query.answered = results, button, True
    query.next_offset, query.is_personal = parameters.text("next_offset"), parameters.flag("is_personal")
    cache_time = parameters.number("cache_time")
    query.cache_time = 300 if cache_time is None else cache_time
    return True


def inserted_content(result: Object) -> Content:
    """What a result puts into a chat when it is chosen."""
    given = result.get("input_message_content")
    if not isinstance(given, dict):
        raise bad_request('can\'t parse InlineQueryResult: Field "input_message_content" must be specified')
    if isinstance(given.get("rich_message"), dict):
        return rich_content(given["rich_message"])
    return Content(str(given.get("message_text", "")), str(given.get("parse_mode") or ""))


def _object(raw: object) -> Object:
    if not isinstance(raw, dict):
        raise bad_request("can't parse InlineQueryResult: Expected an Object")
    return raw


def _button(parameters: Parameters) -> Object | None:
    if parameters.has("switch_pm_text"):
        return {
            "text": parameters.text("switch_pm_text"),
            "start_parameter": parameters.text("switch_pm_parameter"),
        }
    return parameters.json_object("button")


def _check_results(world: World, results: list[Object]) -> None:
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(result.get("id", "")) for result in results]
    if any(not 1 <= len(one.encode()) <= LONGEST_ID for one in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        _check_result(world, result)


def _check_result(world: World, result: Object) -> None:
    if result.get("type") not in TYPES:
        raise bad_request("can't parse InlineQueryResult: type of the result is unsupported")
    markup = result.get("reply_markup")
    read_keyboard(markup if isinstance(markup, dict) else None)
    if result["type"] != "article":
        return
    if not str(result.get("title") or "").strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = inserted_content(result)
    if content.rich is not None and not world.rich:
        raise bad_request("message text is empty")
    content.check()
    for name in ("url", "thumbnail_url"):
        if result.get(name) and not is_web_address(str(result[name])):
            raise bad_request("WEB_DOCUMENT_URL_INVALID" if name == "thumbnail_url" else "ARTICLE_URL_INVALID")


def _check_frame(parameters: Parameters, button: Object | None) -> None:
    if len(parameters.text("next_offset").encode()) > LONGEST_ID:
        raise bad_request("NEXT_OFFSET_INVALID")
    if button is None:
        return
    if not str(button.get("text") or ""):
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if "web_app" not in button and not START_PARAMETER.fullmatch(str(button.get("start_parameter", ""))):
        raise bad_request("START_PARAM_INVALID")
