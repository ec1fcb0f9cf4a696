"""Stories: the commands of one case in the order they are told, for examples, demonstrations and tests."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Self

from candidacy.codec import write_command
from candidacy.decision import PLAIN, Actor, Command, How, Json
from candidacy.events import Event, Id, RoleName, RoleNamed


class Story:
    """The life of one case as command documents. People are named by the part they play: ``case.part``."""

    def __init__(self, case: str) -> None:
        """Begin to tell of *case*."""
        self.case = case
        self._told: list[Command] = []

    def person(self, part: str) -> Id:
        """The id of the person who plays that part."""
        return Id(f"{self.case}.{part}")

    def cast(self, **roles: str) -> tuple[RoleNamed, ...]:
        """The first roles of the case: ``cast(office="program office")`` gives the person ``case.office`` that role."""
        return tuple(RoleNamed(self.person(part), RoleName(role)) for part, role in roles.items())

    def on(self, day: date | str, part: str, *events: Event) -> Self:
        """Events that take effect on one day (a date, or YYYY-MM-DD), entered by the person who plays that part."""
        for event in events:
            self.tell(day, event, by=self.person(part))
        return self

    def tell(self, day: date | str, event: Event, *, by: str, how: How = PLAIN) -> Self:
        """One more event, effective on *day*, entered by a person; *how*, where it corrects, asks for or confirms something."""
        on = date.fromisoformat(day) if isinstance(day, str) else day
        name, special = f"{self.case}-{len(self._told) + 1:03}", (how.corrects or None, how.request, how.confirms or None)
        self._told.append(Command(name, self.case, event, on, Actor(by), None, *special))
        return self

    def __iter__(self) -> Iterator[Json]:
        return (write_command(command) for command in self._told)

    @classmethod
    def lives(cls, prefix: str, lives: Iterable[Callable[[Self], None]]) -> Iterator[Json]:
        """The commands of many cases, ``prefix-001`` and on, each life told in turn."""
        for number, live in enumerate(lives, 1):
            story = cls(f"{prefix}-{number:03}")
            live(story)
            yield from story
