"""What can go wrong, one class per situation a caller handles differently.

A refusal is not an error: it is a Decision. Sentences name the thing, what was found and what was needed;
they echo no personal data.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs


def why(wrong: Exception) -> str:
    """What the system says of an error, without naming anything: such as no space left on device."""
    return wrong.strerror.lower() if isinstance(wrong, OSError) and wrong.strerror else type(wrong).__name__


@attrs.frozen
class Problem:
    """One thing that is wrong: where (a path into the document), what was found, what was needed."""

    path: str
    found: str
    needed: str

    def as_data(self) -> dict[str, str]:
        """As plain values."""
        return {"path": self.path, "found": self.found, "needed": self.needed}

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}found {self.found}; needed {self.needed}"


class CandidacyError(Exception):
    """Base of every error this package raises on purpose."""


class InputError(CandidacyError):
    """A document or command that cannot be understood. Nothing was entered.

    ``problems`` holds everything that is wrong with it, not only the first.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(str(p) for p in self.problems))


def refuse_other_types(**given: tuple[object, type | tuple[type, ...]]) -> None:
    """Refuse arguments of other types than they are declared with, by name; a day is a date without a time.

    Raises:
        InputError: naming each.
    """
    problems = []
    for name, (value, kinds) in given.items():
        asked = kinds if isinstance(kinds, tuple) else (kinds,)
        fits = isinstance(value, asked) and not (isinstance(value, datetime | bool) and type(value) not in asked)
        if not fits:
            needed = " or ".join("None" if kind is type(None) else _a(kind) for kind in asked)
            problems.append(Problem(name, "None" if value is None else _a(type(value)), needed))
    if problems:
        raise InputError(problems)


def _a(kind: type) -> str:
    return f"{'an' if kind.__name__[0] in 'AEIOUaeiou' else 'a'} {kind.__name__}"


class UnknownCaseError(InputError):
    """The only thing that is wrong: the case has not begun in this ledger."""


class DefinitionError(CandidacyError):
    """A program, rule or event that contradicts itself: for the author of a plugin."""

    def __init__(self, subject: str, problems: Iterable[str]) -> None:
        self.subject = subject
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__(f"{subject}: " * bool(subject) + "; ".join(self.problems))


class MissingValueError(CandidacyError):
    """A parameter has no value in the edition the case is pinned to. The rule that asked is undetermined."""

    def __init__(self, parameter: str) -> None:
        self.parameter = parameter
        super().__init__(f"no value of {parameter!r} in the edition this case is pinned to")


class OpenFieldError(CandidacyError):
    """A rule asked for a field that has no content yet (a planned or merely considered event)."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"the field {field!r} has no content yet")


class OvertakenError(CandidacyError):
    """The command named a version of the case that others have passed. Nothing was entered."""

    def __init__(self, case: str, expected: int, found: int, between: Sequence[str] = ()) -> None:
        self.case, self.expected, self.found, self.between = case, expected, found, tuple(between)
        came = f": since then {', '.join(between)}" if between else ""
        super().__init__(f"case {case}: the command expects version {expected}, found version {found}{came}")


class CommandIdReusedError(CandidacyError):
    """The command's id was used before, with other content. Nothing was entered."""

    def __init__(self, command: str, index: int) -> None:
        self.command, self.index = command, index
        super().__init__(f"command {command}: found the same id with other content in record {index}; needed a new id")


class OutputError(CandidacyError):
    """A file cannot be written where it was asked for. Nothing was left there."""


class LedgerError(CandidacyError):
    """The ledger cannot be used: it is not there, not a ledger, not writable, or set up unsafely."""


class LedgerBusyError(LedgerError):
    """Another writer held the ledger for longer than the time-out. Nothing was entered; try again."""


class UnknownOutcomeError(LedgerError):
    """Whether what was sent was kept is not known. Send it again under its id: if it was kept, it is answered from its record."""

    def __init__(self, where: str, why: str) -> None:
        self.why = why
        known = "whether it was kept is not known; send the same again under the same id: nothing is entered twice"
        super().__init__(f"{where}: cannot be read or written ({why}); {known}")


class NewerFormatError(LedgerError):
    """A record is written in a format this version does not know."""

    def __init__(self, index: int, found: int, known: int) -> None:
        self.index, self.found, self.known = index, found, known
        super().__init__(f"record {index}: found format {found}; needed format {known} or older: use a newer version of candidacy")


class DamagedRecordError(LedgerError):
    """A stored record is not what was hashed, or cannot be read."""

    def __init__(self, index: int, what: str) -> None:
        self.index, self.what = index, what
        super().__init__(f"record {index}: {what}; `candidacy verify` names everything that is wrong")


class InconsistentLedgerError(LedgerError):
    """A ledger that does not verify, or no longer holds what a checkpoint says. ``failures`` holds everything that was found."""

    def __init__(self, where: str, failures: Iterable[str]) -> None:
        self.where = where
        self.failures: tuple[str, ...] = tuple(failures)
        super().__init__("; ".join(f"{where}: {failure}" for failure in self.failures))


class FailedPacketError(LedgerError):
    """A packet or an export whose files or records are not what it says. ``failures`` holds every one that was found."""

    def __init__(self, where: str, failures: Iterable[str]) -> None:
        self.failures: tuple[str, ...] = tuple(failures)
        super().__init__("; ".join(f"{where}: {failure}" for failure in self.failures))


def twice(what: str, names: list[str]) -> list[str]:
    """What is wrong where a name stands more than once."""
    return [f"{what} {name!r} is declared twice" for name in sorted({n for n in names if names.count(n) > 1})]
