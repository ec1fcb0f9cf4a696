"""5 CFR 412.302, clause by clause: what stands for each, in a program that puts the floor on top of its own rules."""

from collections.abc import Iterator, Mapping

from candidacy import Force, NotModelled, PlanApproved, Question, Rule, Statement
from candidacy_opm import regulation as r

# fmt: off
# A table: what is said, and what stands for it.
MUST, MAY, INFO, says = Force.MUST, Force.MAY, Force.INFO, r.CFR.says


def clauses(rules: Mapping[str, Rule], capable: Question) -> Iterator[Statement]:
    """The clauses in the order of the regulation; *rules*, by name; *capable*, what the board is asked of a mentor."""

    def told(rule: str, why_not: str) -> Rule | NotModelled:
        return rules.get(rule) or NotModelled(why_not)

    yield says("R-01", MUST, "(a) and (c)", "A program takes twelve months or more.",
               rules["twelve_months_in_the_program"], r.LENGTH)
    yield says("R-02", MUST, "(a)", "The board answers for recruitment, merit staffing and assessment.",
               NotModelled("recruitment and staffing lie before a candidate's case begins"))
    yield says("R-03", MUST, "(a)", "The board oversees development, progress and graduation.",
               NotModelled("who decides each step is the agency's own edition; graduation and certification are two acts there"))
    submission = rules.get("submitted_within_ninety_work_days_of_graduation")
    unsent = NotModelled("the program's own document sends nobody to a QRB and names no act for it")
    yield says("R-04", MUST, "(a)", "Graduates whom the board finds qualified go to the QRB within 90 work days.",
               *((submission, r.SUBMISSION) if submission else (unsent,)))
    yield says("R-05", MUST, "(a)", "There is a written policy on removal, which the board oversees.",
               NotModelled("a document of the program as a whole; what the agency's says of removal is in its own rules"))
    yield says("R-06", MUST, "(b)", "Recruitment is from the whole civil service, or from all qualified people.",
               NotModelled("recruitment lies before a candidate's case begins"))
    yield says("R-07", MUST, "(b)", "The size of a class follows the vacancies that are expected.",
               NotModelled("it concerns a class as a whole, and a case is one candidate's"))
    yield says("R-08", MUST, "(c)", "Nobody graduates who has not completed the agency's own program.",
               NotModelled("no rule of its own: the agency's rules stand beside these, and both are asked"))
    yield says("R-09", MUST, "(c)(1)", "There is a plan from an assessment of needs, and the board has approved it.",
               rules["development_plan_is_approved"], PlanApproved)
    yield says("R-10", MUST, "(c)(2)", "80 hours or more of interagency or multi-sector training on the ECQs.",
               rules["eighty_hours_across_agencies_or_sectors"], r.HOURS)
    yield says("R-11", MUST, "(c)(3)", "Four months or more of full-time service on developmental assignments.",
               rules["four_months_of_full_time_service"], r.SERVICE)
    yield says("R-12", MUST, "(c)(3)", "One of them takes 90 continuous days in another position than the one of record.",
               rules["ninety_continuous_days_elsewhere"], r.CONTINUOUS)
    yield says("R-13", MUST, "(c)(3)", "Assignments bring executive responsibility and differ from those of before.",
               NotModelled("it asks for the candidate's whole career, which no case holds; the board approves the plan"))
    yield says("R-14", MAY, "(c)(3)", "Assignments may lie outside the agency or the government, within law and ethics.",
               NotModelled("a liberty; where an agency asks for less, its own rules say so"))
    yield says("R-15", MUST, "(c)(3)", "The candidate answers for results of the organization.",
               NotModelled("how it is shown is not said; evaluations of assignments are the agency's own"))
    yield says("R-16", MUST, "(c)(3)", "With a host outside the government the board documents what it decides.",
               NotModelled("no agency here has such hosts; one that has them declares the fact and the board's act"))
    yield says("R-17", MUST, "(c)(4)", "The mentor is in the SES, or the board finds that they have the capacity.",
               rules["mentor_is_in_the_ses_or_found_capable"], capable)
    yield says("R-18", MUST, "(c)(4)", "The agency assesses mentoring, helps it, and changes it where it must.",
               NotModelled("how often is not said; a pairing ends and another begins in every program here"))
    yield says("R-19", MUST, "(d)(1)", "Without a career appointment one takes part under Schedule B alone.",
               NotModelled("the agency records the appointment; its three years are a rule of another section, beside these"))
    yield says("R-20", MUST, "(d)(2)", "Who has a career appointment keeps it, and may go on after a move if approved.",
               told("employing_agency_approves_after_each_move", "the program has no fact of such an approval"))
    yield says("R-21", INFO, "(d)(2)", "Selection for a program gives no right to promotion.",
               NotModelled("nothing is to be done or to be checked here"))
    yield says("R-22", MUST, "(d)(3)", "A candidate of another agency has an agreement of both, signed before the start.",
               told("agreement_of_both_agencies_is_signed", "the program has no fact of such an agreement"))
    yield says("R-23", MUST, "(d)(4)", "The employing agency may end the participation.",
               NotModelled("an exit of every lifecycle here: discontinued, which is another than removed"))
    yield says("R-24", INFO, "(d)(5)", "What counts as a career appointment is defined.",
               NotModelled("a definition of words; which kind it is, the agency records"))
