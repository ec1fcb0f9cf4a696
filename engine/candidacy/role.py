"""Roles: who takes part in a program."""

import attrs

from candidacy.events import Event


@attrs.frozen
class Role:
    """Someone who takes part, by the agency's own word.

    Attributes:
        aliases: other titles its documents use.
        apart_from: roles that the same person had better not hold in the case; where one who enters an act does, it shows.
        named_by: events, each with the field that names the person, by which somebody has this part without being given the role.
    """

    name: str
    aliases: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()
    named_by: tuple[tuple[type[Event], str], ...] = ()
