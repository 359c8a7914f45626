"""A Slack on the loopback interface, for tests: the real bolt and slack_sdk run against it."""

from tests.fakes.slack.fake import SlackFake
from tests.fakes.slack.limits import Excess, Limits, Violation
from tests.fakes.slack.reading import Control
from tests.fakes.slack.records import Attempt, Call, Delivery, File, Message, View
from tests.fakes.slack.wire import Impossible
from tests.fakes.slack.workspace import Channel, Person, Workspace

__all__ = [
    "Attempt",
    "Call",
    "Channel",
    "Control",
    "Delivery",
    "Excess",
    "File",
    "Impossible",
    "Limits",
    "Message",
    "Person",
    "SlackFake",
    "View",
    "Violation",
    "Workspace",
]
