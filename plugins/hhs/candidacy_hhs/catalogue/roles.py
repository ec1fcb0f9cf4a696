"""HHS-129 to HHS-162: what candidates, mentors, assignment supervisors and the board are there for."""

from candidacy import (
    CandidateGraduated,
    CandidateSelected,
    EngineGuard,
    Force,
    FormField,
    LifecycleMove,
    NotModelled,
    PlanApproved,
    PlanSubmitted,
    StrandStep,
    Vocabulary,
)
from candidacy_hhs import assignment as a
from candidacy_hhs import authority as au
from candidacy_hhs import events as e
from candidacy_hhs import mentoring as m
from candidacy_hhs import plan as p
from candidacy_hhs import reviews as v
from candidacy_hhs import rules as r
from candidacy_hhs import training as t

# fmt: off
# A table: what is said, and what stands for it.
MUST, SHOULD, MAY, INFO, says = Force.MUST, Force.SHOULD, Force.MAY, Force.INFO, au.GUIDELINES.says

PARTICIPANTS = (
    says("HHS-129", INFO, 286, "Candidates were screened with care before they were chosen.",
         LifecycleMove(CandidateSelected),
         NotModelled("the screening lies before the case begins")),
    says("HHS-130", MUST, 288, "They take every session until they ask for certification; orientation and two core ones at least.",
         t.sessions_are_attended,
         t.CORE_SESSIONS),
    says("HHS-131", MUST, 290, "They make the plan together with supervisor of record and mentor.",
         p.plan_is_made_in_consultation),
    says("HHS-132", MUST, 292, "They give the coordinator a draft of the plan.",
         LifecycleMove(PlanSubmitted)),
    says("HHS-133", MUST, 294, "They send the approved plan to supervisor and mentor.",
         p.final_plan_is_forwarded,
         Vocabulary(p.FinalPlanForwarded, "recipient")),
    says("HHS-134", MUST, 296, "They hand in the papers of what they do in good time.",
         t.PAPERS_DUE,
         e.DocumentFiled),
    says("HHS-135", SHOULD, 298, "They find assignments of varied duties for themselves.",
         StrandStep(e.ASSIGNMENTS)),
    says("HHS-136", MUST, 300, "They talk with supervisor, mentor and coordinator about their progress.",
         m.progress_is_discussed_with_all_three),
    says("HHS-137", SHOULD, 302, "They go on asking the mentor for advice on their career.",
         Vocabulary(m.MentorMet, "topics")),
    says("HHS-138", MUST, 304, "They carry the plan out.",
         p.planned_activities_are_completed),
    says("HHS-139", MUST, 306, "They behave as becomes the department.",
         NotModelled("no standard is given against which a case could be checked; who falls short is a matter of the "
                     "manager's review and the board's recommendation, which are modelled")),
    says("HHS-140", MUST, 306, "They keep out of conflicts of interest, and of what looks like one.",
         a.assignments_are_free_of_conflict),
    says("HHS-141", MUST, 308, "They take part in the evaluation of the program.",
         v.everybody_evaluates_the_program),
)

MENTORS = (
    says("HHS-142", SHOULD, 316, "Mentors coach, and bring candidates together with others.",
         Vocabulary(m.MentorMet, "topics")),
    says("HHS-143", SHOULD, 318, "They help around obstacles.",
         Vocabulary(m.MentorMet, "topics")),
    says("HHS-144", MUST, 320, "They speak openly of strengths and needs, and help with the plan.",
         p.plan_is_made_in_consultation),
    says("HHS-145", MAY, 322, "Where needed they talk of needs with supervisor of record and board.",
         m.NEEDS,
         Vocabulary(m.NeedsDiscussed, "to")),
    says("HHS-146", SHOULD, 324, "They look for assignments with those who could supervise them.",
         Vocabulary(m.MentorMet, "topics")),
    says("HHS-147", MUST, 326, "They are regularly there for the candidate.",
         m.mentor_meets_the_candidate),
    says("HHS-148", INFO, 328, "They are an example of an executive.",
         NotModelled("a quality of the person; nothing is to be done or recorded")),
    says("HHS-149", SHOULD, 331, "They talk about progress towards the goals.",
         m.progress_is_discussed_with_all_three),
    says("HHS-150", MUST, 333, "They talk about what each assignment brought.",
         m.assignment_outcomes_are_discussed),
    says("HHS-151", MAY, 335, "Where needed they take concerns to coordinator or manager.",
         m.CONCERNS,
         Vocabulary(m.ConcernDiscussed, "to")),
    says("HHS-152", MUST, 337, "They take part in the evaluation at the end.",
         v.everybody_evaluates_the_program),
)

SUPERVISORS = (
    says("HHS-153", MUST, 345, "Assignment supervisors take candidates on for a time, with equal opportunity.",
         a.assignment_is_given_with_equal_opportunity,
         FormField(a.AssignmentAgreed, "equal_opportunity")),
    says("HHS-154", MUST, 347, "They lead and guide the candidate from day to day.",
         NotModelled("daily leadership leaves no record; what comes of it is in the evaluation at the end")),
    says("HHS-155", MUST, 349, "At the end they evaluate progress in the competencies aimed at.",
         a.progress_is_evaluated),
    says("HHS-156", MUST, 351, "They give feedback to mentor, supervisor of record and coordinator.",
         a.feedback_reaches_all_three,
         Vocabulary(a.FeedbackGiven, "recipient")),
)

BOARD = (
    says("HHS-157", INFO, 357, "The board is named in two ways, for resources and for review.",
         EngineGuard("role")),
    says("HHS-158", INFO, 360, "It advises the Secretary.",
         r.board_recommends_removal,
         EngineGuard("role")),
    says("HHS-159", MUST, 362, "It reviews and approves the plans.",
         LifecycleMove(PlanApproved),
         EngineGuard("role")),
    says("HHS-160", MUST, 364, "It recommends to the QRB whom to certify.",
         LifecycleMove(CandidateGraduated)),
    says("HHS-161", MUST, 366, "It recommends removal where performance is not successful.",
         r.board_recommends_removal),
    says("HHS-162", MAY, 368, "It oversees the program as it sees fit.",
         NotModelled("oversight of the program as a whole; what the board does in a case is its acts there")),
)
