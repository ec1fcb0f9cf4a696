"""OPM: the federal floor under the agencies' programs, and the calendar by which its days are counted."""

from collections.abc import Iterable

from candidacy import Program, hookimpl
from candidacy_opm.calendar import FEDERAL, HOLIDAYS, WITH_CLOSURES
from candidacy_opm.ecqs import QUALIFICATIONS, VOCABULARIES, Vocabulary, VocabularyName, in_effect
from candidacy_opm.floor import Floor
from candidacy_opm.later import FINAL_RULE
from candidacy_opm.regulation import CFR, IN_FORCE, PARAMETERS, SCHEDULE_B, SERVICE
from candidacy_opm.successor import Successor

CANDIDACY_API = 2
"""The version of the API that this package is written for."""

__all__ = [
    "CANDIDACY_API",
    "CFR",
    "FEDERAL",
    "FINAL_RULE",
    "HOLIDAYS",
    "IN_FORCE",
    "PARAMETERS",
    "QUALIFICATIONS",
    "SCHEDULE_B",
    "SERVICE",
    "VOCABULARIES",
    "WITH_CLOSURES",
    "Floor",
    "Successor",
    "Vocabulary",
    "VocabularyName",
    "in_effect",
]


@hookimpl
def candidacy_programs() -> Iterable[Program]:
    """No program of its own yet: agencies name its authorities in theirs."""
    return []
