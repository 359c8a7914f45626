"""What Slack's documentation forbids in messages and views."""

from tests.fakes.slack.checks.messages import check_message, check_message_blocks
from tests.fakes.slack.checks.views import check_view

__all__ = ["check_message", "check_message_blocks", "check_view"]
