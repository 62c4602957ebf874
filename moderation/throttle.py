"""How often one visitor and one address may ask; counted in Redis where there is one, else in this process."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NamedTuple, TypeVar
from uuid import UUID

from django.conf import settings
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter as Limiter
from redis import BlockingConnectionPool

from accounts.addresses import sender_of
from realtime.commands import Refused

log = logging.getLogger(__name__)

# A Redis that does not answer in this time is not waited for, nor asked again for a while: this process counts meanwhile.
PATIENCE = 0.5  # seconds
RETRY_AFTER = 10.0  # seconds
# What this process counted is forgotten when its clock is put back by more than this: it would count for that much longer.
PUT_BACK = 30.0  # seconds
# How long a token that was let in stays let in, so that the same question sent twice at once is one question.
TOKEN_SECONDS = 60


# The key of the limit that all who ask on one programme share.
PROGRAMME = "ask-programme"

T = TypeVar("T")
_MAKING = threading.Lock()


class Wait(NamedTuple):
    """So many seconds, because of this asker, or because of the whole crowd."""

    seconds: int
    crowd: bool


NO_WAIT = Wait(0, crowd=False)


class TooOften(Refused):
    """A limit is used up; `seconds` until the next question is accepted."""

    def __init__(self, seconds: int, *, crowd: bool = False, what: str = "提问") -> None:
        """`crowd` if it was not this asker alone, but all of the programme together."""
        why = f"现在{what}的人太多" if crowd else f"{what}太频繁了"
        super().__init__("throttled", f"{why}，请在{_spoken(seconds)}后再提交。您写的内容还在。")
        self.seconds = seconds


@dataclass(frozen=True)
class Asker:
    """Who is counted; without address and programme (a rehearsal is played from one machine) only the visitor is."""

    visitor: str
    address: str | None
    programme: str | None = None
    what: ClassVar[str] = "提问"

    def limits(self) -> Iterator[tuple[RateLimitItem, str, str]]:
        """Each limit with the two parts of its key, the narrowest first."""
        for text in settings.ASK_LIMITS_PER_VISITOR:
            yield parse(text), "ask-visitor", self.visitor
        if self.address is not None:
            for text in settings.ASK_LIMITS_PER_ADDRESS:
                yield parse(text), "ask-address", sender_of(self.address)
        if self.programme is not None:
            for text in settings.ASK_LIMITS_PER_PROGRAMME:
                yield parse(text), PROGRAMME, self.programme


class Supporter(Asker):
    """Who wants the same answer, or does not any more."""

    what = "同问"

    def limits(self) -> Iterator[tuple[RateLimitItem, str, str]]:
        for text in settings.SUPPORT_LIMITS_PER_VISITOR:
            yield parse(text), "support-visitor", self.visitor
        if self.address is not None:
            for text in settings.SUPPORT_LIMITS_PER_ADDRESS:
                yield parse(text), "support-address", sender_of(self.address)


class Reporter(Asker):
    """Who reports a question: as rare as asking, and counted apart from it."""

    what = "举报"

    def limits(self) -> Iterator[tuple[RateLimitItem, str, str]]:
        for text in settings.ASK_LIMITS_PER_VISITOR:
            yield parse(text), "report-visitor", self.visitor
        if self.address is not None:
            for text in settings.ASK_LIMITS_PER_ADDRESS:
                yield parse(text), "report-address", sender_of(self.address)


class Typist(Asker):
    """Who types a question, and has what is typed compared with what was asked."""

    what = "查找"

    def limits(self) -> Iterator[tuple[RateLimitItem, str, str]]:
        for text in settings.SIMILAR_LIMITS_PER_VISITOR:
            yield parse(text), "similar-visitor", self.visitor
        if self.address is not None:
            for text in settings.SIMILAR_LIMITS_PER_ADDRESS:
                yield parse(text), "similar-address", sender_of(self.address)


def look(asker: Asker, *, token: UUID) -> None:
    """Raise TooOften if a limit is used up; count nothing. A token that was let in a moment ago is let in again.

    Cheap and outside of any lock: what a flood meets first. take() decides.
    """
    seen = f"ask-token/{asker.visitor}/{token}"

    def count(limiter: Limiter) -> Wait:
        wait = _wait(limiter, asker)
        if not wait.seconds:
            limiter.storage.incr(seen, TOKEN_SECONDS)
        return NO_WAIT if limiter.storage.get(seen) else wait

    _refuse(asker, _counters().run(count))


def take(asker: Asker) -> None:
    """Count one question, or raise TooOften."""

    def count(limiter: Limiter) -> Wait:
        # Looked at first, so that what one limit refuses does not count against the others; then one by one, because
        # another process may have been faster in between.
        wait = _wait(limiter, asker)
        if wait.seconds:
            return wait
        if all(limiter.hit(limit, *key) for limit, *key in asker.limits()):
            if asker.programme is not None:
                limiter.hit(*_pressure(asker.programme))
            return NO_WAIT
        wait = _wait(limiter, asker)
        return wait._replace(seconds=max(1, wait.seconds))

    _refuse(asker, _counters().run(count))


def is_pressed(programme: str) -> bool:
    """Whether questions to this programme come faster than ASK_PRESSURE allows without a challenge."""
    return _counters().run(lambda limiter: limiter.get_window_stats(*_pressure(programme)).remaining <= 0)


def spend(ticket: str, *, seconds: int) -> bool:
    """Whether this ticket is used for the first time within so many seconds; from now on it is used."""
    return _counters().run(lambda limiter: limiter.storage.incr(f"ask-ticket/{ticket}", seconds) == 1)


def forget() -> None:
    """Forget everything that was counted: a fresh start for whoever administers or tests the site."""
    _counters().reset()


class _Shared(RedisStorage):
    """Counts by the clock of Redis: those of the processes differ, and may be set while somebody waits."""

    def now(self) -> float:
        """Seconds since 1970, there. Raises StorageError."""
        connection: Any = self.get_connection()
        try:
            seconds, microseconds = connection.time()
        except self.base_exceptions as error:
            raise StorageError(error) from error
        return float(seconds) + float(microseconds) / 1e6

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        now = self.now()
        window = self.lua_moving_window([self.prefixed_key(key)], [now - expiry, limit])
        return (float(window[0]), window[1]) if window else (now, 0)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        return bool(self.lua_acquire_moving_window([self.prefixed_key(key)], [self.now(), limit, expiry, amount]))


def _shared(uri: str) -> _Shared:
    # One connection for all threads: each holds it for one command.
    options: dict[str, Any] = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": None}
    pool = BlockingConnectionPool.from_url(uri, max_connections=1, timeout=PATIENCE, **options)
    return _Shared(uri, connection_pool=pool, wrap_exceptions=True, key_prefix=f"{settings.REDIS_PREFIX}-limits")


class _Counters:
    """The shared counter while it answers, this process's own while it does not: asking goes on without Redis."""

    def __init__(self) -> None:
        self._shared = Limiter(_shared(settings.REDIS_URL)) if settings.REDIS_URL else None
        self._own = Limiter(MemoryStorage())
        self._again = 0.0
        self._zero = _zero()

    def run(self, count: Callable[[Limiter], T]) -> T:
        if self._shared is not None and time.monotonic() >= self._again:
            try:
                return count(self._shared)
            except StorageError as error:
                self._again = time.monotonic() + RETRY_AFTER
                log.warning("the shared counter of questions does not answer, this process counts alone: %r", error)
        if self._zero - PUT_BACK > _zero():
            self._own.storage.reset()
        self._zero = _zero()
        return count(self._own)

    def reset(self) -> None:
        for limiter in (self._own, self._shared):
            if limiter is not None:
                limiter.storage.reset()


