"""Asking a rule or a guard, whatever it may raise."""

from collections.abc import Callable

import attrs

from candidacy.case import Case
from candidacy.check import Check, holds
from candidacy.errors import MissingValueError, OpenFieldError


@attrs.frozen
class Judged:
    """What one rule, or a guard of the engine, says of an event."""

    rule: str
    check: Check
    binding: bool

    @property
    def refuses(self) -> bool:
        """Whether an act cannot be accepted with it."""
        return self.binding and not self.check.good


def answer(ask: Callable[[Case], Check], case: Case) -> Check:
    """What is answered. A rule that raises is undetermined; so is one that asks for what is not known."""
    view = case.watched()
    try:
        check = ask(view)
        if not isinstance(check, Check):
            raise TypeError  # noqa: TRY301 (an answer of another type is a failure of the rule like any other)
        return check.resting(view.seen)
    except MissingValueError as missing:
        check = holds(None, "a-value-of-the-parameter", parameter=missing.parameter)
    except OpenFieldError as missing:
        check = holds(None, "content-of-the-field", field=missing.field)
    except KeyboardInterrupt:
        raise
    except BaseException as failure:  # noqa: BLE001 (a rule may raise anything, even the wish to exit)
        check = failed(failure)
    return check.resting(view.seen)


def failed(failure: BaseException) -> Check:
    """What is said where a rule raised: its exception's name, no message."""
    name = type(failure).__name__
    return holds(None, "an-answer", failure=name if name.isidentifier() and name.isascii() else "Exception")
