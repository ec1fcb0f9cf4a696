"""The cases of a ledger as their records tell them: on a day, as was known at an instant, under the rules of an edition."""

from collections.abc import Sequence
from datetime import date, datetime

import attrs

from candidacy.case import Case
from candidacy.errors import InputError, Problem, UnknownCaseError
from candidacy.events import Beginning, Event, content_of
from candidacy.folding import after, fold, fold_as_of
from candidacy.interventions import EditionMoved
from candidacy.ledger import Ledger
from candidacy.program import Edition
from candidacy.record import Record
from candidacy.registry import Registry
from candidacy.strict import shown

REMEMBERED = 1_000
"""How many folded cases are kept in memory; a cache, checked against the ledger at each use."""
A_CASE = "a case in this ledger"


class Cases:
    """The cases of one ledger under the programs that are installed."""

    def __init__(self, ledger: Ledger, registry: Registry) -> None:
        """Those of *ledger*."""
        self.ledger, self.registry = ledger, registry
        self._folded: dict[str, tuple[Record, Case, Edition]] = {}

    def case(
        self, case: str, event: Event | None = None, *, as_of: date | None = None, known: datetime | None = None, rules: str = ""
    ) -> tuple[Case, Edition]:
        """The case as its records tell, and the edition it is pinned to (or that *event* would pin it to).

        Args:
            as_of: leave out what took effect after that day.
            known: leave out what was recorded after that instant.
            rules: an edition of its program, by whose rules it is looked at instead; it is not moved there.

        Raises:
            InputError: an unknown case, one that had not begun on that day or at that instant, a program or announcement that is
                not installed, an edition that there is none of or that has no place for the case's stage.
        """
        found = self._standing(case, event) if as_of is None and known is None else self._earlier(case, as_of, known)
        return self._as_under(*found, rules) if rules else found

    def records(self, case: str, known: datetime | None = None) -> list[Record]:
        """Its records, oldest first; those recorded until an instant, where one is given.

        Raises:
            InputError: it had none.
        """
        records = self.ledger.of_case(case)
        if not records:
            raise UnknownCaseError([unknown_case(case)])
        first, found = records[0].recorded_at, [r for r in records if known is None or r.recorded_at <= known]
        if not found:
            what = f"{known}, before anything was recorded of the case {case}"
            raise InputError([Problem("known", what, f"an instant from {first.isoformat()} on")])
        return found

    def read(self, record: Record) -> Event:
        """The event of a record."""
        return self.registry.codec.read_event(record.type_name, record.data["payload"])

    # --- inside

    def _standing(self, case: str, event: Event | None) -> tuple[Case, Edition]:
        """The case as it stands, remembered while its newest record is the same."""
        remembered = self._folded.get(case)
        caught_up = self._caught_up(*remembered) if remembered else None
        if caught_up is not None:
            return caught_up
        records = self.ledger.of_case(case)
        if not any(r.accepted for r in records):
            begins = self._to_begin(case, event)
            return attrs.evolve(begins.case(case), version=len(records)), begins
        folded, newest = self._fold(records, case)
        self._remember(records[-1], folded, newest)
        return folded, newest

    def _caught_up(self, newest: Record, folded: Case, edition: Edition) -> tuple[Case, Edition] | None:
        """The case as remembered and what was kept since, where that is less to read than all of it and changes no edition."""
        head = self.ledger.head(folded.id)
        if (folded.version, newest.leaf.hex()) == head:
            return folded, edition
        if self.ledger.size() - newest.index > folded.version:
            return None
        for record in self.ledger.after(newest.index):
            if record.case == folded.id and record.version <= head[0]:
                if record.data["previous"] != newest.leaf.hex() or record.type_name == EditionMoved.type_name:
                    return None
                folded, newest = after(folded, record, self.read), record
        if (folded.version, newest.leaf.hex()) != head:
            return None  # what was remembered was taken back
        self._remember(newest, folded, edition)
        return folded, edition

    def _earlier(self, case: str, as_of: date | None, known: datetime | None) -> tuple[Case, Edition]:
        if as_of is not None and known is None:  # most often nothing is dated later, and what is remembered serves
            standing, edition = self._standing(case, None)
            newest = max([standing.entries[-1].day, *(r.day for r in standing.requests)])
            if (standing.began or as_of) <= as_of and newest <= as_of:
                return standing, edition
        records = self.records(case, known)
        begun = next((r for r in records if r.accepted), None)
        if begun is None:
            raise UnknownCaseError([unknown_case(case)])
        if as_of is not None and as_of < begun.day:  # what is credited may have happened before
            raise InputError([Problem("as_of", f"{as_of}, before the case {case} began", f"a day from {begun.day} on")])
        return self._fold(records, case, None if as_of is None or all(r.day <= as_of for r in records) else as_of)

    def _fold(self, records: Sequence[Record], case: str, as_of: date | None = None) -> tuple[Case, Edition]:
        there = [r for r in records if r.accepted and (as_of is None or r.day <= as_of)]
        moves = (r for r in reversed(there) if r.type_name == EditionMoved.type_name and not r.is_request)
        pinned = next(moves, there[0])
        newest = self.registry.newest(pinned.edition)
        if newest is None:
            raise InputError([Problem("case", f"a case of {pinned.edition_id}, which no installed plugin offers", "that plugin")])
        empty = newest.case(case)
        return fold(records, empty, self.read) if as_of is None else fold_as_of(records, empty, self.read, as_of), newest

    def _as_under(self, case: Case, edition: Edition, rules: str) -> tuple[Case, Edition]:
        other = self.edition_named(edition, rules, "rules")
        return placed(case, edition, other), other

    def edition_named(self, edition: Edition, name: str, path: str) -> Edition:
        """The edition so named, ``2004`` or ``widgets/2004``, of the same program.

        Raises:
            InputError: there is none; *path* says where it was asked for.
        """
        program = self.registry.programs[edition.program]
        own, slash, rest = name.partition("/")
        found = program.edition(rest if slash else own) if own == program.name or not slash else None
        if found is None:
            known = ", ".join(dict.fromkeys(e.id for e in program.editions))
            raise InputError([Problem(path, f"the edition {shown(name)}", f"one of {known}")])
        return found

    def _to_begin(self, case: str, event: Event | None) -> Edition:
        if not isinstance(event, Beginning):
            raise UnknownCaseError([unknown_case(case)])
        program = self.registry.programs.get(event.program)
        if program is None:
            known = ", ".join(self.registry.programs) or "none is installed"
            raise InputError([Problem("payload.program", f"the program {shown(event.program)}", f"an installed one: {known}")])
        edition = program.edition(program.announcements.get(event.announcement, ""))
        if edition is None:
            known = ", ".join(program.announcements)
            raise InputError([Problem("payload.announcement", f"the announcement {shown(event.announcement)}", f"one of {known}")])
        return edition

    def _under(self, case: Case, edition: Edition, event: Event) -> tuple[Case, Edition]:
        """The case and the edition that judges *event*: its own, but for a move to another edition, which that one judges."""
        if not isinstance(event, EditionMoved):
            return case, edition
        to = content_of(event).get("to")
        target = None if to is None else self.registry.programs[edition.program].edition(str(to))
        if target is None or target.name == edition.name:
            return case, edition
        return attrs.evolve(case, parameters=target.values), target

    def _no_target(self, edition: Edition, event: Event) -> list[Problem]:
        """What is wrong where a case is to be moved to an edition that there is none of, or that it is under."""
        if not isinstance(event, EditionMoved):
            return []
        to = content_of(event).get("to")
        names = dict.fromkeys(e.name for e in self.registry.programs[edition.program].editions if e.name != edition.name)
        if to in names:
            return []
        what = "nothing" if to is None else f"the edition {shown(str(to))}"
        return [Problem("payload.to", what, f"another edition of the program: {', '.join(names) or 'it has none'}")]

    def _remember(self, newest: Record, folded: Case, edition: Edition) -> None:
        """Keep the folded case, of which this is the newest record; one found otherwise is brought up to date, or folded anew."""
        if len(self._folded) >= REMEMBERED:
            self._folded.clear()
        self._folded[folded.id] = (newest, folded, edition)


def placed(case: Case, edition: Edition, other: Edition) -> Case:
    """The case as it is looked at under another edition of its program.

    Raises:
        InputError: the other edition has no place for its stage.
    """
    return placed_from(case, edition.name, other)


def placed_from(case: Case, name: str, other: Edition) -> Case:
    """The same of a case of the edition so named, which need not be installed."""
    if other.name == name:
        return case
    stages = next((t.stages for t in other.takes if t.edition == name), {})
    state = stages.get(case.state, case.state)
    if state not in {*other.lifecycle.stages, *other.lifecycle.exits}:
        raise InputError([Problem("rules", f"a case in {case.state}, for which {other.id} has no place", "another edition")])
    return attrs.evolve(case, state=state, parameters=other.values, edition=other.id)


def unknown_case(case: str) -> Problem:
    """What is wrong where a case has not begun."""
    return Problem("case", f"the case {shown(case)}, which has not begun", A_CASE)
