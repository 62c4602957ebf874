"""The database's own guard of a table to which rows are only added, on SQLite and on PostgreSQL."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A migration that remakes the table on SQLite drops its triggers with it: call install() again after it.
# TRUNCATE is not refused here: whoever may run it owns the table, and could remove the trigger as well.

_SQLITE = """
CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: UPDATE refused'); END;
CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: DELETE refused'); END;
CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key})
BEGIN SELECT RAISE(ABORT, '{table} is append-only: REPLACE refused'); END;
"""

_POSTGRESQL = """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN RAISE EXCEPTION '{table} is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation'; END $body$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
"""


def install(schema_editor: BaseDatabaseSchemaEditor, *, table: str, unique: list[list[str]]) -> None:
    """From now on the database raises an integrity error for every UPDATE and DELETE of this table.

    `unique` are the columns of its keys: SQLite's INSERT OR REPLACE removes rows without calling the DELETE trigger.
    """
    if schema_editor.connection.vendor == "sqlite":
        key = " OR ".join("(" + " AND ".join(f"{column} = NEW.{column}" for column in columns) + ")" for columns in unique)
        for statement in _SQLITE.format(table=table, key=key).strip().split("END;")[:-1]:
            schema_editor.execute(f"{statement}END", params=None)
    else:
        schema_editor.execute(_POSTGRESQL.format(table=table), params=None)


def remove(schema_editor: BaseDatabaseSchemaEditor, *, table: str) -> None:
    """Take the guard away again: for a migration that goes back."""
    if schema_editor.connection.vendor == "sqlite":
        for event in ("updated", "deleted", "replaced"):
            schema_editor.execute(f"DROP TRIGGER {table}_never_{event}")
    else:
        schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}; DROP FUNCTION {table}_append_only()")
