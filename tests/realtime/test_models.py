"""What the database itself holds us to."""

import pytest
from django.db import IntegrityError

from realtime.models import Event, Topic, new_epoch


@pytest.mark.django_db
def test_a_number_is_given_once_for_each_topic() -> None:
    one, two = Topic.objects.create(name="stage:one"), Topic.objects.create(name="stage:two")
    for topic in (one, two):
        Event.objects.create(topic=topic, number=1, kind="said", data={})
    with pytest.raises(IntegrityError):
        Event.objects.create(topic=one, number=1, kind="said", data={})


@pytest.mark.django_db
def test_a_topic_has_one_log() -> None:
    Topic.objects.create(name="stage:one")
    with pytest.raises(IntegrityError):
        Topic.objects.create(name="stage:one")


def test_epochs_differ_and_fit() -> None:
    epochs = {new_epoch() for _ in range(1000)}
    assert len(epochs) == 1000
    assert max(map(len, epochs)) <= 16


@pytest.mark.django_db
def test_topics_and_events_say_what_they_are() -> None:
    topic = Topic(name="stage:one", head=3)
    assert str(topic) == "stage:one at 3"
    assert str(Event(topic_id=5, number=3, kind="said")) == "5#3 said"
