"""The pump: what becomes of a delivery, whatever its platform does."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from bot.platforms import Moved, RateLimited, Rejected, Revoked, Unavailable, Unreachable
from bot.render.renderer import Renderer
from handlers.outgoing import Priority
from storage import deliveries, outbox, results
from storage.deliveries import Claimed
from storage.results import Result
from storage.tables import Account, Delivery, Notice, Person, Target
from storage.words import DeliveryState
from tests.unit.bot.delivery.scripted import NOW, Bench, Scripted, limits


async def test_what_is_due_is_sent_once(bench: Bench, stage: Scripted) -> None:
    await bench.tell(["ann", "bob"])
    pump = bench.pump(stage)
    await pump.drain()
    await pump.drain()
    assert sorted(stage.received) == ["ann", "bob"]
    assert await bench.states() == ["sent", "sent"]
    assert "Hello" in stage.posts[0].text


async def test_what_is_due_later_waits(bench: Bench, stage: Scripted) -> None:
    await bench.tell(["ann"], due=NOW + timedelta(minutes=5))
    pump = bench.pump(stage)
    await pump.drain()
    assert stage.tried == []
    bench.passes(minutes=5)
    await pump.drain()
    assert stage.received == ["ann"]


async def test_the_most_urgent_goes_first_and_then_the_oldest(bench: Bench, stage: Scripted) -> None:
    stage.limits = limits(at_once=1)
    await bench.tell(["bulk"], cause="a", priority=Priority.BULK)
    await bench.tell(["later"], cause="b")
    await bench.tell(["earlier"], cause="c", due=NOW - timedelta(minutes=1))
    await bench.tell(["urgent"], cause="d", priority=Priority.URGENT)
    await bench.pump(stage).drain()
    assert stage.received == ["urgent", "earlier", "later", "bulk"]


async def test_no_more_are_in_flight_than_the_platform_takes_at_once(bench: Bench, stage: Scripted) -> None:
    stage.limits = limits(at_once=3)
    await bench.tell([f"person {number}" for number in range(20)])
    await bench.pump(stage).drain()
    assert (len(stage.posts), stage.most_at_once) == (20, 3)


async def test_one_target_gets_its_messages_one_after_the_other(bench: Bench, stage: Scripted) -> None:
    for number in range(5):
        await bench.tell(["ann"], f"Number {number}", cause=f"matter:{number}")
    await bench.pump(stage).drain()
    assert [post.text.split("\n")[0] for post in stage.posts] == [f"Number {number}" for number in range(5)]
    assert stage.most_at_once == 1


async def test_a_delivery_that_is_too_late_is_not_sent(bench: Bench, stage: Scripted) -> None:
    await bench.tell(["ann"], expires=NOW + timedelta(minutes=1))
    bench.passes(minutes=2)
    await bench.pump(stage).drain()
    assert (stage.tried, await bench.states()) == ([], ["expired"])


async def test_times_are_in_the_persons_own_zone_and_each_notice_is_put_into_words_once_for_it(
    bench: Bench, stage: Scripted, tmp_path: Path
) -> None:
    (tmp_path / "when.md.j2").write_text("{{ host }} meets at {{ when | moment(zone) }}", encoding="utf-8")
    bench.renderer = Renderer(tmp_path)
    async with bench.database.writing() as session:
        for name, zone in (("ann", "Asia/Tokyo"), ("bob", "Asia/Tokyo"), ("carl", "")):
            person = Person(name=name, timezone=zone, created_at=NOW)
            session.add(person)
            await session.flush()
            session.add(Account(person_id=person.id, platform="stage", external_id=name, created_at=NOW))
    await bench.tell(["ann", "bob", "carl", "channel"])
    async with bench.database.writing() as session:
        await session.execute(update(Notice).values(template="when", data=outbox.to_json({"when": NOW})))
    await bench.pump(stage).drain()
    said = {post.to: post.text for post in stage.posts}
    assert said["ann"] == "JCA-QKDN meets at 1 July 2026, 21:00 (Asia/Tokyo)"
    assert said["carl"] == "JCA-QKDN meets at 1 July 2026, 14:00 (Europe/Zurich)"
    assert said["channel"] == said["carl"]
    assert said["ann"] is said["bob"]


# What goes wrong


async def test_a_limit_that_covers_a_target_is_kept_for_that_target_alone(bench: Bench, stage: Scripted) -> None:
    stage.raises("ann", RateLimited(30, covers="target"))
    await bench.tell(["ann", "bob"])
    await bench.tell(["ann"], cause="another")
    pump = bench.pump(stage)
    await pump.drain()
    assert stage.received == ["bob"]
    bench.passes(seconds=29)
    await pump.drain()
    assert len(stage.tried) == 2
    bench.passes(seconds=1)
    await pump.drain()
    assert stage.received == ["bob", "ann", "ann"]


async def test_a_limit_that_covers_the_platform_is_kept_for_everybody_and_by_whoever_comes_next(
    bench: Bench, stage: Scripted
) -> None:
    stage.limits = limits(at_once=1)
    stage.raises("ann", RateLimited(30))
    await bench.tell(["ann", "bob"])
    await bench.pump(stage).drain()
    assert [post.to for post in stage.tried] == ["ann"]
    bench.passes(seconds=29)
    await bench.pump(stage).drain()
    assert len(stage.tried) == 1
    bench.passes(seconds=1)
    await bench.pump(stage).drain()
    assert stage.received == ["bob", "ann"] or stage.received == ["ann", "bob"]


async def test_a_limit_is_no_failure_however_often_it_comes(bench: Bench, stage: Scripted) -> None:
    stage.raises("ann", *[RateLimited(3600, covers="target")] * 30)
    [one] = await bench.tell(["ann"])
    pump = bench.pump(stage)
    for _ in range(31):
        await pump.drain()
        bench.passes(hours=1)
    assert ((await bench.delivery(one)).state, stage.received) == ("sent", ["ann"])


async def test_a_platform_that_is_away_is_tried_again_ever_later_for_a_day(bench: Bench, stage: Scripted) -> None:
    stage.raises("ann", *[Unavailable("no network")] * 10_000)
    [one] = await bench.tell(["ann"])
    pump, moments = bench.pump(stage), []
    while (await bench.delivery(one)).state == "waiting":
        await pump.drain()
        moments.append(bench.now)
        bench.now = max(bench.now, (await bench.delivery(one)).due_at) + timedelta(minutes=1, seconds=20)
    failed = await bench.delivery(one)
    assert (failed.state, failed.problem) == ("failed", "no network")
    assert timedelta(hours=24) <= moments[-1] - NOW < timedelta(hours=26)
    assert len(stage.tried) < 60


async def test_a_delivery_that_found_the_platform_away_arrives_when_it_is_back(bench: Bench, stage: Scripted) -> None:
    stage.raises("ann", Unavailable("no network"))
    [one] = await bench.tell(["ann"])
    pump = bench.pump(stage)
    await pump.drain()
    waiting = await bench.delivery(one)
    assert (waiting.state, waiting.problem) == ("waiting", "no network")
    bench.passes(seconds=2)
    await pump.drain()
    sent = await bench.delivery(one)
    assert (sent.state, sent.problem, sent.tries, sent.failing_since) == ("sent", "", 2, None)


async def test_a_platform_that_is_away_for_everybody_is_not_tried_for_everybody(bench: Bench, stage: Scripted) -> None:
    names = [f"person {number}" for number in range(100)]
    for name in names:
        stage.raises(name, Unavailable("no network"))
    await bench.tell(names)
    pump = bench.pump(stage)
    await pump.drain()
    assert len(stage.tried) < 20
    for _ in range(200):
        bench.passes(seconds=10)
        await pump.drain()
    assert sorted(stage.received) == sorted(names)


async def test_what_may_have_arrived_is_tried_once_more_later_and_says_so(bench: Bench, stage: Scripted) -> None:
    stage.raises("ann", Unavailable("timed out", uncertain=True))
    [one] = await bench.tell(["ann"])
    pump = bench.pump(stage)
    await pump.drain()
    doubted = await bench.delivery(one)
    assert (doubted.state, doubted.doubts) == ("waiting", 1)
    assert "nobody knows" in doubted.problem
    bench.passes(seconds=59)
    await pump.drain()
    assert len(stage.tried) == 1
    bench.passes(seconds=1)
    await pump.drain()
    sent = await bench.delivery(one)
    assert (sent.state, sent.doubts, len(stage.tried)) == ("sent", 1, 2)


async def test_what_may_have_arrived_twice_is_left_uncertain(bench: Bench, stage: Scripted) -> None:
    stage.raises("ann", *[Unavailable("timed out", uncertain=True)] * 2)
    [one] = await bench.tell(["ann"])
    pump = bench.pump(stage)
    for _ in range(4):
        await pump.drain()
        bench.passes(minutes=10)
    left = await bench.delivery(one)
    assert (left.state, left.doubts, len(stage.tried)) == ("uncertain", 2, 2)


async def test_our_own_failure_is_logged_with_its_reference_and_counts_as_uncertain(
    bench: Bench, stage: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    stage.raises("ann", ZeroDivisionError("ours"))
    [one] = await bench.tell(["ann"])
    await bench.pump(stage).drain()
    doubted = await bench.delivery(one)
    [record] = [record for record in caplog.records if record.name == "bot.delivery.verdict"]
    assert doubted.doubts == 1
    assert doubted.problem.rsplit(" ", 1)[1] in record.getMessage()


async def test_a_message_without_words_fails_and_holds_up_nobody(bench: Bench, stage: Scripted) -> None:
    await bench.tell(["ann"], cause="broken")
    async with bench.database.writing() as session:
        await session.execute(update(Notice).values(template="there/is/none"))
    await bench.tell(["bob"], cause="whole")
    await bench.pump(stage).drain()
    assert await bench.states("broken") == ["failed"]
    assert "bob" in stage.received


async def test_a_revoked_token_stops_the_platform_and_loses_nothing(
    bench: Bench, stage: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    other = Scripted(bench, name="other")
    stage.limits = limits(at_once=2)
    for name in ("ann", "bob"):
        stage.raises(name, Revoked("token_revoked"))
    await bench.tell(["ann", "bob", "carl"])
    await bench.tell(["dora"], cause="elsewhere", platform="other")
    mailroom = bench.mailroom(stage, other)
    await mailroom.drain()
    assert (await bench.states("matter:1"), other.received) == (["waiting"] * 3, ["dora"])
    assert mailroom.pumps["stage"].is_revoked
    assert len([record for record in caplog.records if record.name == "bot.delivery.courier"]) == 1
    assert len(stage.tried) == 2
    mailroom.pumps["stage"].resume()
    await mailroom.drain()
    assert sorted(stage.received) == ["ann", "bob", "carl"]


async def test_a_place_that_moved_gets_the_message_at_its_new_address(bench: Bench, stage: Scripted) -> None:
    stage.raises("group", Moved("supergroup"))
    [one] = await bench.tell(["group"])
    await bench.pump(stage).drain()
    assert (stage.received, (await bench.target("supergroup")).id) == (
        ["supergroup"],
        (await bench.delivery(one)).target_id,
    )


async def test_a_place_that_moved_to_one_that_is_known_already_is_the_same_from_then_on(
    bench: Bench, stage: Scripted
) -> None:
    await bench.tell(["supergroup"], cause="before")
    stage.raises("group", Moved("supergroup"))
    async with bench.database.writing() as session:
        await session.execute(
            insert(Target).values(
                platform="stage", address="group", thread="", title="", is_secretariat=True, closed_because=""
            )
        )
    await bench.tell(["group"])
    await bench.tell(["group"], cause="another")
    await bench.pump(stage).drain()
    assert stage.received == ["supergroup"] * 3
    old, new = await bench.target("group"), await bench.target("supergroup")
    assert (old.closed_because, old.is_secretariat, new.is_secretariat) == ("moved to supergroup", False, True)


# Changes of what was sent


async def test_new_words_change_what_was_sent(bench: Bench, stage: Scripted) -> None:
    [one] = await bench.tell(["ann"])
    pump = bench.pump(stage)
    await pump.drain()
    await bench.reword("Better")
    await pump.drain()
    assert [(post.edits, "Better" in post.text) for post in stage.posts] == [("", False), ("1", True)]
    assert (await bench.delivery(one)).receipt == {"post": "2"}


async def test_new_words_before_the_sending_are_sent_at_once(bench: Bench, stage: Scripted) -> None:
    await bench.tell(["ann"])
    await bench.reword("Better")
    await bench.pump(stage).drain()
    assert [(post.edits, "Better" in post.text) for post in stage.posts] == [("", True)]


async def test_new_words_during_the_sending_wait_for_its_end(bench: Bench, stage: Scripted) -> None:
    stage.gate.clear()
    await bench.tell(["ann"])
    draining = asyncio.create_task(bench.pump(stage).drain())
    async with asyncio.timeout(60):
        await stage.knocked.wait()
    await bench.reword("Better")
    stage.gate.set()
    await draining
    assert [(post.edits, "Better" in post.text) for post in stage.posts] == [("", False), ("1", True)]


async def test_what_never_arrived_is_not_changed(bench: Bench, stage: Scripted) -> None:
    stage.gate.clear()
    stage.raises("ann", Rejected("too long"))
    await bench.tell(["ann"])
    draining = asyncio.create_task(bench.pump(stage).drain())
    async with asyncio.timeout(60):
        await stage.knocked.wait()
    await bench.reword("Better")
    stage.gate.set()
    await draining
    assert await bench.states("matter:1") == ["failed", "dropped"]


async def test_an_older_change_does_not_undo_a_newer_one(bench: Bench, stage: Scripted) -> None:
    await bench.tell(["ann"])
    pump = bench.pump(stage)
    await pump.drain()
    stage.raises("ann", Unavailable("timed out", uncertain=True))
    await bench.reword("Second")
    await pump.drain()
    async with bench.database.writing() as session:
        await session.execute(update(Delivery).where(Delivery.edits.is_not(None)).values(state="sending"))
    await bench.reword("Third")
    async with bench.database.writing() as session:
        await session.execute(update(Delivery).where(Delivery.state == "sending").values(state="waiting"))
    await pump.drain()
    bench.passes(minutes=2)
    await pump.drain()
    assert [post.text.split("\n")[0] for post in stage.posts] == ["Hello", "Third"]
    assert await bench.states() == ["sent", "dropped", "sent"]


# What the secretariat is told


async def test_a_target_that_is_gone_is_closed_and_the_secretariat_is_told_once(bench: Bench, stage: Scripted) -> None:
    stage.raises("ann", *[Unreachable("blocked by the user")] * 3)
    for number in range(3):
        await bench.tell(["ann"], cause=f"matter:{number}")
    pump = bench.pump(stage)
    await pump.drain()
    assert [post.to for post in stage.tried].count("ann") == 1
    gone = await bench.target("ann")
    assert (gone.closed_at, gone.closed_because) == (NOW, "blocked by the user")
    failed = [one for one in await bench.deliveries() if one.cause.startswith("matter")]
    assert {(one.state.value, one.problem) for one in failed} == {("failed", "blocked by the user")}
    assert [(post.to, "blocked by the user" in post.text) for post in stage.posts] == [("secretary", True)]


async def test_a_secretariat_that_is_gone_itself_is_told_nothing(bench: Bench, stage: Scripted) -> None:
    stage.raises("secretary", Unreachable("blocked by the user"))
    await bench.tell(["secretary"])
    await bench.pump(stage).drain()
    assert (len(stage.tried), await bench.states()) == (1, ["failed"])


async def test_of_a_notice_that_is_refused_everywhere_the_secretariat_is_told_once(
    bench: Bench, stage: Scripted
) -> None:
    names = [f"person {number}" for number in range(20)]
    for name in names:
        stage.raises(name, Rejected("too long"))
    await bench.tell(names)
    await bench.pump(stage).drain()
    assert (await bench.states("matter:1"), stage.received) == (["failed"] * 20, ["secretary"])


async def test_of_a_refused_report_there_is_no_report(bench: Bench, stage: Scripted) -> None:
    stage.raises("ann", Rejected("too long"))
    stage.raises("secretary", *[Rejected("too long")] * 5)
    await bench.tell(["ann"])
    await bench.pump(stage).drain()
    assert (len(stage.tried), len(await bench.deliveries())) == (2, 2)


# What a crash leaves


async def test_a_send_whose_process_was_killed_is_tried_once_more_when_its_claim_is_over(
    bench: Bench, stage: Scripted
) -> None:
    [one] = await bench.tell(["ann"])
    stage.gate.clear()
    killed = asyncio.create_task(bench.pump(stage).drain())
    async with asyncio.timeout(60):
        await stage.knocked.wait()
    killed.cancel()
    stage.gate.set()
    next_ = bench.pump(Scripted(bench))
    assert not await next_.drain()
    bench.passes(seconds=deliveries.CLAIM.total_seconds())
    assert await next_.drain()
    doubted = await bench.delivery(one)
    assert (doubted.state, doubted.doubts, doubted.problem) == ("waiting", 1, deliveries.DOUBTED)
    after = Scripted(bench)
    bench.passes(seconds=60)
    await bench.pump(after).drain()
    assert (after.received, (await bench.delivery(one)).doubts) == (["ann"], 1)


async def test_the_only_process_takes_up_at_its_start_what_the_last_one_left(bench: Bench, stage: Scripted) -> None:
    await bench.tell(["ann", "bob"])
    async with bench.database.writing() as session:
        await deliveries.take(session, (await deliveries.line_up(session, "stage", 1, [], NOW)).due, NOW)
        assert await deliveries.doubt(session, NOW) == 0
        assert await deliveries.doubt(session, NOW, unclaimed=True) == 1
    assert [one.doubts for one in await bench.deliveries()] == [1, 0]


async def test_news_that_a_doubted_delivery_arrived_end_the_doubt(bench: Bench, stage: Scripted) -> None:
    [one] = await bench.tell(["ann"])
    stage.gate.clear()
    slow = asyncio.create_task(bench.pump(stage).drain())
    async with asyncio.timeout(60):
        await stage.knocked.wait()
    bench.passes(seconds=deliveries.CLAIM.total_seconds())
    other = Scripted(bench)
    await bench.pump(other).drain()
    stage.gate.set()
    await slow
    bench.passes(minutes=5)
    await bench.pump(other).drain()
    sent = await bench.delivery(one)
    assert (sent.state, sent.doubts, other.tried) == ("sent", 0, [])


async def test_a_result_that_cannot_be_recorded_is_recorded_later_and_nothing_is_sent_twice(
    bench: Bench, stage: Scripted
) -> None:
    await bench.tell([f"person {number}" for number in range(12)])
    pump = bench.pump(stage)
    record, failures = bench.database.writing, 3

    def writing() -> object:
        nonlocal failures
        if stage.posts and failures:
            failures -= 1
            raise OSError("the database is away")
        return record()

    bench.database.writing = writing  # type: ignore[assignment,method-assign]  # the database fails now and then
    for _ in range(4):
        try:
            await pump.drain()
        except OSError:
            continue
    async with bench.database.reading() as session:
        sent = select(func.count()).where(Delivery.state == "sent")
        assert (await session.scalar(sent), len(stage.tried), failures) == (12, 12, 0)


async def test_what_was_sent_just_before_a_start_counts_for_the_limits(bench: Bench, stage: Scripted) -> None:
    stage.limits = limits(per_second=5)
    names = [f"person {number}" for number in range(10)]
    await bench.tell(names)
    await bench.pump(stage).drain()
    await bench.pump(stage).drain()
    assert len(stage.posts) == 5
    bench.passes(seconds=1.1)
    await bench.pump(stage).drain()
    assert len(stage.posts) == 10


async def killed_while_sending(bench: Bench) -> None:
    """The words were changed while the first message was being sent, whose process was then killed."""
    lost = Scripted(bench)
    lost.gate.clear()
    await bench.tell(["ann"])
    killed = asyncio.create_task(bench.pump(lost).drain())
    async with asyncio.timeout(60):
        await lost.knocked.wait()
    await bench.reword("Better")
    await bench.reword("Best")
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    async with bench.database.writing() as session:
        await deliveries.doubt(session, bench.now, unclaimed=True)


async def test_what_a_killed_process_may_have_sent_is_repeated_in_the_newest_words_and_not_changed_then(
    bench: Bench, stage: Scripted
) -> None:
    await killed_while_sending(bench)
    bench.passes(minutes=2)
    await bench.pump(stage).drain()
    assert [(post.edits, post.text.split("\n")[0]) for post in stage.posts] == [("", "Best")]
    assert await bench.states() == ["sent", "sent"]


async def test_news_of_what_a_lost_process_sent_let_it_be_changed(bench: Bench, stage: Scripted) -> None:
    await killed_while_sending(bench)
    [doubted, _] = await bench.deliveries()
    claimed = Claimed(
        doubted.id, doubted.dedupe_key, doubted.cause, doubted.target_id, "ann", "", notice=1, due_at=bench.now
    )
    late = Result(claimed, DeliveryState.SENT, bench.now, bench.now, receipt={"post": "7"})
    async with bench.database.writing() as session:
        await results.record(session, "stage", [late])
    await bench.pump(stage).drain()
    assert [(post.edits, post.text.split("\n")[0]) for post in stage.posts] == [("7", "Best")]
