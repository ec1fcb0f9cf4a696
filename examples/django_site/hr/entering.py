"""What is entered: the site's own row and the ledger's record, in one transaction of the site's own database.

Whatever is raised in the transaction, by the engine or by the site, before or after the record was made, rolls both
back: the ledger is as it was, and the next record gets the index that this one would have had. A refusal is not
raised. It is a record like any other, and is committed.
"""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from candidacy import Actor, Answer, CandidateSelected, Command, Id, ReferenceRecorded, RoleName, RoleNamed
from hr.ledger import engine
from hr.models import Candidate, Entry

PROGRAM, ANNOUNCEMENT = Id("commerce"), Id("september-2004")


def actor(user: AbstractBaseUser) -> Actor:
    """Who is logged in, as the ledger knows them: an opaque id. Their name stays in the site's own table."""
    return Actor(f"u-{user.pk}", identified="host")


@transaction.atomic
def select(user: AbstractBaseUser, employee_id: str, case: str, day: date) -> Candidate:
    """Enter an employee as a candidate: a row of the site, the act that begins the case, and the employee id.

    Raises:
        ValidationError: by the site's own tables.
        InputError: by the engine, such as for an employee id that is no id to the ledger.
    """
    candidate = Candidate(employee_id=employee_id, case=case)
    candidate.full_clean()
    candidate.save()
    person, office = Id(f"{case}.candidate"), actor(user)
    roles = (RoleNamed(person, RoleName("candidate")), RoleNamed(Id(office.person), RoleName("program office")))
    selected = CandidateSelected(PROGRAM, ANNOUNCEMENT, roles)
    if engine().submit(Command(f"{case}:selected", case, selected, day, office)).accepted:
        known = ReferenceRecorded(Id("hr"), Id(employee_id), person)
        engine().submit(Command(f"{case}:reference", case, known, day, office))
    return candidate


@transaction.atomic
def enter(user: AbstractBaseUser, candidate: Candidate, command: dict[str, Any], note: str) -> Answer:
    """Submit a command about a candidate and keep the note of whoever submitted it.

    Args:
        command: id, type, day, payload and expects, as they came; who acts, and in which case, is said here.

    Raises:
        ValidationError: by the site's own table, when the record has been made already.
        InputError, OvertakenError, CommandIdReusedError: by the engine.
    """
    answer = engine().submit({**command, "case": candidate.case}, actor=actor(user))
    if not answer.repeated:  # the same form sent twice: answered with the first record, and nothing to add
        entry = Entry(candidate=candidate, record=answer.record.index, by=user, note=note)
        entry.full_clean()
        entry.save()
    return answer
