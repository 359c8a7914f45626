"""The manifest of the Slack app, by the rules of Slack's schema."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

import bot.platforms.slack
from bot.main import main
from bot.platforms.slack.manifest import BOT_EVENTS, SCOPES, manifest
from handlers.command import AnyCommand, Command, Reply, Request, Role
from handlers.form import Form

Json = dict[str, Any]

METHOD_SCOPES = {
    "apps_connections_open": (),  # asked with the app-level token, which has a scope of its own
    "auth_test": (),
    "chat_postEphemeral": ("chat:write",),
    "chat_postMessage": ("chat:write",),
    "chat_update": ("chat:write",),
    "files_completeUploadExternal": ("files:write",),
    "files_getUploadURLExternal": ("files:write",),
    "files_info": ("files:read",),
    "files_upload_v2": ("files:write",),
    "users_info": ("users:read",),
    "views_open": (),
    "views_publish": (),
}
EVENT_SCOPES = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "file_shared": ("files:read",),
    "message.im": ("im:history",),
}


async def _run(request: Request, form: Form) -> Reply:
    return Reply("nothing")


def a_command(words: str, example: str = "") -> AnyCommand:
    return Command(words, Form, Role.MEMBER, f"Help of {words}", example or words, _run)


COMMANDS = (
    a_command("ask", "ask what is new?"),
    a_command("roadmap show", "roadmap show y.1"),
    a_command("help"),
    a_command("roadmap list"),
)


def made(url: str | None = None, prefix: str = "") -> Json:
    built: Json = json.loads(json.dumps(manifest(COMMANDS, prefix, url is None, url)))
    return built


def slashes(built: Json) -> dict[str, Json]:
    return {slash["command"]: slash for slash in built["features"]["slash_commands"]}


def test_there_is_one_slash_command_for_each_first_word() -> None:
    found = slashes(made())
    assert list(found) == ["/ask", "/help", "/roadmap"]
    assert found["/ask"]["description"] == "Help of ask"
    assert found["/ask"]["usage_hint"] == "what is new?"
    assert found["/roadmap"]["description"] == "Roadmap: show, list"
    assert found["/roadmap"]["usage_hint"] == "[show | list]"
    assert "usage_hint" not in found["/help"]


def test_the_prefix_stands_before_every_name_in_small_letters() -> None:
    assert list(slashes(made(prefix="JCA-"))) == ["/jca-ask", "/jca-help", "/jca-roadmap"]


def test_in_socket_mode_there_is_no_address_in_it() -> None:
    built = made()
    assert built["settings"]["socket_mode_enabled"] is True
    assert "://" not in json.dumps(built)


@pytest.mark.parametrize(
    "url", ["https://bot.example.org", "https://bot.example.org/", "https://bot.example.org/slack/events"]
)
def test_by_http_every_kind_of_request_has_the_endpoints_address(url: str) -> None:
    built = made(url)
    settings = built["settings"]
    assert settings["socket_mode_enabled"] is False
    found = [slash["url"] for slash in slashes(built).values()]
    found += [settings["interactivity"]["request_url"], settings["event_subscriptions"]["request_url"]]
    found.append(settings["interactivity"]["message_menu_options_url"])
    assert set(found) == {"https://bot.example.org/slack/events"}


def test_without_socket_mode_the_address_must_be_given() -> None:
    with pytest.raises(ValueError, match="address"):
        manifest(COMMANDS, "", False, None)


@pytest.mark.parametrize("prefix", ["x" * 40, "a b", "é", "/"])
def test_a_name_that_slack_does_not_take_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="slash command"):
        manifest(COMMANDS, prefix, True, None)


@pytest.mark.parametrize("url", [None, "https://bot.example.org"])
def test_lengths_and_shapes_are_those_of_slacks_schema(url: str | None) -> None:
    built = made(url)
    assert set(built) <= {"_metadata", "display_information", "features", "oauth_config", "settings"}
    display = built["display_information"]
    assert 1 <= len(display["name"]) <= 35
    assert 1 <= len(display["description"]) <= 140
    assert re.fullmatch("#[0-9a-f]{6}", display["background_color"])
    assert re.fullmatch("[a-z0-9_.-]{1,80}", built["features"]["bot_user"]["display_name"])
    for name, slash in slashes(built).items():
        assert re.fullmatch("/[a-z0-9_-]{1,31}", name)
        assert set(slash) <= {"command", "url", "description", "usage_hint", "should_escape"}
        assert 1 <= len(slash["description"]) <= 2000
        assert 1 <= len(slash.get("usage_hint", "x")) <= 1000
        assert re.match("https?://", slash.get("url", "https://"))


def test_the_scopes_are_those_of_the_methods_and_events_that_are_used() -> None:
    assert set(EVENT_SCOPES) == set(BOT_EVENTS)
    called = _called_methods()
    assert called == set(METHOD_SCOPES)
    needed = {scope for method in called for scope in METHOD_SCOPES[method]}
    needed |= {scope for event in BOT_EVENTS for scope in EVENT_SCOPES[event]} | {"commands"}
    assert set(SCOPES) == needed


def test_the_command_line_prints_a_manifest_of_the_declared_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIAISON_BOT_SLACK_COMMAND_PREFIX", "jca-")
    assert main(["slack-manifest", "--url", "https://bot.example.org"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert "/jca-ask" in slashes(printed)
    assert printed["settings"]["socket_mode_enabled"] is False


@pytest.mark.parametrize("url", ["http://bot.example.org", "bot.example.org", "https://", "https://[", "https://a/?b"])
def test_an_address_that_slack_would_not_call_is_a_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["slack-manifest", "--url", url]) == 2
    assert "--url https://" in capsys.readouterr().err


def _called_methods() -> set[str]:
    """The Web API methods that the platform's modules name."""
    (folder,) = bot.platforms.slack.__path__
    nodes = [node for path in Path(folder).glob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return {name for name in names if "_" in name and not name.startswith("_") and hasattr(AsyncWebClient, name)}
