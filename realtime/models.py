"""The log: topics, and their events numbered without gaps."""

import secrets

from django.db import models


def new_epoch() -> str:
    """A name for one life of a log: numbers are only comparable under the same epoch."""
    return secrets.token_urlsafe(6)


class Topic(models.Model):
    """One log. `head` is the number of its newest event; `generation` goes up when an old event is emptied."""

    name = models.CharField(max_length=160, unique=True)
    head = models.PositiveBigIntegerField(default=0)
    epoch = models.CharField(max_length=16, default=new_epoch)
    generation = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.name} at {self.head}"


class Event(models.Model):
    """One thing that happened on a topic; `html` is what a page applies, `data` what a program reads."""

    # Its index would be the beginning of the one below, and a page more to write for every event.
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="events", db_index=False)
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=64)
    data = models.JSONField()
    html = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        # Also the index of every read: "the events of this topic after this number".
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="event_number_once")]

    def __str__(self) -> str:
        return f"{self.topic_id}#{self.number} {self.kind}"
