"""Stories: the commands of one case in the order they are told, for examples, demonstrations and tests."""

from collections.abc import Iterator
from datetime import date

from candidacy.codec import write_command
from candidacy.events import Event
from candidacy.record import Actor, Command, Json


class Story:
    """The life of one case as command documents."""

    def __init__(self, case: str) -> None:
        self.case = case
        self._told: list[Command] = []

    def tell(self, day: date | str, event: Event, *, by: str) -> "Story":
        """One more event, effective on *day* (a date, or YYYY-MM-DD), entered by a person."""
        on = date.fromisoformat(day) if isinstance(day, str) else day
        self._told.append(Command(f"{self.case}-{len(self._told) + 1:03}", self.case, event, on, Actor(by)))
        return self

    def __iter__(self) -> Iterator[Json]:
        return (write_command(command) for command in self._told)
