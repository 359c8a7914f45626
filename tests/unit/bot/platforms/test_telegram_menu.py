"""The menu of commands holds what Telegram takes and what everybody may do."""

from __future__ import annotations

from bot.platforms.telegram.menu import DESCRIPTION, SHORT_DESCRIPTION, menu
from handlers.command import AnyCommand, Form, Reply, Request, Role, command


def declared(words: str, role: Role = Role.MEMBER, help: str = "Something") -> AnyCommand:
    @command(words, form=Form, role=role, help=help)
    async def run(request: Request, form: Form) -> Reply:
        return Reply("nothing")

    return run


def test_words_are_joined_as_telegram_allows() -> None:
    commands = [declared("ask"), declared("roadmap list"), declared("liaison read-file")]
    assert [entry.command for entry in menu(commands)] == ["ask", "roadmap_list", "liaison_read_file"]


def test_what_only_some_may_do_is_left_out() -> None:
    commands = [declared("help", Role.GUEST), declared("ask"), declared("import", Role.SECRETARIAT)]
    assert [entry.command for entry in menu(commands)] == ["help", "ask"]


def test_names_and_descriptions_keep_within_telegrams_limits() -> None:
    commands = [declared("x" * 33), declared("été"), declared("long", help="x" * 300), declared("bare", help="")]
    assert [(entry.command, len(entry.description)) for entry in menu(commands)] == [("long", 256), ("bare", 4)]
    assert len(menu([declared(f"c{number}") for number in range(120)])) == 100


def test_the_descriptions_keep_within_telegrams_limits() -> None:
    assert len(DESCRIPTION) <= 512
    assert len(SHORT_DESCRIPTION) <= 120
