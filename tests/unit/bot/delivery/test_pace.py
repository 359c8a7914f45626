"""The pace: no limit is exceeded in any window, whatever is asked for and however irregularly."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pace import Pace
from bot.platforms import Limits

steps = st.lists(
    st.tuples(st.sampled_from([0.0, 0.001, 0.01, 0.2, 0.5, 1.0, 3.0]), st.integers(1, 6)), min_size=1, max_size=300
)


def paced(limits: Limits, wanted: list[tuple[float, int]], groups: set[int]) -> list[tuple[float, int]]:
    """When sends begin, and to whom, when they are asked for at these times and wait for nothing else."""
    pace, now, begun = Pace(limits), 1000.0, list[tuple[float, int]]()
    for pause, target in wanted:
        now += pause
        now = max(now, pace.next_room(now), pace.barred(now).get(target, now))
        assert pace.room(now) > 0
        assert target not in pace.barred(now)
        pace.begin(target, target in groups, now)
        begun.append((now, target))
    return begun


def most_within(times: list[float], span: float) -> int:
    return max(sum(start <= time < start + span for time in times) for start in times)


@given(st.integers(1, 30), steps)
def test_no_second_has_more_sends_than_the_platform_takes(per_second: int, wanted: list[tuple[float, int]]) -> None:
    begun = paced(Limits(per_second, 0), wanted, set())
    assert most_within([time for time, _ in begun], 1.0) <= per_second


@given(st.sampled_from([0.0, 0.5, 1.0, 1.1]), steps)
def test_one_target_is_sent_to_no_more_often_than_it_takes(seconds: float, wanted: list[tuple[float, int]]) -> None:
    last: dict[int, float] = {}
    for time, target in paced(Limits(30, seconds), wanted, set()):
        assert time - last.get(target, 0.0) >= seconds
        last[target] = time


@given(st.integers(1, 20), steps)
def test_no_minute_has_more_sends_to_a_group_than_it_takes(limit: int, wanted: list[tuple[float, int]]) -> None:
    times = defaultdict[int, list[float]](list)
    for time, target in paced(Limits(30, 0, limit), wanted, {1, 2}):
        times[target].append(time)
    assert all(most_within(times[group], 60.0) <= limit for group in (1, 2) if group in times)


@given(st.integers(1, 30), steps, st.lists(st.floats(0.0, 0.25), min_size=300, max_size=300), st.randoms())
def test_no_limit_is_exceeded_however_long_messages_are_on_their_way(
    per_second: int, wanted: list[tuple[float, int]], ways: list[float], chance: random.Random
) -> None:
    pace, now, arrived = Pace(Limits(per_second, 1.0)), 1000.0, list[tuple[float, int]]()
    for (pause, target), way in zip(wanted, ways, strict=False):
        now += pause
        now = max(now, pace.next_room(now))
        now = max(now, pace.barred(now).get(target, now))
        if not pace.room(now):
            continue
        pace.begin(target, False, now)
        pace.end(target, now, now + way)
        arrived.append((now + way * chance.random(), target))
    assert not arrived or most_within([time for time, _ in arrived], 1.0) <= per_second
    for target in range(1, 7):
        times = sorted(time for time, one in arrived if one == target)
        assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))


@given(st.floats(0.1, 50), st.floats(0.0, 100))
def test_nothing_begins_while_a_platform_rests(rest: float, later: float) -> None:
    pace = Pace(Limits(30, 0))
    pace.rest(1000 + rest)
    assert (pace.room(1000 + later) > 0) is (later >= rest)
    assert pace.next_room(1000) == 1000 + rest


def test_a_target_that_rests_does_not_hold_up_the_others() -> None:
    pace = Pace(Limits(30, 0))
    pace.rest(1010, target=1)
    assert (pace.room(1000), pace.barred(1000)) == (30, {1: 1010})
    assert pace.barred(1010) == {}


def test_a_shorter_rest_does_not_end_a_longer_one() -> None:
    pace = Pace(Limits(30, 1))
    pace.rest(1010, target=1)
    pace.begin(1, False, 1000)
    assert pace.barred(1005) == {1: 1010}


def test_a_platform_is_kept_busy_nearly_up_to_its_limit() -> None:
    begun = paced(Limits(30, 0), [(0.0, number) for number in range(3000)], set())
    assert begun[-1][0] - begun[0][0] <= 100 * 1.02


def test_without_a_limit_the_pace_holds_up_nothing() -> None:
    pace = Pace(Limits(float("inf"), 0))
    for number in range(100):
        pace.begin(number, False, 1000)
    assert pace.room(1000) > 1000
    assert pace.barred(1000) == {}
