# Commands for people; CI runs the same ones. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.DEFAULT_GOAL := help

help: ## List what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) ## Make the virtual environment with all that the project needs

# uv where there is one, else pip: both install exactly what the lock names, by its hashes.
$(STAMP): requirements-dev.lock pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
		uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements-dev.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $(STAMP)

demo: setup ## Run the bot in its sandbox: no token, no network; prints the page to open
	@$(BIN)/python -m bot demo

run: setup ## Run the live bot with the settings of .env
	@$(BIN)/python -m bot run

check-config: setup ## Say what is wrong with settings, database, token and policy
	@$(BIN)/python -m bot check

test: setup browser lint ## Linters, types, import contracts and all tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

lint: setup ## Linters, types and import contracts only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --verbose-level quiet 2>/dev/null || $(BIN)/lint-imports

browser: ## Install headless Chromium where it is missing and can be installed
	@scripts/ensure-browser

words: setup ## Compile the catalogs of what the bot says
	@$(BIN)/python -m bot words compile

journeys: setup ## Play the yardstick journeys and write docs/journeys.md
	@$(BIN)/python -m bench.journeys

bench: setup ## Measure speed beside other ways to build a bot, and write docs/benchmarks.md
	@$(BIN)/python -m bench

lock: setup ## Write the lock files anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --extra postgres --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --extra postgres --group dev --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

.PHONY: help setup demo run check-config test lint browser words journeys bench lock
