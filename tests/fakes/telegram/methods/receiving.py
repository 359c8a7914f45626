"""Methods that set how updates come: the webhook."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..errors import bad_request
from ..params import Object, Parameters
from ..webhook import Webhook
from ..world import World

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def set_webhook(world: World, parameters: Parameters) -> object:
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if not url:
        return delete_webhook(world, parameters)
    parts = urlsplit(url)
    # A self-hosted server takes plain HTTP; this one takes it from the same machine only.
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    remember_kinds(world, parameters)
    _drop(world, parameters)
    world.updates.set_webhook(Webhook(url, secret, parameters.number("max_connections") or 40))
    return True


def delete_webhook(world: World, parameters: Parameters) -> object:
    world.updates.delete_webhook()
    _drop(world, parameters)
    return True


def webhook_info(world: World, parameters: Parameters) -> object:
    webhook = world.updates.webhook
    answer: Object = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if world.updates.allowed:
        answer["allowed_updates"] = world.updates.allowed
    if webhook:
        answer["max_connections"] = webhook.max_connections
        if webhook.last_error:
            answer |= {"last_error_date": webhook.last_error_at, "last_error_message": webhook.last_error}
    return answer


def remember_kinds(world: World, parameters: Parameters) -> None:
    """Keeps the wished kinds of updates; without the parameter the former wish goes on."""
    kinds = parameters.json_list("allowed_updates")
    if kinds is not None:
        world.updates.allowed = [str(kind) for kind in kinds] or None


def _drop(world: World, parameters: Parameters) -> None:
    if parameters.flag("drop_pending_updates"):
        world.updates.pending.clear()
