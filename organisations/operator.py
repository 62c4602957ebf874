"""The person at the server's own shell, in whose name management commands act."""

from typing import Final


class Console:
    """Stands where a signed-in account would: whoever has the shell has the database already."""

    def get_username(self) -> str:
        return "console"

    def may_keep_registry(self) -> bool:
        return True


CONSOLE: Final = Console()
