"""What the Commerce document says, statement by statement, in our words, and what stands for each in the candidates' program.

Statements about those who volunteer as mentors are in `candidacy_commerce.mentors`.
"""

from candidacy import Force, FormField, NotModelled, StrandStep, Vocabulary
from candidacy_commerce import rules as r
from candidacy_commerce.events import ASSIGNMENTS, PAIRINGS, AssignmentDescribed, AssignmentStarted

MUST, SHOULD, INFO = Force.MUST, Force.SHOULD, Force.INFO
KINDS = Vocabulary(AssignmentDescribed, "kind")
ECQS = Vocabulary(AssignmentDescribed, "ecqs")

CATALOGUE = (
    r.ANNOUNCEMENT.says("DOC-03", INFO, 8, "The 2004-2006 program is launched in September 2004.", r.LAUNCH),
    r.ANNOUNCEMENT.says("DOC-04", MUST, 8, "Each candidate is assigned a mentor.", r.a_mentor_is_assigned, StrandStep(PAIRINGS)),
    r.ANNOUNCEMENT.says(
        "DOC-05", MUST, 8, "The mentor is a member of the SES.", r.mentor_is_in_the_ses, r.mentor_stays_in_the_ses
    ),
    r.ANNOUNCEMENT.says(
        "DOC-06", MUST, 8, "The mentor does not supervise the candidate, directly or further up.",
        r.mentor_is_outside_the_chain_of_command, r.mentor_stays_outside_the_chain_of_command,
    ),
    r.ANNOUNCEMENT.says(
        "DOC-09", MUST, 10, "Mentor and candidate work together over the whole program of 24 months.",
        r.a_mentor_is_assigned, r.program_lasts_its_planned_length, r.LENGTH,
    ),
    r.ANNOUNCEMENT.says("DOC-10", MUST, 12, "The mentor helps with the development plan.", r.mentor_helps_with_the_plan),
    r.ANNOUNCEMENT.says(
        "DOC-11", MUST, 14, "The mentor helps to choose at least 120 days of developmental assignments that serve an ECQ.",
        r.one_hundred_and_twenty_days_of_assignments, r.every_assignment_names_an_ecq, r.DAYS,
    ),
    r.ANNOUNCEMENT.says(
        "DOC-12", MUST, 16, "Mentor and candidate talk from time to time about what to do better; how often is not said.",
        r.mentor_and_candidate_talk_from_time_to_time, r.MEETINGS,
    ),
    r.ANNOUNCEMENT.says("DOC-13", INFO, 18, "The program begins late in September 2004.", r.LAUNCH),
    r.ANNOUNCEMENT.says(
        "DOC-14", SHOULD, 18, "A session of two hours prepares all mentors on 26 October 2004.",
        r.mentor_was_trained, r.TRAIN_THE_MENTOR,
    ),
    r.ANNOUNCEMENT.says(
        "DOC-20", MUST, 47, "Developmental assignments are a part of the program that nobody may leave out.",
        r.one_hundred_and_twenty_days_of_assignments, StrandStep(ASSIGNMENTS), StrandStep(ASSIGNMENTS, ends=True),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-21", MUST, 47, "They take at least 120 days outside the position of record.",
        r.one_hundred_and_twenty_days_of_assignments, r.DAYS,
    ),
    r.ANNOUNCEMENT.says(
        "DOC-22", MUST, 47, "One or more assignments come to four months at least.", r.four_months_of_assignments, r.TOGETHER
    ),
    r.ANNOUNCEMENT.says(
        "DOC-23", INFO, 47, "Many had two assignments, of 60 and of 120 days.",
        NotModelled("an example of what others did, which goes beyond the minimum; a rule made of it would ask for more (C15)"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-24", MUST, 47, "Each assignment strengthens one or more of the candidate's ECQs.", r.every_assignment_names_an_ecq
    ),
    r.ANNOUNCEMENT.says(
        "DOC-25", INFO, 47, "The ECQs are five, by the names in use until 2006 (C29).", Vocabulary(AssignmentStarted, "ecqs"), ECQS
    ),
    r.ANNOUNCEMENT.says("DOC-26", INFO, 51, "One kind of assignment builds something where nothing was.", KINDS),
    r.ANNOUNCEMENT.says("DOC-27", INFO, 53, "One kind turns around an organization in trouble.", KINDS),
    r.ANNOUNCEMENT.says("DOC-28", INFO, 55, "One kind runs something larger than the candidate has run so far.", KINDS),
    r.ANNOUNCEMENT.says("DOC-29", INFO, 57, "One kind is a project or a task force.", KINDS),
    r.ANNOUNCEMENT.says("DOC-30", INFO, 59, "One kind is in a staff office.", KINDS),
    r.ANNOUNCEMENT.says(
        "DOC-31", MUST, 62, "The candidate describes what is to be done in the assignment.",
        r.every_assignment_is_described, FormField(AssignmentDescribed, "duties"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-32", MUST, 62, "The description lists what the candidate is to hand over; the form allows for none.",
        FormField(AssignmentDescribed, "deliverables"),
    ),
    r.ANNOUNCEMENT.says("DOC-33", MUST, 64, "The description names the ECQs to be developed.", r.description_names_an_ecq),
    r.ANNOUNCEMENT.says(
        "DOC-34", MUST, 64, "The description says how the assignment lets the candidate strengthen each of them.",
        r.description_gives_a_reason_for_each_ecq, FormField(AssignmentDescribed, "reasons"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-35", MUST, 66, "The description says how success is measured, of what is handed over and of the ECQs.",
        FormField(AssignmentDescribed, "evaluation"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-36", MUST, 70, "The form names who supervises the assignment, and the bureau or office.",
        FormField(AssignmentDescribed, "supervisor"), FormField(AssignmentDescribed, "bureau"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-37", MUST, 71, "The form has the supervisor's title and series, and a telephone number.",
        FormField(AssignmentDescribed, "title_and_series"), FormField(AssignmentDescribed, "phone"),
        FormField(AssignmentDescribed, "address"), FormField(AssignmentDescribed, "e_mail"), FormField(AssignmentDescribed, "fax"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-38", MUST, 74, "The form has the period of the assignment.",
        FormField(AssignmentDescribed, "first"), r.description_ends_no_sooner_than_it_begins,
    ),
    r.ANNOUNCEMENT.says(
        "DOC-39", MUST, 76, "The period runs from one day to another.",
        r.description_ends_no_sooner_than_it_begins,
        FormField(AssignmentDescribed, "first"), FormField(AssignmentDescribed, "last"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-40", MUST, (78, 82), "On the form the ECQs to be developed are ticked, of five.",
        r.description_names_an_ecq, FormField(AssignmentDescribed, "ecqs"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-41", MUST, 85, "The form has a short account of the duties as they relate to the ECQs.",
        FormField(AssignmentDescribed, "duties"),
    ),
    r.ANNOUNCEMENT.says(
        "DOC-42", SHOULD, 85, "The form names what is handed over, if anything is.", FormField(AssignmentDescribed, "deliverables")
    ),
    r.ANNOUNCEMENT.says(
        "DOC-43", MUST, (87, 89), "The form says how what is handed over, and the candidate's progress, will be judged.",
        FormField(AssignmentDescribed, "evaluation"),
    ),
    r.ANNOUNCEMENT.says("DOC-44", INFO, (92, 94), "The first ECQ is about change that keeps what works.", ECQS),
    r.ANNOUNCEMENT.says("DOC-45", INFO, (96, 98), "The second is about getting the best out of people.", ECQS),
    r.ANNOUNCEMENT.says("DOC-46", INFO, (100, 102), "The third is about deciding in time and getting things done.", ECQS),
    r.ANNOUNCEMENT.says("DOC-47", INFO, (104, 106), "The fourth is about people, money, goods and information as means.", ECQS),
    r.ANNOUNCEMENT.says("DOC-48", INFO, (108, 110), "The fifth is about convincing, and about whom to work with.", ECQS),
)  # fmt: skip
