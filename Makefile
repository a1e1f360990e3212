# Python 3.11 or newer and make are all that a fresh machine needs.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

# Without compiled files, every one of the hundreds of processes that tests start would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup sandbox run check test browser pictures lint types bench soak crash fuzz audit lock

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

setup: .venv/.developing ## a virtual environment in .venv with all that the other targets need

sandbox: .venv/.running ## try Easel in a browser, no accounts needed; ARGS="…" are passed on
	$(BIN)/python -m bot sandbox $(ARGS)

run: .venv/.running ## the bot itself, with config.toml
	$(BIN)/python -m bot --config config.toml $(ARGS)

check: .venv/.running ## what is wrong with a set-up, and how to mend it; ARGS=--paint paints one picture
	$(BIN)/python -m bot check --config config.toml $(ARGS)

test: .venv/.developing ## all tests but those in a browser
	$(BIN)/pytest -m "not browser and not alone" -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)
	$(BIN)/pytest -m "alone" $(ARGS)

browser: .venv/.developing ## the sandbox's page in a real Chromium
	$(BIN)/pytest -m browser -n 2 --dist loadfile $(ARGS)

pictures: .venv/.developing ## take the pictures in docs/pictures anew
	$(BIN)/python -m tests.browser.pictures

lint: .venv/.developing ## rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.developing ## mypy, strict
	$(BIN)/mypy

bench: .venv/.developing ## how fast and how large
	$(BIN)/python -m tests.bench $(ARGS)

soak: .venv/.developing ## a thousand ask at once, then two days pass in minutes; ARGS="--hours 2" for longer
	$(BIN)/python -m tests.soak $(ARGS)

crash: .venv/.developing ## kill the bot 200 times at any await, and look at what is left; ARGS="--runs 2000 --seed 5"
	$(BIN)/python -m tests.crash $(ARGS)

fuzz: .venv/.fuzzing ## strangers' bytes at every door, guided by coverage; ARGS="pictures --seconds 3600"
	$(BIN)/python -m tests.fuzz $(ARGS)

audit: .venv/.auditing ## known holes in the packages that are used; an error where nobody could be asked
	$(BIN)/pip-audit --strict --disable-pip --require-hashes $(addprefix -r ,$(wildcard requirements*.txt)) $(ARGS)

lock: .venv/.developing ## choose the newest versions anew, with their hashes
	$(COMPILE) --group setup -o requirements-uv.txt
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group fuzz -o requirements-fuzz.txt
	$(COMPILE) --group audit -c requirements-dev.txt -o requirements-audit.txt

# uv is fast where it can be had; pip installs the very same, only slower.
.venv/.running: requirements.txt requirements-uv.txt
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Easel needs Python 3.11 or newer. Install it, or name yours: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.txt || echo "Going on without uv."
	$(call install,requirements.txt)
	@touch $@

.venv/.developing: .venv/.running requirements-dev.txt
	$(call install,requirements-dev.txt)
	@touch $@

.venv/.fuzzing: .venv/.developing requirements-fuzz.txt
	$(call install,requirements-fuzz.txt)
	@touch $@

.venv/.auditing: .venv/.developing requirements-audit.txt
	$(call install,requirements-audit.txt)
	@touch $@

install = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || \
	$(BIN)/python -m pip install --quiet --require-hashes -r $(1)
