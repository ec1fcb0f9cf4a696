"""HHS-040 to HHS-076: assignments, training, readings, evaluations, the mid-program review."""

from candidacy import Force, FormField, NotModelled, Vocabulary
from candidacy_hhs import assignment as a
from candidacy_hhs import authority as au
from candidacy_hhs import events as e
from candidacy_hhs import package as k
from candidacy_hhs import plan as p
from candidacy_hhs import reviews as v
from candidacy_hhs import rules as r
from candidacy_hhs import training as t

# fmt: off
# A table: what is said, and what stands for it.
MUST, SHOULD, MAY, INFO, says = Force.MUST, Force.SHOULD, Force.MAY, Force.INFO, au.GUIDELINES.says

ASSIGNMENTS = (
    says("HHS-040", SHOULD, 100, "Assignments give many kinds of experience.",
         NotModelled("how wide is wide enough is not said, and nobody is named to judge it; the board sees the plan")),
    says("HHS-041", SHOULD, 100, "Candidates look for demanding work that is seen in the organization.",
         NotModelled("an encouragement without a measure and without anybody who judges it")),
    says("HHS-042", INFO, 100, "How long one lasts depends on what candidate and receiving organization need.",
         FormField(a.AssignmentAgreed, "last")),
    says("HHS-043", MUST, 102, "The plan has two assignments of 60 calendar days or more each, or one of 120.",
         p.planned_assignments_are_long_enough,
         au.SHORT,
         au.LONG),
    says("HHS-044", MUST, 102, "Whoever comes from outside HHS has every assignment inside it.",
         r.outsiders_are_assigned_inside_hhs),
    says("HHS-045", MAY, 104, "A task force or a workgroup may be in the plan, for leading or for another skill.",
         FormField(p.PlanDrawnUp, "short_term")),
    says("HHS-046", SHOULD, 106, "HHS takes pains to find assignments that fit the candidate.",
         NotModelled("an effort of the department as a whole; whether an assignment is agreed on is recorded")),
    says("HHS-047", SHOULD, 106, "Assignments serve the ECQs in which the candidate is to grow.",
         p.planned_assignments_serve_what_was_assessed),
    says("HHS-048", SHOULD, 108, "Once agreed on, an assignment is told to the coordinator by e-mail and put on record.",
         a.coordinator_is_notified),
)

TRAINING = (
    says("HHS-049", MUST, 118, "OPM wants 80 hours of interagency training of every such program.",
         r.eighty_hours_of_interagency_training,
         au.HOURS),
    says("HHS-050", MUST, 118, "Interagency is training together with people from outside HHS.",
         FormField(e.TrainingCompleted, "interagency"),
         r.eighty_hours_of_interagency_training),
    says("HHS-051", INFO, 120, "Such courses are usually OPM's, at its institute and centers.",
         NotModelled("usual providers, not the only ones: no course counts less because another gave it")),
    says("HHS-052", MUST, 122, "The hours count from 18 months before the announcement on.",
         r.training_lies_within_the_credit_window,
         r.training_is_recent_enough_to_count,
         r.announcement_lies_in_the_month_named,
         au.LOOK_BACK,
         au.ANNOUNCED),
    says("HHS-053", INFO, 122, "The announcement dates from January 2004; no day is given.",
         au.ANNOUNCED,
         e.AnnouncementDated),
    says("HHS-054", MUST, 124, "Candidates also take the quarterly core sessions.",
         t.sessions_are_attended),
    says("HHS-055", INFO, 124, "The sessions treat the ECQs in the light of the department's mission, and real issues.",
         NotModelled("what a session treats is the program office's; nothing is asked of the candidate beyond taking part")),
    says("HHS-056", INFO, 124, "What they treat was still open.",
         NotModelled("an open item of the guidelines themselves; sessions are planned and kept by id alone")),
    says("HHS-057", MUST, 124, "Sessions of three days are held in each quarter of the first year after orientation.",
         t.sessions_last_three_days,
         t.SESSION_DAYS,
         FormField(t.SessionHeld, "quarter")),
    says("HHS-058", INFO, 124, "They are held around Washington.",
         Vocabulary(t.SessionHeld, "place")),
    says("HHS-059", MAY, 128, "Candidates are encouraged to read about executive leadership.",
         FormField(p.PlanDrawnUp, "readings")),
    says("HHS-060", MAY, 128, "Readings may stand in the plan.",
         FormField(p.PlanDrawnUp, "readings")),
)

EVALUATION = (
    says("HHS-061", MUST, 135, "At its beginning supervisor and candidate set objectives, for the organization and the person.",
         a.objectives_are_set_at_the_beginning,
         a.OBJECTIVES_DUE),
    says("HHS-062", MUST, 135, "By the middle of the assignment at the latest its supervisor has talked about performance.",
         a.performance_is_discussed_midway),
    says("HHS-063", MUST, 137, "The supervisor evaluates at the end of each assignment, and signs.",
         k.each_assignment_is_evaluated,
         FormField(e.DocumentFiled, "signed_by")),
    says("HHS-064", MUST, 137, "The candidate sends the signed evaluation to mentor and coordinator.",
         a.evaluation_is_forwarded,
         Vocabulary(a.EvaluationForwarded, "recipient")),
    says("HHS-065", MUST, 141, "The candidate evaluates each assignment: what was expected, and what was gained.",
         a.candidate_evaluates_each_assignment,
         FormField(a.AssignmentEvaluated, "as_expected")),
    says("HHS-066", MUST, 141, "The coordinator uses it for the fit of the assignment and its worth to others.",
         a.CANDIDATE_EVALUATION),
    says("HHS-067", SHOULD, 141, "The coordinator gets a copy of it.",
         a.candidate_evaluates_each_assignment,
         FormField(a.AssignmentEvaluated, "sent_to_coordinator")),
    says("HHS-068", MAY, 141, "The candidate may share it with mentor and supervisor of record.",
         a.CandidateEvaluationShared,
         a.SHARED_WITH_THE_MENTOR,
         a.SHARED_WITH_THE_SUPERVISOR),
)

MID_PROGRAM = (
    says("HHS-069", MUST, 148, "In the middle of a candidate's program the coordinator reviews progress.",
         v.mid_program_review_is_held,
         v.MIDDLE),
    says("HHS-070", MUST, 150, "It asks whether the plan is being carried out.",
         FormField(v.MidProgramReviewed, "plan_is_carried_out"),
         v.board_is_alerted_to_slow_progress),
    says("HHS-071", MUST, 152, "It asks whether performance on assignments is fully satisfactory.",
         FormField(v.MidProgramReviewed, "performance_is_fully_satisfactory"),
         v.board_is_alerted_to_slow_progress),
    says("HHS-072", INFO, 152, "Midway performance is to satisfy; at the end it is to meet the objectives.",
         au.OBJECTIVES),
    says("HHS-073", MUST, 154, "It asks whether there are reports of what was completed.",
         v.answers_agree_with_the_record,
         FormField(v.MidProgramReviewed, "activities_are_reported")),
    says("HHS-074", MUST, 156, "It asks whether completed courses are documented.",
         v.answers_agree_with_the_record,
         FormField(v.MidProgramReviewed, "courses_are_documented")),
    says("HHS-075", MUST, 158, "It asks whether the candidate took part in all core activities.",
         v.answers_agree_with_the_record,
         FormField(v.MidProgramReviewed, "core_activities_are_attended")),
    says("HHS-076", MUST, 160, "The board is alerted to a candidate who does not progress as wished.",
         v.board_is_alerted_to_slow_progress),
)
