"""What people do in the loopback Slack: talk, command, press, fill in, submit."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from tests.fakes.slack import filling, payloads, posting
from tests.fakes.slack import web_api_views as views
from tests.fakes.slack.checks import check_view
from tests.fakes.slack.courier import Courier, Signature
from tests.fakes.slack.reading import Control, buttons, controls, find
from tests.fakes.slack.records import Delivery, File, Message, View
from tests.fakes.slack.state import ResponseUrl, State
from tests.fakes.slack.wire import Impossible, Json, SlackRefusal
from tests.fakes.slack.workspace import Channel, Person


class People:
    def __init__(self, state: State, courier: Courier) -> None:
        self._state = state
        self._courier = courier
        self._suggested: dict[str, list[Json]] = {}

    async def says(
        self,
        user: Person | str,
        text: str,
        channel: Channel | Person | str | None = None,
        *,
        thread_ts: str | None = None,
        signature: Signature = "good",
        raw: bool = False,
        files: Sequence[File] = (),
        file_shared: Literal["with", "before", "after"] = "with",
    ) -> Delivery:
        """In the direct messages with the bot unless a channel is named; a mention also reaches it as `app_mention`.

        `raw` leaves the text as it is; otherwise `<` arrives as `&lt;`, as from Slack's message box. The delivery
        (of the mention, if there is one; the other is in `also`) carries the message's `ts`. Each file is told of once
        more, by an event of its own: Slack promises no order, so it comes with the message, before it or after it.
        """
        workspace, person = self._state.workspace, self._state.workspace.person(user)
        where = workspace.dm(person) if channel is None else workspace.channel(channel)
        arriving = text if raw else payloads.typed(self._state, text)
        ts = self._state.book.ts()
        message = self._state.book.add(Message(where.id, ts, person.id, arriving, thread_ts=thread_ts, files=[*files]))
        kinds = ["message"]
        if where.kind != "im" and f"<@{workspace.bot.id}>" in arriving:
            kinds = ["app_mention", "message"]
        if workspace.bot.id not in where.members:
            return Delivery("events_api", {}, "", self._state.clock.now(), ts=ts)
        told = [payloads.message_event(self._state, kind, where, message) for kind in kinds]
        shared = [self._shared(where, person, message, file) for file in files]
        rounds = {"with": [told + shared], "before": [shared, told], "after": [told, shared]}[file_shared]
        done = [await self._delivered(one, signature) for one in rounds]
        if file_shared == "before":
            done.reverse()
        first, *others = [delivery for one in done for delivery in one]
        first.also, first.ts = others, ts
        return first

    async def _delivered(self, told: Sequence[Json], signature: Signature) -> list[Delivery]:
        deliver = self._courier.deliver
        return await asyncio.gather(*(deliver("events_api", payload, signature=signature) for payload in told))

    def _shared(self, where: Channel, person: Person, message: Message, file: File) -> Json:
        share: Json = {"ts": message.ts, "channel_name": where.name}
        if message.thread_ts:
            share["thread_ts"] = message.thread_ts
        file.shares.setdefault(where.id, []).append(share)
        return payloads.file_shared(self._state, where, person, file.id)

    def file(self, name: str, content: bytes, mimetype: str = "application/octet-stream", claims: int = -1) -> File:
        """A file to send with `says`; `claims` is the size that Slack says, if not the true one."""
        length = claims if claims >= 0 else len(content)
        made = File(f"F{self._state.book.number():08d}", name, length, content, mimetype=mimetype)
        self._state.book.files[made.id] = made
        return made

    async def event(self, inner: Json, *, signature: Signature = "good") -> Delivery:
        """Any other event, of a known kind or not."""
        return await self._courier.deliver("events_api", payloads.event(self._state, inner), signature=signature)

    async def opens_home(self, user: Person | str) -> Delivery:
        person = self._state.workspace.person(user)
        inner: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": self._state.workspace.dm(person).id,
            "tab": "home",
            "event_ts": self._state.book.ts(),
        }
        home = self._state.book.homes.get(person.id)
        if home is not None:
            inner["view"] = views.payload(self._state, home)
        return await self.event(inner)

    async def command(
        self,
        user: Person | str,
        name: str,
        text: str = "",
        channel: Channel | Person | str | None = None,
        *,
        signature: Signature = "good",
    ) -> Delivery:
        """A slash command; a text or blocks in the acknowledgement become a message."""
        workspace, person = self._state.workspace, self._state.workspace.person(user)
        where = workspace.dm(person) if channel is None else workspace.channel(channel)
        place = ResponseUrl(where.id, person.id, self._state.clock.now())
        payload = payloads.command(self._state, person, where, name, text, place)
        delivery = await self._courier.deliver("slash_commands", payload, signature=signature)
        if delivery.body.get("text") or delivery.body.get("blocks"):
            await self._shown(delivery, place)
        return delivery

    async def _shown(self, delivery: Delivery, place: ResponseUrl) -> None:
        try:
            posting.answer(self._state, place, delivery.body)
        except SlackRefusal as refusal:
            delivery.problems += [refusal.error, *refusal.messages]
        await self._state.notice.changed()

    async def presses(
        self, user: Person | str, shown: Message | View, label: str | Control, *, signature: Signature = "good"
    ) -> Delivery:
        """A button, by its label, action id or block id, or as `buttons` gave it."""
        control = label if isinstance(label, Control) else find(shown, label, buttons(shown))
        return await self._acts(user, shown, control, {}, signature)

    async def chooses(self, user: Person | str, shown: Message | View, name: str, given: Any) -> Delivery:
        """In a menu, a date picker, checkboxes or radio buttons outside a form."""
        control = find(shown, name)
        holds = filling.filled(control, given, self._suggested.get(control.action_id, []))
        if isinstance(shown, View):
            shown.values.setdefault(control.block_id, {})[control.action_id] = holds
        return await self._acts(user, shown, control, holds, "good")

    async def _acts(
        self, user: Person | str, shown: Message | View, control: Control, holds: Json, signature: Signature
    ) -> Delivery:
        person = self._state.workspace.person(user)
        self._sees(person, shown)
        payload = payloads.interaction(self._state, "block_actions", person)
        payload |= payloads.within(self._state, shown, person)
        payload["actions"] = [payloads.action(self._state, control, holds)]
        return await self._courier.deliver("interactive", payload, signature=signature)

    def _sees(self, person: Person, shown: Message | View) -> None:
        if isinstance(shown, View):
            if shown.user != person.id or not views.is_open(self._state, shown):
                raise Impossible(f"{person.name} does not see the view {shown.title!r}")
        elif shown.deleted or shown.ephemeral_to not in (None, person.id):
            raise Impossible(f"{person.name} does not see the message {shown.text!r}")

    async def submits(
        self, user: Person | str, view: View | None = None, values: Mapping[str, Any] | None = None
    ) -> Delivery:
        """The open form; `values` by label, block id or action id. `errors`, `response_action` tell what came of it."""
        person = self._state.workspace.person(user)
        top = self._state.book.top_view(person.id)
        shown = view or top
        if shown is None or shown is not top:
            raise Impossible(f"{person.name} has no such form open")
        self._fill(shown, values or {})
        payload = payloads.interaction(self._state, "view_submission", person)
        payload |= {
            "view": views.payload(self._state, shown),
            "trigger_id": self._state.trigger(person.id, shown.id),
            "response_urls": [],
        }
        delivery = await self._courier.deliver("interactive", payload)
        if delivery.acknowledged:
            await self._follow(delivery, shown)
        return delivery

    def _fill(self, shown: View, values: Mapping[str, Any]) -> None:
        given = {find(shown, name).block_id: value for name, value in values.items()}
        for control in controls(shown):
            if control.kind in filling.STATELESS:
                continue
            block = shown.values.setdefault(control.block_id, {})
            if control.block_id in given:
                offered = self._suggested.get(control.action_id, [])
                block[control.action_id] = filling.filled(control, given[control.block_id], offered)
            holds = block.setdefault(control.action_id, filling.untouched(control))
            if control.block["type"] == "input" and not control.block.get("optional") and filling.is_empty(holds):
                raise Impossible(f"{control.label!r} must be filled in")

    async def _follow(self, delivery: Delivery, shown: View) -> None:
        """What the answer to a submission does to the views."""
        stack = self._state.book.stacks[shown.user]
        try:
            match delivery.response_action:
                case "errors":
                    blocks = {block["block_id"] for block in shown.blocks if block["type"] == "input"}
                    delivery.problems += [f"no such input block: {id}" for id in delivery.errors.keys() - blocks]
                case "update" | "push" as deed:
                    content = delivery.body["view"]
                    check_view(content, "modal")
                    if deed == "update":
                        views.replaced(self._state, shown, content)
                    else:
                        views.pushed(self._state, shown.user, content)
                case "clear":
                    stack.clear()
                case None:
                    stack.remove(shown)
                case other:
                    delivery.problems.append(f"unknown response_action: {other}")
        except SlackRefusal as refusal:
            delivery.problems += [refusal.error, *refusal.messages]
        await self._state.notice.changed()

    async def closes(self, user: Person | str) -> Delivery | None:
        """The open form, without submitting; the app hears of it when it asked to (`notify_on_close`)."""
        person = self._state.workspace.person(user)
        stack = self._state.book.stacks.get(person.id)
        if not stack:
            raise Impossible(f"{person.name} has no form open")
        closed = stack.pop()
        if closed.content.get("clear_on_close"):
            stack.clear()
        if not closed.content.get("notify_on_close"):
            return None
        payload = payloads.interaction(self._state, "view_closed", person)
        payload |= {"view": views.payload(self._state, closed), "is_cleared": not stack}
        return await self._courier.deliver("interactive", payload)

    async def suggests(self, user: Person | str, shown: Message | View, name: str, text: str) -> Delivery:
        """Types into a menu whose options come from the app; the delivery's `options` are what it offered."""
        person = self._state.workspace.person(user)
        control = find(shown, name)
        if not control.kind.endswith("external_select"):
            raise Impossible(f"{control.label!r} does not ask the app for its options")
        if len(text) < control.element.get("min_query_length", 3):
            raise Impossible(f"{control.label!r} asks from {control.element.get('min_query_length', 3)} characters on")
        payload = payloads.interaction(self._state, "block_suggestion", person)
        payload |= payloads.within(self._state, shown, person)
        del payload["trigger_id"]
        payload |= {"value": text, "action_id": control.action_id, "block_id": control.block_id}
        delivery = await self._courier.deliver("interactive", payload)
        groups = delivery.body.get("option_groups") or []
        flat = [*(delivery.body.get("options") or []), *(one for group in groups for one in group["options"])]
        self._suggested[control.action_id] = flat
        if len(flat) > 100:
            delivery.problems.append("no more than 100 options")
        return delivery
