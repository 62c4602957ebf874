"""Every test here starts with nothing counted."""

from collections.abc import Iterator

import pytest

from moderation import throttle


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    throttle.forget()
    yield
    throttle.forget()
