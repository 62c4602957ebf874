"""Who may change the registry: an account that says so, or the person at the server's own shell."""

from typing import Final, Protocol


class Keeper(Protocol):
    """Whoever can be named as the author of a change; accounts stand above this app, so it asks only this."""

    def get_username(self) -> str: ...

    def may_keep_registry(self) -> bool: ...


class Console:
    """Stands where a signed-in account would: whoever has the shell has the database already."""

    def get_username(self) -> str:
        return "console"

    def may_keep_registry(self) -> bool:
        return True


CONSOLE: Final = Console()
