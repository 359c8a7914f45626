"""Subscriptions: what a channel, a person or an address wants to be told, how often, and when not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from handlers.announcing import listening
from handlers.announcing.fields import Number, QuietText, ZoneName
from handlers.announcing.listening import changeable, noted, shown, trail
from handlers.announcing.where import destination, number_of
from handlers.announcing.wish import HERE, InterestText, as_interests, as_wish, settled
from handlers.chore import Errand, chore
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.outgoing import tell
from handlers.situation import Situation
from storage import digests, subscriptions, targets
from storage.digests import Headline
from storage.local_time import as_quiet
from storage.subscriptions import Subscribed
from storage.targets import EMAIL
from storage.words import Pace, SubscriptionKind

PAGE = 10


class Subscribing(Form):
    what: Line = field(
        "What", help="where and what, such as: here to meetings, liaisons, roadmap topic qkdn-arch weekly"
    )
    how: Pace | None = field("How often", help="if the same for all", default=None, named=True)
    quiet: QuietText | None = field("Quiet hours", help="22:00-07:00", default=None, named=True)
    name: Line | None = field("Name", help="what people call this channel", default=None, named=True)

    @classmethod
    async def known(cls, situation: Situation) -> Mapping[str, str]:
        return {"what": "here to announcements, meetings, liaisons, roadmap"}

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        try:
            settled(situation, as_wish(self.what).interests)
        except ValueError as error:
            return {"what": str(error)}
        except Refused as refused:
            return {"what": f"{refused.message} {refused.hint}".strip().rstrip(".")}
        return {}


class Listing(Form):
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


class Showing(Form):
    number: Number = field("Number")


class Changing(Form):
    number: Number = field("Number", help="of the subscription")
    what: InterestText | None = field("What", help="all that shall come: meetings, roadmap weekly", default=None)
    kind: SubscriptionKind | None = field("Kind", help="change only this kind", default=None, named=True)
    how: Pace | None = field("How often", default=None, named=True)
    without: SubscriptionKind | None = field("Without", help="a kind that shall not come", default=None, named=True)
    quiet: QuietText | None = field("Quiet hours", help="22:00-07:00, or none", default=None, named=True)
    zone: ZoneName | None = field("Time zone", help="of the quiet hours and digests", default=None, named=True)
    name: Line | None = field("Name", help="what people call the channel", default=None, named=True)


class Ending(Form):
    which: Line = field("Which", help="here, an e-mail address, or a number", default=HERE)


class Lessening(Form):
    which: Line = field("Which", help="a kind, such as meetings; 3 meetings for that of subscription 3")


@command(
    "subscribe",
    form=Subscribing,
    role=Role.MEMBER,
    help="Be told of announcements, meetings, deadlines and news",
    example="subscribe here to meetings, liaisons, roadmap topic qkdn-arch",
    changes=True,
)
async def subscribe(request: Request, subscribing: Subscribing) -> Reply:
    wish = as_wish(subscribing.what)
    interests = settled(request, wish.interests)
    if subscribing.how:
        interests = tuple(replace(one, pace=subscribing.how) for one in interests)
    place, zone, one_click = await destination(request, wish.where)
    target = await targets.kept(request.session, place)
    if wish.where == HERE and request.place.title:
        await subscriptions.entitle(request.session, target, request.place.title)
    before = await subscriptions.of_target(request.session, target)
    person = request.caller.person_id
    number = await subscriptions.subscribe(
        request.session, target, interests, zone=zone.key, by=person, now=request.now, one_click=one_click
    )
    if subscribing.quiet:
        quiet = None if subscribing.quiet == "none" else as_quiet(subscribing.quiet)
        await subscriptions.hush(request.session, number, quiet, before.zone if before else zone.key, request.now)
    if subscribing.name and not (request.place.private or wish.where != HERE):
        await subscriptions.entitle(request.session, target, subscribing.name)
    one = await _again(request, number)
    await noted(request, number, "subscribe", trail(before), trail(one))
    return _shown(request, one, "subscriptions/subscribed")


@command("subscriptions", form=Listing, role=Role.MEMBER, help="What you and your channels are told, and changes of it")
async def list_subscriptions(request: Request, listing: Listing) -> Reply:
    if not request.place.private:
        one = await listening.subscription_here(request)
        if one:
            return _shown(request, one, "subscriptions/one")
        return Reply("subscriptions/none", buttons=[Button("Subscribe this channel", "subscribe")])
    own = await subscriptions.of_person(request.session, request.caller.person_id)
    is_secretariat = request.role >= Role.SECRETARIAT
    first = (listing.page - 1) * PAGE
    every, total = await subscriptions.everyone(request.session, first, PAGE) if is_secretariat else ([], 0)
    others = [one for one in every if one.owner != request.caller.person_id]
    if len(own) == 1 and total <= 1:
        return _shown(request, own[0], "subscriptions/one")
    if not own and not others:
        return Reply("subscriptions/none", buttons=[Button("Subscribe", "subscribe")], private=True)
    seen = [*(own if listing.page == 1 else ()), *others]
    buttons = [Button(f"Change {one.number}", f"subscription show {one.number}") for one in seen[:5]]
    if total > listing.page * PAGE:
        buttons.append(Button("More", f"subscriptions page={listing.page + 1}"))
    own_words = [shown(one, request) for one in own] if listing.page == 1 else []
    return Reply(
        "subscriptions/list",
        own=own_words,
        others=[shown(one, request) for one in others],
        total=total,
        buttons=buttons,
        private=True,
    )


@command(
    "subscription show",
    form=Showing,
    role=Role.MEMBER,
    help="One subscription, with its usual changes as buttons",
    example="subscription show 3",
)
async def show(request: Request, showing: Showing) -> Reply:
    return _shown(request, await changeable(request, showing.number), "subscriptions/one")


@command(
    "subscription change",
    form=Changing,
    role=Role.MEMBER,
    help="Change what comes, how often, and the quiet hours",
    example="subscription change 3 how=weekly quiet=22:00-07:00",
    changes=True,
)
async def change(request: Request, changing: Changing) -> Reply:
    before = await changeable(request, changing.number)
    number = before.number
    if changing.what:
        wanted = settled(request, as_interests(changing.what))
        for one in wanted:
            await subscriptions.keep(request.session, number, one)
        for gone in {one.kind for one in before.interests} - {one.kind for one in wanted}:
            await subscriptions.drop(request.session, number, gone, request.now)
    if changing.how:
        for one in (await _again(request, number)).interests:
            if changing.kind in (None, one.kind):
                await subscriptions.keep(request.session, number, replace(one, pace=changing.how))
    if changing.quiet or changing.zone:
        kept = as_quiet(before.quiet) if before.quiet else None
        chosen = kept if not changing.quiet else None if changing.quiet == "none" else as_quiet(changing.quiet)
        await subscriptions.hush(request.session, number, chosen, changing.zone or before.zone, request.now)
    if changing.name and before.owner is None and before.platform != EMAIL:
        await subscriptions.entitle(request.session, before.target, changing.name)
    if changing.without:
        await subscriptions.drop(request.session, number, changing.without, request.now)
    after = await subscriptions.numbered(request.session, number)
    await noted(request, number, "change", trail(before), trail(after))
    return _shown(request, after, "subscriptions/changed") if after else _ended(request, before)


@command(
    "unsubscribe",
    form=Ending,
    role=Role.MEMBER,
    help="Be told nothing any more",
    example="unsubscribe here",
    changes=True,
)
async def unsubscribe(request: Request, ending: Ending) -> Reply:
    one = await changeable(request, await number_of(request, ending.which))
    await subscriptions.end(request.session, one.number, request.now)
    await noted(request, one.number, "unsubscribe", trail(one), {})
    return _ended(request, one)


@command("fewer", form=Lessening, role=Role.MEMBER, help="Get less of a kind of message", example="fewer meetings")
async def fewer(request: Request, lessening: Lessening) -> Reply:
    words = lessening.which.lower().split()
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 10]
    kinds = [kind for kind in SubscriptionKind if kind.value in words]
    one = await changeable(request, numbers[0] if numbers else None)
    found = next((interest for interest in one.interests if not kinds or interest.kind in kinds), None)
    if found is None:
        return _shown(request, one, "subscriptions/one")
    kind, line = found.kind.value, f"subscription change {one.number}"
    slower = [
        Button(label, f"{line} kind={kind} how={pace}")
        for pace, label in (("daily", "Once a day"), ("weekly", "Once a week"))
        if pace != found.pace.value and not (found.pace is Pace.WEEKLY and pace == "daily")
    ]
    return Reply(
        "subscriptions/fewer",
        place=listening.place_name(one, request),
        interest=listening.interest_words(found),
        buttons=[
            *slower,
            Button(f"No more {listening.KINDS[found.kind]}", f"{line} without={kind}"),
            Button("Nothing any more", f"unsubscribe {one.number}", style="danger"),
        ],
        private=True,
    )


@chore("digests", every=timedelta(minutes=5))
async def send_digests(errand: Errand) -> None:
    """Whoever chose a digest gets what gathered, in one message."""
    while taken := await digests.take(errand.session, errand.now):
        alike: defaultdict[tuple[Headline, ...], list[digests.Digest]] = defaultdict(list)
        for digest in taken:
            alike[digest.headlines].append(digest)
        for headlines, some in alike.items():
            kinds = [
                {
                    "kind": listening.KINDS[kind],
                    "lines": [{"text": one.text, "command": one.command} for one in headlines if one.kind is kind],
                }
                for kind in SubscriptionKind
            ]
            reply = Reply(
                "subscriptions/digest",
                kinds=[kind for kind in kinds if kind["lines"]],
                buttons=[Button("Fewer of these", f"fewer {headlines[0].kind.value}")],
            )
            await tell(errand, [one.target for one in some], reply, cause=f"digest:{some[0].key}", subject="Digest")


async def _again(request: Request, number: int) -> Subscribed:
    one = await subscriptions.numbered(request.session, number)
    if one is None:
        raise Refused("Somebody else has just ended that subscription.", "Type subscriptions.")
    return one


def _shown(request: Request, one: Subscribed, template: str) -> Reply:
    buttons = listening.change_buttons(one) if listening.may_change(request, one) else ()
    return Reply(template, one=shown(one, request), buttons=buttons, private=request.place.private)


def _ended(request: Request, one: Subscribed) -> Reply:
    place = listening.place_name(one, request)
    again = [Button("Subscribe again", "subscribe")] if place == HERE else ()
    return Reply("subscriptions/ended", place=place, buttons=again, private=request.place.private)
