# Every target sets up what it needs in .venv, and again only when the dependencies have changed.
PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c requirements.lock

.DEFAULT_GOAL := help
.PHONY: help run demo test test-slow lint format bench readme lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 10

run: $(VENV)/.base ## start the simulator (ARGS="--port 0 ..." for settings)
	@$(BIN)/fluent-sim serve $(ARGS)

demo: $(VENV)/.base ## show the whole story once
	@$(BIN)/fluent-sim demo

test: $(VENV)/.dev ## run the tests (ARGS="-k name" for some of them)
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

test-slow: $(VENV)/.dev ## run the tests that take longer, with new random examples
	@$(BIN)/pytest -m slow -n auto --dist worksteal $(ARGS)

lint: $(VENV)/.dev ## check style and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

format: $(VENV)/.dev ## put every file into the common style
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(VENV)/.dev ## measure speed and memory (ARGS="--help" lists what)
	@$(BIN)/fluent-sim bench $(ARGS)

readme: $(VENV)/.dev ## bring up to date what comes from the code: tables of pages, links for mypy
	@$(BIN)/python -m tests.guards.helpers.tables

lock: ## resolve every dependency anew, into requirements.lock
	@rm -rf build/lock
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check install --quiet '.[all,dev]'
	@build/lock/bin/python -m pip freeze --all | grep -E '^[A-Za-z0-9._-]+==' \
	  | grep -v '^pip==' > requirements.lock
	@rm -rf build/lock

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist *.egg-info bench-results load-results
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is not;" \
	    "name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) ..." >&2
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.base: $(VENV)/.made pyproject.toml requirements.lock
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml requirements.lock
	@$(PIP) -e '.[all,dev]'
	@touch $@ $(VENV)/.base
