"""HHS-104 to HHS-128: who pays, who prepares the papers, leave and appraisal; recorded and checked, never paid."""

from candidacy import Force, NotModelled
from candidacy_hhs import authority as au
from candidacy_hhs import training as t

# fmt: off
# A table: what is said, and what stands for it.
MUST, SHOULD, MAY, INFO, says = Force.MUST, Force.SHOULD, Force.MAY, Force.INFO, au.GUIDELINES.says

SUPPORT = (
    says("HHS-104", MUST, 224, "The program pays for assessment, assignments and their travel, quarterly and core training.",
         NotModelled("not yet: payer is the one named is to come")),
    says("HHS-105", MUST, 224, "The home division pays for coming to orientation.",
         NotModelled("not yet: payer is the one named is to come")),
    says("HHS-106", MUST, 224, "The home division goes on paying salary and benefits, and prepares travel and training papers.",
         NotModelled("not yet: payer is the one named is to come")),
    says("HHS-107", MAY, 224, "For what is paid centrally the home division may ask for a transfer from the university.",
         NotModelled("not yet: FundsTransferred is to come")),
    says("HHS-108", MUST, 224, "What goes beyond the sum agreed on is reimbursed once it is documented.",
         NotModelled("not yet: reimbursement is documented is to come")),
    says("HHS-109", MUST, 224, "What is left at the end of a calendar year serves the next fiscal year, or goes back.",
         NotModelled("not yet: rest serves the next fiscal year is to come")),
    says("HHS-110", MUST, 226, "Whoever approves an activity that the board did not, home or host, pays for it.",
         NotModelled("not yet: payer is the one named is to come")),
    says("HHS-111", MUST, 226, "So it is with travel and training for the host's own work.",
         NotModelled("not yet: payer is the one named is to come")),
    says("HHS-112", MUST, 236, "During assignments the home division's timekeeper goes on keeping time and attendance.",
         NotModelled("not yet: LeaveTaken is to come")),
    says("HHS-113", SHOULD, 236, "On assignment it is its supervisor who approves leave.",
         NotModelled("not yet: leave is approved by the assignment supervisor is to come")),
    says("HHS-114", SHOULD, 236, "The home timekeeper hears of that leave.",
         NotModelled("not yet: leave is reported to the timekeeper is to come")),
    says("HHS-115", SHOULD, 243, "Candidate and supervisor fit the yearly performance plan to the program.",
         NotModelled("not yet: performance plan is revised is to come")),
    says("HHS-116", MUST, 243, "The supervisor of record prepares the yearly appraisal.",
         NotModelled("not yet: AppraisalPrepared is to come")),
    says("HHS-117", MAY, 243, "The appraisal may include performance on assignments.",
         NotModelled("not yet: SUPERVISOR EVALUATION is to come")),
    says("HHS-118", MUST, 252, "The home division does the papers for a course.",
         NotModelled("not yet: papers are prepared by the one named is to come")),
    says("HHS-119", MUST, 252, "The program pays only for courses in the plan that the board approved.",
         NotModelled("not yet: course paid centrally is in the plan is to come")),
    says("HHS-120", MUST, 252, "The manager tells how much may be spent on training.",
         NotModelled("not yet: SpendingCapAnnounced is to come")),
    says("HHS-121", MAY, 254, "The home division may pay for more training than that.",
         NotModelled("not yet: payer is the one named is to come")),
    says("HHS-122", MAY, 254, "The host may pay for training that is about its own work.",
         NotModelled("not yet: payer is the one named is to come")),
    says("HHS-123", SHOULD, 256, "After a course the candidate evaluates it for the coordinator.",
         t.each_course_is_evaluated,
         t.TrainingEvaluated,
         t.TRAINING_COMMENTS),
    says("HHS-124", SHOULD, 267, "The host prepares the authorization of an assignment and its travel.",
         NotModelled("not yet: papers are prepared by the one named is to come")),
    says("HHS-125", MUST, 267, "Where the program pays for an assignment, the coordinator gets the receipts.",
         NotModelled("not yet: central expenses are documented is to come")),
    says("HHS-126", SHOULD, 269, "For travel to a course the office where the candidate works at the time does the papers.",
         NotModelled("not yet: papers are prepared by the one named is to come")),
    says("HHS-127", SHOULD, 269, "That office sends them straight to the institution.",
         NotModelled("not yet: training travel papers go to the institution is to come")),
    says("HHS-128", MUST, 278, "Travel and training for the host's work are paid by the host.",
         NotModelled("not yet: payer is the one named is to come")),
)
