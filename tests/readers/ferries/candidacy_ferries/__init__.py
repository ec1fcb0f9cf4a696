"""Harbor and Ferries Commission: the Ferry Masters' Executive Program."""

from collections.abc import Iterable
from datetime import date

import candidacy as c

from . import rules as r

CANDIDACY_API = 2

ON = "participating"
MOVES = (
    c.Move(c.NOT_BEGUN, c.CandidateSelected, ON),
    c.Move(ON, c.ProgramCompleted, "completed"),
    c.Move(ON, c.Withdrawn, "withdrawn"),
    c.Move(ON, c.Discontinued, "discontinued"),
    *(c.Move(ON, kind, ON) for kind in (r.MentorNamed, r.VoyageBegun, c.JudgementGiven)),
)
LIFECYCLE = c.Lifecycle((ON, "completed"), ("withdrawn", "discontinued"), MOVES)
MENTOR = c.Role(r.MENTOR, apart_from=(r.PARTICIPANT,), named_by=((r.MentorNamed, "mentor"),))
ROLES = (c.Role(r.PARTICIPANT), c.Role(r.OFFICE), c.Role(r.BOARD), MENTOR, c.Role(r.PORT), c.Role(r.HOST, apart_from=(r.PARTICIPANT,)))
ENTERED_BY = c.by_role({
    r.PARTICIPANT: (r.MentorNamed, r.VoyageBegun, r.VoyageEnded, r.TrainingCompleted, r.ExtensionAskedFor, r.TalkHeld, c.Withdrawn),
    r.OFFICE: (c.CandidateSelected, r.MasterRecorded, r.ChainRecorded, r.SessionAttended, r.LicenceRecorded, c.Discontinued, c.ProgramCompleted, c.EditionMoved),
    r.BOARD: (c.JudgementGiven,),
    r.MENTOR: (r.LetterWritten,),
    r.PORT: (c.RoleGiven,),
    r.HOST: (r.VoyageConfirmed,),
})
G, MUST, MAY, INFO, SHOULD = r.GUIDE, c.Force.MUST, c.Force.MAY, c.Force.INFO, c.Force.SHOULD
RULES = (*r.BEFORE, *r.DURING, *r.AT_THE_END)
BESIDE = {"H-07": (r.DAYS,), "H-08": (r.LONGEST,), "H-09": (r.LENT,), "H-11": (r.HOURS,), "H-13": (r.SAFETY,), "H-14": (r.SESSIONS,)}
BESIDE |= {"H-03": (r.a_mentor_is_named,), "H-15": (r.MADE_UP,), "H-18": (r.FIT,)}
CATALOGUE = (
    *(c.Statement(at, MUST if rule.binding else SHOULD, rule.requirement, rule.citation, (rule, *BESIDE.get(at, ()))) for rule in RULES if rule is not r.a_mentor_is_named for at in rule.citation.requirements),
    G.says("H-01", INFO, (7, 12), "The Commission and the Port Authority run the program together.", c.NotModelled("the roles say who belongs where")),
    G.says("H-02", MUST, 16, "The program office selects participants under an announcement.", c.LifecycleMove(c.CandidateSelected)),
    G.says("H-20", MUST, (56, 58), "The letter is for the board and this judgement alone.", r.LETTERS, c.FormField(r.LetterWritten, "letter")),
    G.says("H-22", MAY, 63, "A participant may withdraw at any time.", c.LifecycleMove(c.Withdrawn)),
    r.CHANGE.says("A-01", MUST, (70, 71), "The voyage assignments come to 210 calendar days.", r.DAYS),
    r.CHANGE.says("A-02", MUST, (71, 72), "20 hours of the training deal with safety at sea.", r.SAFETY),
    r.CHANGE.says("A-03", MAY, (72, 75), "The program office may let the class of 2021 move.", c.EditionMoved),
    r.CHANGE.says("A-04", INFO, (75, 76), "The days of the sessions of the class of 2022.", r.SESSIONS),
)


def edition(name: str, since: date, *takes: c.Takes) -> c.Edition:
    """What both editions share."""
    return c.Edition(
        "ferries", name, 1, since, LIFECYCLE, ROLES, ENTERED_BY, RULES,
        parameters=(r.DAYS, r.LONGEST, r.LENT, r.HOURS, r.SAFETY, r.SESSIONS),
        strands=(r.VOYAGES,), questions=(r.FIT, r.MADE_UP), authorities=(r.GUIDE, r.CHANGE),
        confidential=(r.LETTERS,), clocks=(r.PERIOD,), takes=takes, catalogue=CATALOGUE,
    )


FIRST = edition("2021", r.APPROVED)
AMENDED = edition("2022", r.LATER, c.Takes("2021", {ON: ON}, reading="what they have stays"))
PROGRAM = c.Program("ferries", "Ferry Masters' Executive Program", (FIRST, AMENDED), {"class-of-2021": "2021", "class-of-2022": "2022"})


@c.hookimpl
def candidacy_programs() -> Iterable[c.Program]:
    """The one program of the agency."""
    return [PROGRAM]
