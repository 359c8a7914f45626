"""What the Slack libraries may log, and repeat."""

import logging

import pytest
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler

from bot.platforms.slack.library import discreet_logger, new_client, new_session


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
    said = [record.getMessage() for record in caplog.records if record.name == logger.name]
    assert said == ["Failed to connect (error: (address) (address) Retrying..."]
    assert "secret" not in caplog.text


def test_the_logger_is_set_up_once() -> None:
    assert discreet_logger() is discreet_logger()
    assert len(discreet_logger().filters) == 1


async def test_a_client_of_deliveries_repeats_nothing_and_that_of_answers_never_after_a_lost_connection() -> None:
    async with new_session() as session:
        prompt = new_client("xoxb-1", "http://127.0.0.1:1/api/", session, is_patient=False)
        patient = new_client("xoxb-1", "http://127.0.0.1:1/api/", session)
        assert prompt.retry_handlers == []
        assert not any(isinstance(one, AsyncConnectionErrorRetryHandler) for one in patient.retry_handlers)
        assert prompt.session is patient.session is session
