"""Who decided with another part in the case: as the one who asked, the mentor, a supervisor, or the one it is about.

Persons and days are read from what is known now, late entries and corrections included. The recorded finding ``candidacy.apart``,
which tells what was known then, counts too.
"""

import re
from collections.abc import Iterable
from typing import Any

from candidacy.case import Case
from candidacy.decision import Actor
from candidacy.events import RoleGiven, Unread
from candidacy.guards import APART, may_enter, roles_held
from candidacy.program import Edition
from candidacy.record import Record
from candidacy.role import Role

PARTS = frozenset({"mentor", "supervisor"})
"""Words: a role whose name or alias has one of them is kept apart from deciding, beside the role that a case is about."""
WORD = re.compile(r"[a-z]+")


def parties(edition: Edition) -> frozenset[str]:
    """The roles of those whom decisions are about or who look after them: the first role, mentors and supervisors."""
    return frozenset(role.name for n, role in enumerate(edition.roles) if n == 0 or _words(role) & PARTS)


def _words(role: Role) -> set[str]:
    return {word for title in (role.name, *role.aliases) for word in WORD.findall(title.casefold())}


def entering(edition: Edition, case: Case, record: Record, event: Any) -> frozenset[str]:
    """The roles by which somebody decided; none where the program gives the act to such a part itself (a candidate asks)."""
    held = roles_held(case, event, Actor(**record.data["actor"]), record.day)
    found = held & set(may_enter(edition, case, event, record.day))
    return frozenset() if found & parties(edition) else found


def other_parts(edition: Edition | None, case: Case, record: Record, event: Any) -> tuple[str, ...]:
    """The other parts in the case that those who decided by an act held on its day, sorted.

    Args:
        edition: that judged it; None where it is not installed: then only the finding that was recorded tells.
        case: all that stands in it now.
    """
    found = {part for finding in record.data["findings"] if finding["rule"] == APART for part in _also(finding)}
    by = frozenset[str]() if edition is None or isinstance(event, Unread) else entering(edition, case, record, event)
    if edition is None or not by:
        return tuple(sorted(found))
    kept, day = parties(edition), max(record.day, case.began or record.day)
    given = [g for _, g in case.at(day).all(RoleGiven) if g.person == record.data["actor"]["person"] and g.role in by]
    people = {*record.people, *(str(g.in_place_of) for g in given if g.in_place_of)}
    found |= {role for person in people for role in case.roles_of(person, day) if role in kept}
    found |= {role.name for role in edition.roles if role.name in kept and people & _named(edition, case, record, role)}
    return tuple(sorted(found))


def _also(finding: Any) -> list[str]:
    return list(finding.get("observed", {}).get("also", ())) if finding["outcome"] == "unmet" else []


def _named(edition: Edition, case: Case, record: Record, role: Role) -> set[str]:
    """Whom events of the case name for a role on the day of a record: of what begins and ends, while it is open."""
    found = set[str]()
    for kind, field in role.named_by:
        strands, last = edition.strand_of(kind), case.at(record.day).last(kind)
        if strands is not None:
            found |= {str(getattr(s.begun, field)) for s in strands.of(case) if s.open_on(record.day)}
        elif last is not None:
            found.add(str(getattr(last, field)))
    return found


def answers(edition: Edition, case: Case, asked: tuple[Record, Any], decided: tuple[Record, Any]) -> bool:
    """Whether one act decides on another: the program gives the two to different roles, none in common."""
    (first, asking), (then, deciding) = asked, decided
    if isinstance(asking, Unread) or isinstance(deciding, Unread) or not entering(edition, case, then, deciding):
        return False
    may_ask, may_decide = (set(may_enter(edition, case, e, r.day)) for e, r in ((asking, first), (deciding, then)))
    return bool(may_ask and may_decide) and not may_ask & may_decide


def behind(case: Case, people: Iterable[str]) -> frozenset[str]:
    """People, and those in whose place they were ever given a role."""
    found = set(people)
    return frozenset(found | {str(g.in_place_of) for _, g in case.all(RoleGiven) if g.person in found and g.in_place_of})
