"""The beginning of a plugin: a small package for an agency, written from the templates in `_scaffold`, sound as it stands."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template

import attrs

from candidacy.api import API_VERSION
from candidacy.errors import InputError, Problem
from candidacy.placing import folder_in_place
from candidacy.registry import GROUP, discover
from candidacy.strict import shown

LONGEST_AGENCY, LONGEST_PROGRAM = 100, 30
"""Characters."""
PROGRAM = re.compile(r"[a-z][a-z0-9]*")
NO_NAME = frozenset("the of for and in on a an department bureau office agency administration commission".split())  # noqa: SIM905 (read across)
"""Words that many agencies have in their names."""
MARKS = frozenset(" .,'&()/-")
TEMPLATES = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "requirements.csv": "requirements",
    "authorities/guide.txt": "guide",
    "{package}/__init__.py": "init",
    "{package}/rules.py": "rules",
    "{package}/py.typed": "",
    "stories/pat.jsonl": "story",
    "tests/test_stories.py": "test_stories",
    "tests/test_check.py": "test_check",
    ".github/workflows/check.yml": "check.yml",
    ".gitignore": "gitignore",
}
"""The files of a plugin, each with its template; "" for an empty one."""
GUIDE = "guide"
"""The template of the text whose lines are cited, of which the authority tells the digest."""


@attrs.frozen
class Starter:
    """A plugin that can be written: the name of its agency, as given, and of its program."""

    agency: str
    program: str

    @property
    def package(self) -> str:
        """The Python package."""
        return f"candidacy_{self.program}"

    @property
    def folder(self) -> str:
        """What its folder is called where nobody says otherwise."""
        return f"candidacy-{self.program}"

    def files(self) -> Iterator[tuple[str, str]]:
        """Each file's path in the folder of the plugin, and its text."""
        words = {
            "agency": self.agency,
            "api": str(API_VERSION),
            "package": self.package,
            "program": self.program,
            "statement": f"{self.program[0].upper()}-1",
        }
        words["sha256"] = sha256(_filled(GUIDE, words).encode()).hexdigest()
        for path, name in TEMPLATES.items():
            yield path.format(package=self.package), _filled(name, words) if name else ""

    def write(self, folder: str | Path) -> list[str]:
        """Write it to a new folder, whole or not at all; the paths of its files.

        Raises:
            OutputError: something is there, or nothing can be written there.
        """
        written = []
        with folder_in_place(folder) as making:
            for path, text in self.files():
                (making / path).parent.mkdir(parents=True, exist_ok=True)
                (making / path).write_bytes(text.encode())
                written.append(path)
        return written


def _filled(template: str, words: Mapping[str, str]) -> str:
    return Template((files("candidacy") / "_scaffold" / f"{template}.template").read_text("utf-8")).substitute(words)


def starter(agency: str, program: str = "") -> Starter:
    """The plugin of an agency; its program is called by the agency's name where none is given.

    Raises:
        InputError: with everything that is wrong with the names, or taken by what is installed.
    """
    agency = " ".join(unicodedata.normalize("NFC", agency).split())
    problems = list(_wrong_agency(agency))
    program = program or program_of(agency)
    if program:
        problems += _wrong_program(program)
    elif not problems:
        found = "no name for the program in that of the agency"
        problems.append(Problem("--program", found, "it: a letter and then letters and digits, all small"))
    if problems:
        raise InputError(problems)
    return Starter(agency, program)


def owner(program: str) -> str:
    """The name of a program, which may be installed.

    Raises:
        InputError: it is no such name.
    """
    problems = list(_wrong_form(program))
    if problems:
        raise InputError(problems)
    return program


def program_of(agency: str) -> str:
    """A name for the program: the agency's own words, or their first letters where those are long; "" where there is none."""
    plain = unicodedata.normalize("NFKD", agency.lower().replace("'", "")).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", plain)
    own = [word for word in words if word not in NO_NAME] or words
    name = "".join(own)
    if len(name) > LONGEST_PROGRAM:
        name = "".join(word[0] for word in own)
    return name if PROGRAM.fullmatch(name) and len(name) <= LONGEST_PROGRAM else ""


def _wrong_agency(agency: str) -> Iterator[Problem]:
    if not any(character.isalpha() for character in agency):
        yield Problem("NAME", "no letter", "the name of an agency, such as 'Department of Widgets'")
    if len(agency) > LONGEST_AGENCY:
        yield Problem("NAME", f"{len(agency)} characters", f"at most {LONGEST_AGENCY}")
    if not all(character.isalnum() or character in MARKS for character in agency):
        yield Problem("NAME", "characters that are part of no name", "letters, digits, spaces and . , ' & ( ) / -")


def _wrong_form(program: str) -> Iterator[Problem]:
    if not PROGRAM.fullmatch(program) or len(program) > LONGEST_PROGRAM:
        needed = f"a letter and then letters and digits, all small, at most {LONGEST_PROGRAM}"
        yield Problem("--program", f"the name {shown(program)}", needed)
    elif program == GROUP:
        yield Problem("--program", "the engine's own name", "another name")


def _wrong_program(program: str) -> Iterator[Problem]:
    wrong = list(_wrong_form(program))
    yield from wrong
    if wrong:
        return
    if program in discover().programs or program in {entry.name for entry in entry_points(group=GROUP)}:
        yield Problem("--program", f"the name {program}, which an installed plugin has", "another name: --program NAME")
    elif find_spec(f"candidacy_{program}"):
        yield Problem("--program", f"the package candidacy_{program}, which is installed", "another name: --program NAME")
