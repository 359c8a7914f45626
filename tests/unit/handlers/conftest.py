"""A talk on the sample, on both databases."""

import pytest

from storage.database import Database
from tests.talk import Talk


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)
