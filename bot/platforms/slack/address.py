"""The address of the web endpoint that Slack's requests go to."""

PATH = "/slack/events"
