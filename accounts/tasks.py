"""The background work of accounts; huey finds it by the file's name. Every task may run twice."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from accounts.sessions import SessionStore


@db_periodic_task(crontab(hour="4", minute="17"), name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Delete the sessions that have run out: nobody can use them, and they tell who was signed in when."""
    SessionStore.clear_expired()
