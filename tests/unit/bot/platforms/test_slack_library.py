"""What the Slack libraries may log."""

import logging

import pytest

from bot.platforms.slack.library import discreet_logger


def test_the_libraries_log_no_address_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logger = discreet_logger()
    try:
        raise OSError("wss://slack.example/link?ticket=secret")
    except OSError as error:
        logger.exception(
            "Failed to connect (error: %s, url='%s'); Retrying...\nmore", error, "wss://slack.example/?t=1"
        )
    logger.info("Received {'response_url': 'https://hooks.example/1'}")
    assert caplog.messages == ["Failed to connect (error: (address) (address) Retrying..."]
    assert "secret" not in caplog.text


def test_the_logger_is_set_up_once() -> None:
    assert discreet_logger() is discreet_logger()
    assert len(discreet_logger().filters) == 1
