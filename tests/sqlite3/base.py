"""Django's SQLite, except that emptying the test database is not refused by the triggers that guard append-only tables."""

from typing import Any

from django.db.backends.sqlite3 import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, *args: Any, **kwargs: Any) -> list[str]:
        """Empty the tables with the triggers taken off and put back, in the one transaction Django runs this in.

        On PostgreSQL the flush is a TRUNCATE, which calls no row trigger.
        """
        with self.connection.cursor() as cursor:
            triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        flush = super().sql_flush(*args, **kwargs)
        return [*(f'DROP TRIGGER "{name}"' for name, _sql in triggers), *flush, *(sql for _name, sql in triggers)]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