def _counters() -> _Counters:
    # Two threads at once would make two, with a connection each.
    with _MAKING:
        return _made()


@cache
def _made() -> _Counters:
    return _Counters()


def _zero() -> float:
    # What the clock showed when the monotonic one began: another number after the clock was set.
    return time.time() - time.monotonic()


def _pressure(programme: str) -> tuple[RateLimitItem, str, str]:
    return parse(settings.ASK_PRESSURE), "ask-pressure", programme


def _wait(limiter: Limiter, asker: Asker) -> Wait:
    longest = NO_WAIT
    for limit, scope, who in asker.limits():
        stats = limiter.get_window_stats(limit, scope, who)
        if stats.remaining <= 0:
            # A clock that was put back must not keep anybody out for longer than the limit says.
            now = limiter.storage.now() if isinstance(limiter.storage, _Shared) else time.time()
            seconds = math.ceil(min(stats.reset_time - now, limit.get_expiry()))
            longest = max(longest, Wait(seconds, crowd=scope == PROGRAMME))
    return longest


def _refuse(asker: Asker, wait: Wait) -> None:
    if wait.seconds > 0:
        raise TooOften(wait.seconds, crowd=wait.crowd, what=asker.what)


def _spoken(seconds: int) -> str:
    if seconds < 60:
        return f" {seconds} 秒"
    if seconds < 3600:
        return f" {math.ceil(seconds / 60)} 分钟"
    return f" {math.ceil(seconds / 3600)} 小时"
