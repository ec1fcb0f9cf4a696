"""What the DOL document says, statement by statement, in our words, and what stands for each in the program."""

from candidacy import Discontinued, Force, FormField, LifecycleMove, NotModelled, ProgramCompleted, StrandStep, Vocabulary
from candidacy_dol import events as e
from candidacy_dol import rules as r

MUST, SHOULD, MAY, INFO = Force.MUST, Force.SHOULD, Force.MAY, Force.INFO
SAYS = r.OVERVIEW.says
GOAL = NotModelled("what the program aims at; it asks nothing of anybody that could be recorded or refused")

CATALOGUE = (
    SAYS("DOL-01", INFO, 3, "A contractor, the Partnership, runs the program for the department.", e.ReportDelivered, r.ASSESSMENT),
    SAYS(
        "DOL-02", INFO, 5, "The program trains managers who are executives already; it ends without certifying anyone.",
        LifecycleMove(ProgramCompleted, "participating"), LifecycleMove(Discontinued, "participating"),
    ),
    SAYS("DOL-03", INFO, 7, "It is about managing, more than about one's own subject.", GOAL),
    SAYS("DOL-04", INFO, 8, "Participants are to see themselves as managers of the whole department.", GOAL),
    SAYS("DOL-05", INFO, 10, "They learn to use operating plans for engagement, output and answerability of staff.", GOAL),
    SAYS(
        "DOL-06", MUST, 12, "The program has five parts: assessment, workshops, coaching in groups, action learning, mentoring.",
        r.both_raters_answer_before_and_after, r.every_session_is_attended, r.participant_is_in_one_coaching_cohort,
        r.participant_works_in_a_team_on_a_challenge,
        r.mentoring_is_checked_assessed_and_closed,
    ),
    SAYS(
        "DOL-07", MUST, 14, "Participant and first-level supervisor answer one and the same assessment of 15 to 20 questions.",
        r.assessment_has_fifteen_to_twenty_questions, r.both_raters_answer_before_and_after,
        r.every_answer_is_to_the_same_instrument, r.FEWEST_QUESTIONS, r.MOST_QUESTIONS,
        FormField(e.AssessmentAnswered, "instrument"), FormField(e.AssessmentAnswered, "rater"),
    ),
    SAYS("DOL-08", MUST, 17, "The answers serve to fit the program to the participant and to measure its worth.", r.ASSESSMENT),
    SAYS(
        "DOL-09", MUST, 19, "Both answer at the beginning and again at the end; who supervises may change in between.",
        r.both_raters_answer_before_and_after, r.answers_before_precede_answers_after, Vocabulary(e.AssessmentAnswered, "wave"),
    ),
    SAYS("DOL-10", INFO, 19, "What lies between the two shows how competencies came on.", r.ASSESSMENT),
    SAYS(
        "DOL-11", MUST, 19, "The Partnership gives participant and supervisor a report of both, once both exist.",
        r.report_follows_the_answers_at_the_end, r.report_goes_to_participant_and_supervisor_alone, r.report_is_delivered,
        FormField(e.ReportDelivered, "participant"), FormField(e.ReportDelivered, "supervisor"), r.ASSESSMENT,
    ),
    SAYS("DOL-12", MUST, 19, "Nobody may use the answers in a performance review or put them into a personnel file.", r.ASSESSMENT),
    SAYS(
        "DOL-13", MAY, 19, "The department may improve the program by them: only by what is put together from many people (C16).",
        r.SMALLEST_GROUP, r.ASSESSMENT,
    ),
    SAYS(
        "DOL-14", INFO, 24, "Workshops go over the basics of how the department is administered.",
        NotModelled("what is taught inside a workshop; the six topics stand under DOL-16"),
    ),
    SAYS(
        "DOL-15", MUST, 24, "A workshop is led by a member of the SES who answers for the function it is about.",
        r.facilitator_leads_the_function, FormField(e.FacilitatorRecorded, "in_the_ses"),
        FormField(e.FacilitatorRecorded, "responsible_for"),
    ),
    SAYS(
        "DOL-16", MUST, 24, "Six topics belong to the workshops; more may be added.",
        r.workshops_cover_the_six_topics, Vocabulary(e.SessionScheduled, "topic"),
    ),
    SAYS(
        "DOL-17", MUST, 26, "Participants are split over four cohorts; each is in one (C19).",
        r.participant_is_in_one_coaching_cohort, r.COHORTS, Vocabulary(e.CohortAssigned, "cohort"),
    ),
    SAYS(
        "DOL-18", MUST, 26, "Each cohort has an executive coach.",
        r.participant_is_in_one_coaching_cohort, FormField(e.CohortAssigned, "coach"), r.COHORTS,
    ),
    SAYS(
        "DOL-19", INFO, 26, "Two topics of the coaching are named.",
        NotModelled("what is talked about in coaching stays between coach and cohort; no number or length is given"),
    ),
    SAYS("DOL-20", INFO, 26, "Those who take part are members of the SES.", LifecycleMove(e.ParticipantEnrolled)),
    SAYS(
        "DOL-21", MUST, 28, "There are four teams or more, and coaches lead their projects (C19).",
        r.there_are_four_or_more_teams, r.participant_works_in_a_team_on_a_challenge, r.FEWEST_TEAMS,
        FormField(e.TeamJoined, "of_teams"), FormField(e.TeamJoined, "coach"),
    ),
    SAYS(
        "DOL-22", MUST, 28, "Each team takes on one challenge of the department.",
        r.participant_works_in_a_team_on_a_challenge, FormField(e.TeamJoined, "challenge"),
    ),
    SAYS(
        "DOL-23", MUST, 28, "The coach helps the team until it presents at the end.",
        r.coach_supports_the_team_before_the_final_presentation,
    ),
    SAYS(
        "DOL-24", MUST, 30, "At the mid-point, which is a scheduled day (C18), each participant has a mentor.",
        r.mentor_is_paired_at_the_mid_point, r.LATE_PAIRING, StrandStep(e.PAIRINGS), FormField(e.MidPointScheduled, "matching_on"),
    ),
    SAYS(
        "DOL-25", MUST, 30, "Matches rest, among other things, on the experience and goals of both sides.",
        r.both_parties_told_experience_and_goals, FormField(e.QuestionnaireAnswered, "experience"),
        FormField(e.QuestionnaireAnswered, "goals"), Vocabulary(e.QuestionnaireAnswered, "party"),
    ),
    SAYS(
        "DOL-26", MUST, 30, "When mentors are matched, a session shows what makes mentoring work.",
        r.session_on_mentoring_follows_the_match,
    ),
    SAYS(
        "DOL-27", MUST, 30, "The Partnership holds a check-in midway through the mentoring, a final assessment and a close-out.",
        r.mentoring_is_checked_assessed_and_closed, Vocabulary(e.MentoringReviewed, "review"),
    ),
    SAYS(
        "DOL-28", SHOULD, 33, "Participants plan for 50 hours in class and 50 with team and mentor (C17).",
        r.fifty_hours_in_the_classroom, r.fifty_hours_with_team_and_mentor, r.CLASSROOM_HOURS, r.OTHER_HOURS,
        Vocabulary(e.TimeSpent, "kind"),
    ),
    SAYS("DOL-29", SHOULD, 33, "They keep the days of all sessions free.", r.every_session_is_attended),
    SAYS(
        "DOL-30", MUST, 37, "Sessions must be attended; nothing is said about one that was missed, so that it is judged (C17).",
        r.every_session_is_attended, r.no_session_is_missed, r.MISSED_SESSION,
    ),
    SAYS("DOL-31", MUST, 39, "The program takes nine months and ends in July 2014.", r.program_takes_nine_months, r.LENGTH),
    SAYS(
        "DOL-32", MUST, 41, "Who works at the national office comes to every session in person.",
        r.every_session_is_attended, Vocabulary(e.DutyStationRecorded, "station"),
    ),
    SAYS(
        "DOL-33", MUST, 41, "A schedule tells the room of each session.",
        r.detailed_schedule_is_provided, Vocabulary(e.MaterialProvided, "material"), FormField(e.SessionScheduled, "held_on"),
    ),
    SAYS(
        "DOL-34", MUST, 42, "Who works in a region attends from a computer, except for three sessions.",
        r.every_session_is_attended, r.three_sessions_bring_the_regions_to_the_office, r.IN_PERSON,
        Vocabulary(e.SessionAttended, "mode"), FormField(e.SessionScheduled, "together"),
    ),
    SAYS("DOL-35", MUST, 42, "They are told how to do that.", r.instructions_precede_the_first_remote_session),
    SAYS(
        "DOL-36", INFO, 42, "The picture from the national office is sent along.",
        NotModelled("how a session is transmitted is the host's equipment; nothing about a participant follows from it"),
    ),
    SAYS(
        "DOL-37", MUST, 42, "In team sessions they are to be seen by webcam.",
        r.webcam_is_used_in_remote_team_sessions, r.MISSED_SESSION, Vocabulary(e.SessionScheduled, "kind"),
    ),
    SAYS("DOL-38", MUST, 42, "The program hands out the webcams.", r.webcam_is_provided),
    SAYS(
        "DOL-39", MUST, 44, "Who works in a region is asked to come to Washington for three sessions.",
        r.every_session_is_attended, r.three_sessions_bring_the_regions_to_the_office, r.IN_PERSON,
    ),
    SAYS(
        "DOL-40", MUST, 44, "The participant's agency bears the cost of the journey.",
        NotModelled("who pays for a journey is settled in the agency's travel system; no step of the program waits for it"),
    ),
    SAYS("DOL-41", MUST, 45, "Agencies present the projects on 21 January 2014.", r.every_session_is_attended, r.SESSIONS),
    SAYS(
        "DOL-42", MUST, 46, "The session on good mentoring is on 19 February 2014.",
        r.every_session_is_attended, r.session_on_mentoring_follows_the_match, r.SESSIONS,
    ),
    SAYS("DOL-43", MUST, 47, "Teams present, and the program closes, on 16 July 2014.", r.every_session_is_attended, r.SESSIONS),
    SAYS(
        "DOL-44", INFO, 49, "At the first coaching session a few texts are given out to read; how many is not said.",
        r.READINGS, Vocabulary(e.MaterialProvided, "material"),
    ),
    SAYS(
        "DOL-45", MUST, 51, "Results are seen by the participant, the direct supervisor and the Partnership alone (C16).",
        r.ASSESSMENT, r.report_goes_to_participant_and_supervisor_alone,
    ),
    SAYS(
        "DOL-46", SHOULD, 51, "Participant and supervisor look together at strengths and at what to develop.",
        r.participant_and_supervisor_discuss_strengths,
    ),
    SAYS("DOL-47", MUST, 53, "Performance reviews are made without the assessment; it is said twice.", r.ASSESSMENT),
    SAYS(
        "DOL-48", MAY, 56, "A participant who has a mentor may keep that mentor.",
        r.mentor_who_is_kept_accepts_the_guidelines, r.mentor_is_paired_at_the_mid_point,
    ),
    SAYS(
        "DOL-49", MUST, 56, "Such a mentor keeps to the guidelines of the program.",
        r.mentor_who_is_kept_accepts_the_guidelines, FormField(e.GuidelinesAccepted, "accepted"),
    ),
    SAYS(
        "DOL-50", MUST, 58, "A match that does not do what it is for is looked at again.",
        r.new_mentor_follows_reassessment_and_support, FormField(e.MatchReassessed, "serves"),
    ),
    SAYS(
        "DOL-51", MUST, 58, "Coach, department and Partnership help first; only if that fails is another mentor found.",
        r.new_mentor_follows_reassessment_and_support, r.NEW_MENTOR, Vocabulary(e.SupportGiven, "helper"),
        StrandStep(e.PAIRINGS, ends=True),
    ),
    SAYS(
        "DOL-52", SHOULD, 60, "What a team hands over can be measured and does the department good.",
        r.team_delivers_a_measurable_and_positive_result,
    ),
    SAYS("DOL-53", INFO, 62, "The coaches are four.", r.COHORTS),
    SAYS(
        "DOL-54", MUST, 62, "At the first coaching session participants get the coaches' biographies.",
        r.biographies_come_at_the_first_coaching_session,
    ),
    SAYS(
        "DOL-55", INFO, 65, "Questions about assessment and mentoring questionnaire go to the Partnership, others to the office.",
        r.both_parties_told_experience_and_goals, FormField(e.QuestionnaireAnswered, "person"),
    ),
)  # fmt: skip
