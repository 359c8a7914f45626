"""Metrics: what happened, counted for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE

from storage.backlog import Backlog

OUTCOMES = ("sent", "uncertain", "postponed", "failed", "expired", "dropped")
"""How a send may end."""

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One process's counts, in a registry of their own. Implements `bot.witness.Witness`."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._received = self._counter("received", "Events that arrived and were kept")
        self._answered = self._counter("answered", "Events that were answered")
        self._failed = self._counter("failed", "Events whose answer was given up")
        self._seconds = Histogram(
            "liaison_bot_handling_seconds",
            "From an event's arrival to its answer",
            ["platform"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._waiting = Gauge("liaison_bot_inbox_waiting", "Events not answered yet", registry=self._registry)
        self._up = Gauge(
            "liaison_bot_platform_up", "1 while the platform can be answered", ["platform"], registry=self._registry
        )

        self._deliveries = Counter(
            "liaison_bot_deliveries",
            "Sends of the outbox by how they ended",
            ["platform", "outcome"],
            registry=self._registry,
        )
        self._outbox = Gauge(
            "liaison_bot_outbox_waiting", "Deliveries that wait to be sent", ["platform"], registry=self._registry
        )
        self._late = Gauge(
            "liaison_bot_outbox_oldest_due_seconds",
            "How long the oldest delivery that is due has been so",
            ["platform"],
            registry=self._registry,
        )

    def expect(self, platform: str) -> None:
        """Show a platform's counts from the beginning, not only from its first event on."""
        for metric in (self._received, self._answered, self._failed, self._seconds):
            metric.labels(platform)

    def received(self, platform: str) -> None:
        self._received.labels(platform).inc()

    def answered(self, platform: str, seconds: float) -> None:
        self._answered.labels(platform).inc()
        self._seconds.labels(platform).observe(seconds)

    def failed(self, platform: str) -> None:
        self._failed.labels(platform).inc()

    def expect_deliveries(self, platform: str) -> None:
        """Show what a platform is sent from the beginning, too."""
        for outcome in OUTCOMES:
            self._deliveries.labels(platform, outcome)

    def delivered(self, platform: str, outcome: str) -> None:
        self._deliveries.labels(platform, outcome).inc()

    def page(self, waiting: float, up: Mapping[str, bool], outbox: Mapping[str, Backlog] | None = None) -> bytes:
        """Everything in Prometheus' text format. `waiting`: not a number when the database does not say.

        `outbox`: what waits to be sent, by platform.
        """
        self._waiting.set(waiting)
        for platform, backlog in (outbox or {}).items():
            self._outbox.labels(platform).set(backlog.waiting)
            self._late.labels(platform).set(backlog.late.total_seconds())
        for platform, is_up in up.items():
            self._up.labels(platform).set(is_up)
        return generate_latest(self._registry)

    def _counter(self, what: str, help: str) -> Counter:
        return Counter(f"liaison_bot_events_{what}", help, ["platform"], registry=self._registry)


__all__ = ["CONTENT_TYPE", "Metrics"]
