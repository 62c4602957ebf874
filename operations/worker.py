"""Runs background work until told to stop."""

import logging
import os
import signal
import threading

from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from huey.consumer import Consumer
from huey.contrib.djhuey import HUEY
from huey.storage import RedisStorage

from operations import heartbeat
from operations.tasks import keep_beating

log = logging.getLogger(__name__)
# How long a task that is running may take to end after the signal, in seconds; all of ours may run twice.
GRACE_SECONDS = 8
# How soon a sign of life is renewed that was lost with the queue's storage: Redis may come back empty.
RENEW_SECONDS = 5.0


class GracefulConsumer(Consumer):
    """huey's consumer, for which SIGINT means the same as SIGTERM: end the running task, then stop."""

    def start(self) -> None:
        super().start()
        # huey drops the running task on one of the two signals. Ctrl-C in ./run brings both.
        signal.signal(signal.SIGINT, lambda signum, frame: os.kill(os.getpid(), signal.SIGTERM))


def renew(stopped: threading.Event) -> None:
    """Until `stopped`: beat once more when the last beat is nowhere any more, so that health does not wait for the minute."""
    while not stopped.wait(RENEW_SECONDS):
        try:
            if heartbeat.age() is None:
                keep_beating()
        except Exception as error:  # noqa: BLE001  the storage is away; huey says so itself
            log.debug("no beat: %r", error)


def run() -> None:
    """Run every app's tasks.py until SIGTERM or SIGINT, then let the running task end and return.

    Must be called in the main thread: the consumer sets signal handlers.
    """
    autodiscover_modules("tasks")
    if isinstance(HUEY.storage, RedisStorage):
        # Each thread waits for a task on a connection of its own, and meanwhile another one keeps the schedule and beats.
        HUEY.storage.pool.max_connections = settings.HUEY["consumer"]["workers"] + 1
        HUEY.storage.pool.reset()
    consumer = GracefulConsumer(HUEY, graceful_signal="TERM", shutdown_timeout=GRACE_SECONDS, **settings.HUEY["consumer"])
    # Put into the queue, not called: the first beat then proves that the queue is read.
    keep_beating()
    log.info("worker started")
    stopped = threading.Event()
    threading.Thread(target=renew, args=[stopped], name="heartbeat-renew", daemon=True).start()
    try:
        consumer.run()
    finally:
        stopped.set()
        try:
            heartbeat.forget()
        except Exception as error:  # noqa: BLE001  the storage is away, and the last beat goes stale by itself
            log.warning("the last sign of life could not be taken back: %r", error)
        log.info("worker stopped")
