"""HHS-104 to HHS-128: who pays, who prepares the papers, leave and appraisal; recorded and checked, never paid."""

from candidacy import Force, FormField, Vocabulary
from candidacy_hhs import assignment as a
from candidacy_hhs import authority as au
from candidacy_hhs import side as s
from candidacy_hhs import training as t

# fmt: off
# A table: what is said, and what stands for it.
MUST, SHOULD, MAY, INFO, says = Force.MUST, Force.SHOULD, Force.MAY, Force.INFO, au.GUIDELINES.says

SUPPORT = (
    says("HHS-104", MUST, 224, "The program pays for assessment, assignments and their travel, quarterly and core training.",
         s.payer_is_the_one_named,
         Vocabulary(s.ExpenseRecorded, "purpose")),
    says("HHS-105", MUST, 224, "The home division pays for coming to orientation.",
         s.payer_is_the_one_named),
    says("HHS-106", MUST, 224, "The home division goes on paying salary and benefits, and prepares travel and training papers.",
         s.payer_is_the_one_named,
         s.course_papers_are_the_home_division_s),
    says("HHS-107", MAY, 224, "For what is paid centrally the home division may ask for a transfer from the university.",
         s.FundsTransferred),
    says("HHS-108", MUST, 224, "What goes beyond the sum agreed on is reimbursed once it is documented.",
         s.reimbursement_is_documented),
    says("HHS-109", MUST, 224, "What is left at the end of a calendar year serves the next fiscal year, or goes back.",
         s.rest_serves_the_next_fiscal_year,
         FormField(s.FundsSettled, "calendar_year")),
    says("HHS-110", MUST, 226, "Whoever approves an activity that the board did not, home or host, pays for it.",
         s.payer_is_the_one_named,
         Vocabulary(s.ExpenseRecorded, "approved_by")),
    says("HHS-111", MUST, 226, "So it is with travel and training for the host's own work.",
         s.payer_is_the_one_named),
    says("HHS-112", MUST, 236, "During assignments the home division's timekeeper goes on keeping time and attendance.",
         s.time_is_kept_by_the_home_division),
    says("HHS-113", SHOULD, 236, "On assignment it is its supervisor who approves leave.",
         s.leave_is_approved_by_the_assignment_supervisor),
    says("HHS-114", SHOULD, 236, "The home timekeeper hears of that leave.",
         s.leave_is_reported_to_the_timekeeper),
    says("HHS-115", SHOULD, 243, "Candidate and supervisor fit the yearly performance plan to the program.",
         s.performance_plan_is_revised),
    says("HHS-116", MUST, 243, "The supervisor of record prepares the yearly appraisal.",
         s.AppraisalPrepared),
    says("HHS-117", MAY, 243, "The appraisal may include performance on assignments.",
         FormField(s.AppraisalPrepared, "includes_assignments"),
         a.SUPERVISOR_EVALUATION),
    says("HHS-118", MUST, 252, "The home division does the papers for a course.",
         s.course_papers_are_the_home_division_s),
    says("HHS-119", MUST, 252, "The program pays only for courses in the plan that the board approved.",
         s.course_paid_centrally_is_in_the_plan),
    says("HHS-120", MUST, 252, "The manager tells how much may be spent on training.",
         s.SpendingCapAnnounced,
         s.central_training_stays_within_the_cap),
    says("HHS-121", MAY, 254, "The home division may pay for more training than that.",
         s.payer_is_the_one_named,
         s.central_training_stays_within_the_cap),
    says("HHS-122", MAY, 254, "The host may pay for training that is about its own work.",
         s.payer_is_the_one_named),
    says("HHS-123", SHOULD, 256, "After a course the candidate evaluates it for the coordinator.",
         t.each_course_is_evaluated,
         t.TrainingEvaluated,
         t.TRAINING_COMMENTS),
    says("HHS-124", SHOULD, 267, "The host prepares the authorization of an assignment and its travel.",
         s.travel_papers_are_prepared_where_the_candidate_works),
    says("HHS-125", MUST, 267, "Where the program pays for an assignment, the coordinator gets the receipts.",
         s.central_expenses_are_documented),
    says("HHS-126", SHOULD, 269, "For travel to a course the office where the candidate works at the time does the papers.",
         s.travel_papers_are_prepared_where_the_candidate_works),
    says("HHS-127", SHOULD, 269, "That office sends them straight to the institution.",
         s.papers_of_travel_to_a_course_go_to_the_institution),
    says("HHS-128", MUST, 278, "Travel and training for the host's work are paid by the host.",
         s.payer_is_the_one_named),
)
