# Everything here sets itself up: `make demo` and `make test` need Python 3.11 or newer, git and make, nothing else.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: demo test test-slow test-thorough test-nightly test-mining test-examples test-pages interop test-faults faults lint bench schemas coverage handbooks golden golden-intended clean

demo: .venv/ready
	$(BIN)/candidacy demo

test: .venv/ready
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "not slow"

# The rest of it: searches against lives, killed processes, mangled files. `.ci/run` runs both.
test-slow: .venv/ready
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m slow

# The same tests where they are counted, with their full counts.
test-thorough: .venv/ready
	$(BIN)/python -m pytest --thorough -m scaled -s

# Earliest days against lives, random programs and a day-by-day search, with their full counts.
test-nightly: .venv/ready
	$(BIN)/python -m pytest --thorough -m scaled -s tests/paths

test-examples: .venv/ready
	$(BIN)/python -m pytest tests_examples

# What is read in a browser, in Debian's chromium.
test-pages: .venv/ready .venv-axe/ready
	@command -v chromium > /dev/null || { echo "found no chromium; needed Debian's: apt-get install chromium"; exit 2; }
	$(BIN)/python -m pytest tests_pages

# Faults that take more than Python: strace, and root for mounts. AS_ROOT=sudo where you are not; OPTIONS=--no-mounts leaves
# out what mounts file systems, and says so.
test-faults: .venv/ready
	@command -v strace > /dev/null || { echo "found no strace; needed Debian's: apt-get install strace"; exit 2; }
	$(AS_ROOT) $(BIN)/python -B -m pytest -p no:cacheprovider tests_faults $(OPTIONS)

# Every fault, with the full counts; counts and seeds are printed at the end of each part.
FAULTS := $(addprefix tests/test_,$(addsuffix .py,faults power flips attack_programs turns failing_disk contended killed_postgres long_run))
faults: .venv/ready
	@command -v strace > /dev/null || { echo "found no strace; needed Debian's: apt-get install strace"; exit 2; }
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal --thorough -rP $(FAULTS)
	$(AS_ROOT) $(BIN)/python -B -m pytest -p no:cacheprovider --numprocesses 2 --dist loadfile --thorough -rP tests_faults $(OPTIONS)

test-mining: .venv/ready .venv-mining/ready
	PM4PY_PYTHON=$(CURDIR)/.venv-mining/bin/python $(BIN)/python -m pytest tests_mining

# pm4py is under the AGPL: an environment and a process of its own, never a dependency.
.venv-mining/ready:
	$(PYTHON) -m venv .venv-mining
	.venv-mining/bin/python -m pip install --quiet --disable-pip-version-check 'pm4py==2.7.23.11'
	touch $@

# What others make of our notes, trees and proofs. With full counts: make interop MORE=--thorough
MORE ?=
interop: .venv/ready .venv-interop/ready
	@{ command -v go && command -v openssl && test -d /usr/share/gocode/src/golang.org/x/mod; } > /dev/null || { \
	  echo "found no Go with its libraries, or no openssl; needed Debian's: apt-get install golang-go golang-golang-x-mod-dev openssl"; exit 2; }
	INTEROP_PYTHON=$(CURDIR)/.venv-interop/bin/python $(BIN)/python -m pytest -s tests_interop $(MORE)

# pymerkle is under the GPL: an environment and a process of its own, never a dependency.
.venv-interop/ready:
	$(PYTHON) -m venv .venv-interop
	.venv-interop/bin/python -m pip install --quiet --disable-pip-version-check 'pymerkle==7.0.0'
	touch $@

# axe-core (MPL-2.0), which tests alone read: the file in this package, without what the package drives it with.
.venv-axe/ready: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target .venv-axe 'axe-playwright-python==0.1.8'
	touch $@

coverage: .venv/ready
	$(BIN)/candidacy coverage -o docs/coverage

# The documents of our own agencies (a few minutes), in the folder HANDBOOKS.
HANDBOOKS ?= handbooks
handbooks: .venv/ready
	for agency in commerce dol hhs; do $(BIN)/candidacy plugin docs ./plugins/$$agency --timeout 1800 -o $(HANDBOOKS) || exit; done

schemas: .venv/ready
	$(BIN)/candidacy schemas -o schemas

# What a release leaves behind, once; no test run writes there.
golden: .venv/ready
	$(BIN)/python tests/golden/make.py $$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

# What answers are to differ from those of earlier releases, and why; no test run writes there.
golden-intended: .venv/ready
	$(BIN)/candidacy golden tests/golden --intend "$$REASON"

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready
	$(BIN)/python benchmarks/run.py

.venv/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "found no Python 3.11 or newer; needed one on the PATH, or make PYTHON=/path/to/python3"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
