"""A few threads of our own for database work, so that no reader waits behind the site's single one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections, connections

T = TypeVar("T")


class Busy(Exception):
    """So much waits already that nothing more is taken; nothing was done."""


class Threads:
    """Runs functions that use the database in at most `workers` threads.

    With `keep` the connections stay open between calls (for reads that come every second) until a call fails or
    `close`; without it each call leaves them as the end of a request does.
    """

    def __init__(self, name: str, workers: int, *, keep: bool = False) -> None:
        self._name = name
        self._workers = workers
        self._keep = keep
        self._executor: ThreadPoolExecutor | None = None
        self._refusable = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work()` returns or raises."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(self._workers, thread_name_prefix=self._name)
        call = self._kept if self._keep else self._fresh
        return await asyncio.get_running_loop().run_in_executor(self._executor, call, work)

    async def run_or_refuse(self, work: Callable[[], T], *, waiting: int) -> T:
        """As `run`, but raises Busy at once while all threads are taken and so many of this kind wait already."""
        if self._refusable >= self._workers + waiting:
            raise Busy
        self._refusable += 1
        try:
            return await self.run(work)
        finally:
            self._refusable -= 1

    async def close(self) -> None:
        """Close the kept connection and end the threads when they have done what they are at; `run` starts others."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        if self._keep:
            await asyncio.get_running_loop().run_in_executor(executor, connections.close_all)
        executor.shutdown(wait=False)

    @staticmethod
    def _fresh(work: Callable[[], T]) -> T:
        close_old_connections()
        try:
            return work()
        finally:
            close_old_connections()

    @staticmethod
    def _kept(work: Callable[[], T]) -> T:
        try:
            return work()
        except Exception:
            # It may be the connection that broke: the next call opens another.
            connections.close_all()
            raise
