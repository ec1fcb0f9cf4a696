"""The catalogue of the HHS guidelines: every statement of the document, in its order, and what stands for it."""

from candidacy_hhs.catalogue import certification, development, goals, roles, support

CATALOGUE = (
    *goals.GOALS,
    *goals.PLAN,
    *development.ASSIGNMENTS,
    *development.TRAINING,
    *development.EVALUATION,
    *development.MID_PROGRAM,
    *certification.REQUEST,
    *certification.REMOVAL,
    *support.SUPPORT,
    *roles.PARTICIPANTS,
    *roles.MENTORS,
    *roles.SUPERVISORS,
    *roles.BOARD,
)
