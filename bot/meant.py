"""Meant: whether plain text that begins with a command's words calls it, or is a sentence."""

from __future__ import annotations

from bot.commands import Called
from bot.filling import checked, filled
from handlers.asking.interpretation import Interpreter
from handlers.asking.lexicon import lexicon_of
from handlers.asking.query import Intent
from handlers.asking.reading import read
from handlers.asking.tokens import clean
from handlers.command import AnyCommand, Refused, Request
from handlers.line import is_one_value, names_a_field, read_line, unknown_name

_LONGEST_NAME = 40
_LONGEST_QUESTION = 200
_SHORTEST_QUESTION = 3  # words
_ASKING = frozenset({"who", "whom", "whose", "what", "when", "where", "which", "how"})


def is_complete(called: Called) -> bool:
    """Whether a line that may be a sentence ("help me find …") fills the form of the command it begins with."""
    form = called.command.form
    values = form.read(read_line(called.rest, form.fields()))
    return not called.rest or ("?" not in values and checked(called.command, values)[0] is not None)


def is_command(called: Called) -> bool:
    """Whether a line that begins with a command but does not fill its form is a wrong value rather than a sentence."""
    fields = called.command.form.fields()
    if names_a_field(called.rest, fields):
        return True
    is_searched = bool(fields) and fields[0].searched
    longest = 1 if any(field.choices for field in fields) and not is_searched else 2
    is_short = len(called.rest.split()) <= longest and not called.rest.endswith("?")
    if is_short and (is_searched or " " in called.command.words) and "?" not in read_line(called.rest, fields):
        return True
    return not called.rest.endswith("?") and _is_filling(called)


async def is_whole(request: Request, called: Called) -> bool:
    """Whether a line is a command in two words or more, with values that exist: hardly the text that is asked for.

    One that gives not all, or gives something wrong beside a value that is more than any text, is meant as one too.
    """
    fields = called.command.form.fields()
    if " " not in called.command.words or not called.rest or "\n" in called.rest or not request.may(called.command):
        return False
    values = read_line(called.rest, fields)
    if "?" in values or unknown_name(called.rest, fields):
        return False
    found = await filled(request, called.command, values, frozenset(values))
    right = [one for one in fields if values.get(one.name) and one.name not in found.errors]
    telling = [one for one in right if one.searched or not one.free]
    return found.form is not None or bool(telling)


async def is_question(request: Request, filling: AnyCommand, line: str) -> bool:
    """Whether a line that answers badly what a form asks for is a question to the bot: it says so, or begins as one."""
    if not _may_ask(request, filling, line):
        return False
    return line.rstrip().endswith("?") or (line.split()[0].lower() in _ASKING and await _is_understood(request, line))


async def is_sure_question(request: Request, filling: AnyCommand, line: str) -> bool:
    """Whether a line that could be any text of a form is a question of which the bot understands every word."""
    return _may_ask(request, filling, line) and line.rstrip().endswith("?") and await _is_understood(request, line)


def refuse_unknown(called: Called) -> None:
    """Raise `Refused` for a `name=value` that no field takes: it would become the text of another one."""
    fields = called.command.form.fields()
    name = "" if called.command.takes_plain_text else unknown_name(called.rest, fields)
    if name:
        names = ", ".join(one.name for one in fields) or "none"
        hint = f"The fields are {names}. If it is part of a text, put the text in quotes."
        raise Refused(f"“{called.command.words}” has no field {name[:_LONGEST_NAME]}; nothing was done.", hint)


def _may_ask(request: Request, filling: AnyCommand, line: str) -> bool:
    """Whether a line looks like a whole question. A form that asks for one gets it."""
    may = not filling.takes_plain_text and any(one.takes_plain_text and request.may(one) for one in request.commands)
    is_line = "\n" not in line.strip() and len(line) <= _LONGEST_QUESTION
    return may and is_line and len(line.split()) >= _SHORTEST_QUESTION


async def _is_understood(request: Request, line: str) -> bool:
    lexicon = lexicon_of(request.catalogue)
    reading = read(clean(line), lexicon, request.now.astimezone(request.zone).date())
    query = await Interpreter(request.session, lexicon).interpret(reading)
    return query.intent not in (Intent.UNKNOWN, Intent.HELP) and not (query.words or query.ignored)


def _is_filling(called: Called) -> bool:
    """Whether a line fills a form in part, or wrongly, as no sentence would.

    What the form does not take is one word or stands in quotes, and has a figure, or there is something beside it that
    the form takes and that is not just any text, such as a number. What is only missing is no sign of a sentence.
    """
    fields = called.command.form.fields()
    values = {name: value for name, value in read_line(called.rest, fields).items() if value}
    if "?" in values:
        return False
    _form, errors = checked(called.command, values)
    wrong = [value for name, value in values.items() if name in errors]
    telling = [one for one in fields if one.name in values and one.name not in errors and not one.free]
    if not wrong:
        return 0 < len(telling) == len(values)
    has_figure = any(letter.isdecimal() for value in wrong for letter in value)
    return (has_figure or bool(telling)) and all(is_one_value(value, called.rest) for value in wrong)
