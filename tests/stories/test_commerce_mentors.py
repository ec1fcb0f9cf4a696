"""Commerce's mentors, from the form to the end of the 24 months, as a program officer can read it."""

from candidacy import Id, RoleName, RoleNamed, SesMembershipRecorded, Story, Withdrawn, path
from candidacy_commerce import mentors as m
from support import engine, outcomes, play, refused_by

TITLE = "director-es-0340"


class Volunteer(Story):
    """An SES member who volunteers; ``v.member`` volunteers, ``v.office`` is the program office."""

    def submitted(self, *traits: m.Trait, day: str = "2004-08-02") -> "Volunteer":
        """The form of one page."""
        roles = (
            RoleNamed(self.person("member"), RoleName("volunteer")),
            RoleNamed(self.person("office"), RoleName("program office")),
        )
        reach = {"bureau": Id("bureau-7"), "title_and_series": Id(TITLE), "phone": Id("phone-1"), "e_mail": Id("mail-1")}
        return self.on(day, "member", m.FormSubmitted(Id("commercementors"), Id("september-2004"), roles, **reach, traits=traits))

    def member(self, day: str = "2004-08-02", *, still: bool = True) -> "Volunteer":
        """What the program office knows about the membership."""
        return self.on(day, "office", SesMembershipRecorded(self.person("member"), still))

    def mentors(self, *, trained: int = 2, until: str = "2006-10-03") -> "Volunteer":
        """Accepted, paired on 2004-10-04, prepared for so many hours, and at the end."""
        self.on("2004-09-01", "office", m.VolunteerAccepted()).on("2004-10-04", "office", m.Paired(Id("c-1")))
        if trained:
            self.on("2004-10-26", "office", m.SessionAttended(trained))  # type: ignore[arg-type]
        return self.on(until, "office", m.ServiceEnded())


def test_a_volunteer_is_accepted_prepared_paired_and_serves_the_24_months() -> None:
    on = engine()
    answers = play(on, Volunteer("v").submitted("listens", "coaches").member().mentors())
    assert all(a.accepted for a in answers)
    assert on.case("v")[0].state == "served"
    assert set(outcomes(answers[-1]).values()) == {"met"}


def test_nobody_is_accepted_who_left_the_ses_the_day_before() -> None:
    """What no form shows: the membership that was recorded, on the day of the answer."""
    left = Volunteer("v").submitted().member().member("2004-08-31", still=False)
    assert refused_by(play(engine(), left.on("2004-09-01", "office", m.VolunteerAccepted()))[-1]) == ["volunteer_is_in_the_ses"]
    leaves = Volunteer("v").submitted().member().on("2004-09-01", "office", m.VolunteerAccepted()).member("2004-09-02", still=False)
    *_, accepted, _ = play(engine(), leaves)
    assert accepted.accepted, "on the day itself still a member"


def test_an_accepted_volunteer_who_has_left_the_ses_is_paired_with_nobody() -> None:
    life = Volunteer("v").submitted().member().on("2004-09-01", "office", m.VolunteerAccepted()).member("2004-10-03", still=False)
    answer = play(engine(), life.on("2004-10-04", "office", m.Paired(Id("c-1"))))[-1]
    assert refused_by(answer) == ["mentor_is_in_the_ses_when_assigned"]


def test_where_nobody_knows_about_the_membership_the_path_says_who_can_tell() -> None:
    on = engine()
    play(on, Volunteer("v").submitted())
    case, edition = on.case("v")
    found = path(case, edition, as_of=case.began or on.today(), to="mentoring")
    assert (found.day, found.exact) == (case.began, False)
    first = found.plan[0]
    assert (first.type_name, first.by, first.content) == (
        "candidacy.ses_membership_recorded.1", "program office", {"person": "v.member", "member": True},
    )  # fmt: skip


def test_an_hour_of_two_and_a_day_of_24_months_show_and_refuse_nothing() -> None:
    """DOC-14 and DOC-09, both sides of both numbers."""
    for hours, until, seen in (
        (2, "2006-10-03", {"met"}),
        (1, "2006-10-03", {"met", "unmet"}),
        (2, "2006-10-02", {"met", "unmet"}),
    ):
        answer = play(engine(), Volunteer("v").submitted().member().mentors(trained=hours, until=until))[-1]
        assert answer.accepted
        assert set(outcomes(answer).values()) == seen


def test_a_volunteer_may_be_declined_or_withdraw() -> None:
    on = engine()
    play(on, Volunteer("v").submitted().on("2004-09-01", "office", m.VolunteerDeclined()))
    play(on, Volunteer("w").submitted().on("2004-09-01", "member", Withdrawn()))
    assert (on.case("v")[0].state, on.case("w")[0].state) == ("declined", "withdrawn")
