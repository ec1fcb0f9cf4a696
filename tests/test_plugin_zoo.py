"""The zoo: each bad plugin is seen by the very points that are for it, and by no other; without one of the points, something slips."""

import re
from pathlib import Path

import pytest

from candidacy import check_plugin
from candidacy._points import BY_CODE
from planted import GOOD, Animal, animals, keep

ZOO = animals()
PATRONS = (
    'ANNOUNCED = {"class-of-2024": "2024"}\nPATRONS = c.Program(\n    "patrons",\n    title="Patrons of gizmos",\n'
    '    editions=(\n        c.Edition(\n            program="patrons",\n            name="2024",\n            revision=1,\n'
    "            in_force=date(2024, 1, 1),\n            lifecycle=c.Lifecycle(\n"
    '                ("serving", "completed"),\n                (),\n                (\n'
    '                    c.Move(c.NOT_BEGUN, c.CandidateSelected, "serving"),\n'
    '                    c.Move("serving", c.ProgramCompleted, "completed"),\n                ),\n            ),\n'
    "            roles=(c.Role(OFFICE),),\n"
    "            entered_by={c.CandidateSelected: (OFFICE,), c.ProgramCompleted: (OFFICE,)},\n"
    "            rules=(),\n            authorities=(CHARTER,),\n        ),\n    ),\n    announcements=ANNOUNCED,\n)\n"
)
UNUSUAL = {
    "two programs in one package": {
        "package": [
            ["    return [c.Program(", "    return [PATRONS, c.Program("],
            [
                'ANNOUNCED = {"class-of-2024": "2024"}\n',
                PATRONS,
            ],
        ]
    },
    "a rule before two acts": {
        "rules": [['@CHARTER.requires(before=c.ProgramCompleted, at="G-2"', '@CHARTER.requires(before=(c.ProgramCompleted, c.Discontinued), at="G-2"']],
        "package": [
            ['        c.Move("developing", c.Withdrawn, "withdrawn"),\n', '        c.Move("developing", c.Withdrawn, "withdrawn"),\n        c.Move("developing", c.Discontinued, "withdrawn"),\n'],
            ["        c.Withdrawn: (FELLOW,),\n", "        c.Withdrawn: (FELLOW,),\n        c.Discontinued: (OFFICE,),\n"],
        ],
    },
    "a number without value, with a reading": {
        "rules": [["= (HOURS,)", '= (HOURS, c.Parameter("meetings", "meetings", (), reading="the board could give one"))']],
    },
    "a second edition that takes cases of the first": {
        "package": [
            ["import candidacy as c\n", "import attrs\n\nimport candidacy as c\n"],
            ["EDITIONS = (EDITION,)", 'EDITIONS = (\n    EDITION,\n    attrs.evolve(\n        EDITION,\n        name="2025",\n        in_force=date(2025, 1, 1),\n        takes=(c.Takes("2024", {"developing": "developing"}),),\n    ),\n)'],
            ["        c.Withdrawn: (FELLOW,),\n", "        c.Withdrawn: (FELLOW,),\n        c.EditionMoved: (OFFICE,),\n"],
        ],
    },
    "a kept ledger that is answered as it was": {"golden": True},
}  # fmt: skip
"""What is seldom done and all the same right."""


@pytest.mark.parametrize("animal", ZOO, ids=lambda animal: animal.name)
def test_sees_a_plugin_that(animal: Animal, tmp_path: Path) -> None:
    found = animal.checked(tmp_path / "plugin")
    assert set(found.failed) == animal.fails, str(found)
    for looked in found.points:
        assert looked.passed or looked.note or looked.point.mend in str(looked)
        ours = re.sub(r"'[^']*'", "", str(looked))  # what the plugin itself said stands in quotes
        assert not re.search(r"Traceback|File \"|life\.(fellow|office|board)", ours), str(looked)


@pytest.mark.parametrize("unusual", UNUSUAL)
def test_blames_nobody_for(unusual: str, tmp_path: Path) -> None:
    found = Animal(unusual, frozenset(), UNUSUAL[unusual]).checked(tmp_path / "plugin")
    assert found.passed, str(found)


def slipping(without: str) -> set[str]:
    """Animals that nothing would be said of if a point were not looked at."""
    return {animal.name for animal in ZOO if not animal.fails - {without}}


@pytest.mark.parametrize("code", BY_CODE)
def test_needs_each_of_its_points(code: str) -> None:
    assert slipping(code), f"no animal slips through without {code}"
    assert slipping("") == set()


def test_has_each_animal_once_and_each_is_the_good_one_with_a_change(tmp_path: Path) -> None:
    assert len({animal.name for animal in ZOO}) == len(ZOO)
    good = {p.relative_to(GOOD): p.read_bytes() for p in GOOD.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    for n, animal in enumerate(a for a in ZOO if not a.told.get("golden")):
        folder = animal.place(tmp_path / str(n))
        made = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        assert made != good, animal.name


def test_says_the_same_twice_from_a_folder_that_cannot_be_written_whatever_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    animal = next(a for a in ZOO if a.name == "raises")
    folder = animal.place(tmp_path / "plugin")
    keep(folder)
    files = sorted(folder.rglob("*"))
    first = check_plugin(folder)
    for path in (*files, folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    monkeypatch.setenv("TZ", "AAA11")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    try:
        assert check_plugin(folder) == first
        assert sorted(folder.rglob("*")) == files
    finally:
        for path in (folder, *files):
            path.chmod(0o755)
