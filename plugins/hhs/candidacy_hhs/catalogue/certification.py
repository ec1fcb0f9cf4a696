"""HHS-077 to HHS-103: the request with its eight documents, its review, removal, and the evaluation of the program."""

from candidacy import (
    CandidateCertified,
    CandidateGraduated,
    CertificationRequested,
    EngineGuard,
    Force,
    LifecycleMove,
    NotModelled,
    Removed,
    Vocabulary,
)
from candidacy_hhs import authority as au
from candidacy_hhs import candidate as x
from candidacy_hhs import events as e
from candidacy_hhs import package as k
from candidacy_hhs import plan as p
from candidacy_hhs import reviews as v
from candidacy_hhs import rules as r

# fmt: off
# A table: what is said, and what stands for it.
MUST, SHOULD, MAY, INFO, says = Force.MUST, Force.SHOULD, Force.MAY, Force.INFO, au.GUIDELINES.says

REQUEST = (
    says("HHS-077", MUST, 169, "Six months in the program come before the request.",
         r.six_months_in_the_program,
         au.EARLIEST_REQUEST),
    says("HHS-078", MUST, 169, "Who has met the requirements and developed the assessed competencies may ask to be certified.",
         au.COMPETENCE,
         LifecycleMove(CertificationRequested)),
    says("HHS-079", MUST, 171, "Document 1: a memorandum asking for it.",
         k.memorandum_is_filed),
    says("HHS-080", MUST, 173, "Document 2: of each ECQ a summary of two pages at most.",
         k.each_ecq_is_summarized,
         au.SUMMARY_PAGES),
    says("HHS-081", MUST, 173, "They tell how all five were attained, here or earlier.",
         k.each_ecq_is_summarized,
         Vocabulary(e.DocumentFiled, "ecq")),
    says("HHS-082", MUST, 175, "Document 3: the plan, with a note how each activity was completed.",
         k.annotated_plan_is_filed,
         p.planned_activities_are_completed),
    says("HHS-083", MUST, 177, "Document 4: the supervisors' evaluations of the assignments.",
         k.each_assignment_is_evaluated),
    says("HHS-084", MUST, 179, "Document 5: the mentor's evaluation.",
         k.mentor_evaluation_is_filed),
    says("HHS-085", MUST, 181, "Document 6: that the quarterly sessions were completed.",
         k.quarterly_sessions_are_certified),
    says("HHS-086", MUST, 183, "Document 7: certificates of 80 interagency hours in all.",
         k.certificates_cover_eighty_hours),
    says("HHS-087", MUST, 185, "Document 8: the candidate's assessment of the program.",
         k.program_assessment_is_filed),
    says("HHS-088", MUST, 187, "It tells of the experience as a whole.",
         v.program_assessment_has_its_parts,
         Vocabulary(v.ProgramAssessed, "parts")),
    says("HHS-089", MUST, 189, "It tells of what stood out and was achieved.",
         v.program_assessment_has_its_parts),
    says("HHS-090", MUST, 191, "It tells of the benefit to the person and to their work.",
         v.program_assessment_has_its_parts),
    says("HHS-091", MUST, 193, "It tells what could be better.",
         v.program_assessment_has_its_parts),
    says("HHS-092", MUST, 195, "The program manager reviews each request; then the board decides.",
         LifecycleMove(e.RequestReviewed),
         LifecycleMove(CandidateGraduated),
         r.program_manager_finds_the_criteria_met),
    says("HHS-093", MUST, 199, "Criterion 1: competence in each ECQ.",
         au.COMPETENCE,
         r.program_manager_finds_the_criteria_met),
    says("HHS-094", MUST, 201, "Criterion 2: the goals of the approved plan.",
         au.GOALS,
         r.program_manager_finds_the_criteria_met),
    says("HHS-095", MUST, 203, "Criterion 3: assignments that met their objectives in full.",
         au.OBJECTIVES,
         r.program_manager_finds_the_criteria_met),
    says("HHS-096", MUST, 205, "Criterion 4: everything required was completed.",
         r.program_manager_finds_the_criteria_met,
         EngineGuard("lifecycle")),
    says("HHS-097", MUST, 207, "After the board the manager sends the request on to OPM, where the QRB decides.",
         LifecycleMove(e.RequestForwarded),
         LifecycleMove(CandidateCertified)),
)

REMOVAL = (
    says("HHS-098", MAY, 210, "The program manager may look at performance from time to time.",
         v.PeriodicallyReviewed),
    says("HHS-099", MUST, 210, "The board is told of performance that is less than successful.",
         v.board_was_advised_before_removal),
    says("HHS-100", MUST, 210, "On too little progress the board may recommend removal; the Secretary decides.",
         r.board_recommends_removal,
         au.REMOVAL,
         LifecycleMove(Removed)),
    says("HHS-101", MUST, 212, "That holds for Schedule B appointees from outside government, too.",
         r.board_recommends_removal,
         Vocabulary(x.AppointmentRecorded, "kind")),
    says("HHS-102", INFO, 217, "Development is evaluated all along, to improve the program.",
         NotModelled("what the program as a whole learns from its evaluations is no step of a candidate's case")),
    says("HHS-103", MUST, 217, "The human resources office evaluates the program as a whole.",
         NotModelled("it evaluates a whole program at its end; a case is one candidate's, and no rule reads another")),
)
