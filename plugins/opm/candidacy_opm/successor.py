"""The rule of 2026 on candidate development programs: known to exist, its text and its numbers not found.

Its rules stand where the floor's do and ask the same of a case. Their numbers have no value, so that whatever they stand
before is undetermined and says which number nobody has. An agency that knows one sets it by a document of its own; each
finding then says on whose word.
"""

from datetime import date
from functools import cached_property
from typing import Any

import attrs

from candidacy import Act, Case, Check, Citation, Force, NotModelled, Parameter, Rule, Span, Statement
from candidacy_opm.floor import Floor
from candidacy_opm.later import FINAL_RULE, SECTION

NOT_FOUND = "the final rule is known to exist and was not found; its number is set by an agency on its own word, or by nobody"
LENGTH: Parameter[Span] = Parameter("rule of 2026: least length of a program", "months", (), reading=NOT_FOUND)
ASSIGNMENTS: Parameter[Span] = Parameter("rule of 2026: developmental assignments", "months", (), reading=NOT_FOUND)
TRAINING: Parameter[int] = Parameter("rule of 2026: training", "hours", (), reading=NOT_FOUND)


@attrs.frozen(slots=False)
class Successor:
    """What is known of the rule of 2026, on top of a floor that says what it asks in the program's own events.

    Attributes:
        length, assignments, training: its numbers. Without a value as here; or set by an authority of the agency's own, which the
            edition then lists among its authorities: ``Successor(FLOOR, length=MEMORANDUM.sets(…))``.
    """

    floor: Floor
    length: Parameter[Span] = LENGTH
    assignments: Parameter[Span] = ASSIGNMENTS
    training: Parameter[int] = TRAINING

    @property
    def parameters(self) -> tuple[Parameter[Any], ...]:
        """Its numbers, for the edition."""
        return (self.length, self.assignments, self.training)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """What stands before graduation because of it."""
        return (self._length(), self._assignments(), self._training())

    @cached_property
    def catalogue(self) -> tuple[Statement, ...]:
        """What is known that it speaks of, and what stands for each in such a program."""
        says, (length, assignments, training) = FINAL_RULE.says, self.rules
        unknown = NotModelled("its text was not found, and nothing is made up in its place")
        return (
            says("RULE-2026-1", Force.INFO, SECTION, "It may speak of the length of a program; which, was not found.", length),
            says(
                "RULE-2026-2",
                Force.INFO,
                SECTION,
                "It may speak of assignments; how long, was not found.",
                assignments,
            ),
            says("RULE-2026-3", Force.INFO, SECTION, "It may speak of training; how much, was not found.", training),
            says("RULE-2026-4", Force.INFO, SECTION, "What else it asks of agencies and candidates.", unknown),
        )

    def _length(self) -> Rule:
        @FINAL_RULE.requires(before=self.floor.graduated, at="RULE-2026-1", section=SECTION, reading=NOT_FOUND)
        def program_is_as_long_as_the_rule_of_2026_asks(case: Case, end: Act, day: date) -> Check:
            """The program lasts as long as the rule of 2026 asks."""
            return _on_whose_word(self.length, self.floor.lasts(case, day, self.length, what="the-length-of-the-rule-of-2026"))

        return _citing_both(program_is_as_long_as_the_rule_of_2026_asks, self.length)

    def _assignments(self) -> Rule:
        @FINAL_RULE.requires(
            before=self.floor.graduated, at="RULE-2026-2", section=SECTION,
            reading=f"{NOT_FOUND}; what counts is taken to be what counts under the regulation of 2009",
        )  # fmt: skip
        def assignments_are_as_long_as_the_rule_of_2026_asks(case: Case, end: Act, day: date) -> Check:
            """Developmental assignments take as long as the rule of 2026 asks."""
            return _on_whose_word(self.assignments, self.floor.serves(case, day, self.assignments))

        return _citing_both(assignments_are_as_long_as_the_rule_of_2026_asks, self.assignments)

    def _training(self) -> Rule:
        @FINAL_RULE.requires(
            before=self.floor.graduated, at="RULE-2026-3", section=SECTION,
            reading=f"{NOT_FOUND}; what counts is taken to be what counts under the regulation of 2009",
        )  # fmt: skip
        def training_is_as_much_as_the_rule_of_2026_asks(case: Case, end: Act, day: date) -> Check:
            """Training comes to as much as the rule of 2026 asks."""
            return _on_whose_word(self.training, self.floor.trains(case, self.training))

        return _citing_both(training_is_as_much_as_the_rule_of_2026_asks, self.training)


def _cited(parameter: Parameter[Any]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(value.citation for value in parameter.values))


def _on_whose_word(parameter: Parameter[Any], check: Check) -> Check:
    """*check*, which says which document set the number: another than the rule that it stands for."""
    documents = tuple(dict.fromkeys(cited.document for cited in _cited(parameter)))
    word = documents[0] if len(documents) == 1 else documents
    return attrs.evolve(check, observed={**check.observed, "on_the_word_of": word})


def _citing_both(rule: Rule, parameter: Parameter[Any]) -> Rule:
    """*rule*, cited with what set its number, where anything has."""
    if not parameter.values:
        return rule
    words = "; ".join(map(str, _cited(parameter)))
    section = f"{rule.citation.section}; its number on the word of {words}"
    return attrs.evolve(rule, citation=attrs.evolve(rule.citation, section=section))
