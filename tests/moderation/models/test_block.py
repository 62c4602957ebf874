"""A block names one visitor or one network, and ends."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.models import Block
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", [{}, {"visitor": "v1", "network": "203.0.113.0/24"}])
def test_it_names_a_visitor_or_a_network(who):
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(reason="广告", by=make.user(), **who)


def test_it_holds_until_its_end_or_until_it_is_lifted():
    with time_machine.travel("2010-07-30T15:00:00+08:00", tick=False):
        now = timezone.now()
        blocks = [
            Block(visitor="v1", at=now), Block(visitor="v1", at=now, until=now + timedelta(seconds=1)),
            Block(visitor="v1", at=now, until=now), Block(visitor="v1", at=now, lifted_at=now),
        ]  # fmt: skip
        assert [block.holds for block in blocks] == [True, True, False, False]


def test_each_has_a_private_address_for_the_appeal():
    tokens = [Block.objects.create(visitor="v1", reason="广告", by=make.user()).appeal_token for _block in range(2)]
    assert [len(token) for token in tokens] == [27, 27]
    assert len(set(tokens)) == 2
