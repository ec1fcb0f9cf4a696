"""The rule of 2026 as far as it is known: that it exists. Its day, its number and its text were not found."""

from datetime import date
from typing import TYPE_CHECKING

from candidacy import Act, Authority, Case, Check, Rule, does_not_apply, holds

if TYPE_CHECKING:
    from candidacy_opm.floor import Floor

FINAL_RULE = Authority(
    "opm",
    title="5 CFR part 412 as amended by OPM's final rule of 2026 (number and date not found)",
    publisher="Office of Personnel Management",
    obtain="neither its number, its date nor its text was found; it was proposed on 2025-12-18 as 90 FR 59072, RIN 3206-AO89",
)
SECTION = "of a number not found"
LAST_SEEN = date(2026, 3, 24)
"""The last day on which the regulation of 2009 was seen to be in force."""


def notice(of: "Floor") -> Rule:
    """Advice before graduation, from the day after the regulation of 2009 was last seen in force."""

    @FINAL_RULE.advises(
        before=of.graduated, at="RULE-2026", section=SECTION,
        reading="the regulation of 2009 was seen in force on 2026-03-24, and a final rule of 2026 is told of at second hand: it "
        "shows, and blocks nothing, until an agency puts its numbers in by a document of its own",
    )  # fmt: skip
    def rule_of_2026_is_known_to_exist(case: Case, end: Act, day: date) -> Check:
        """A later rule is known to exist; what it asks of this case cannot be told before its text is found."""
        if day <= LAST_SEEN:
            return does_not_apply("the-regulation-of-2009-was-in-force")
        return holds(None, "the-text-of-the-rule-of-2026", last_seen=LAST_SEEN)

    return rule_of_2026_is_known_to_exist
