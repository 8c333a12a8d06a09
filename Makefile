# Everything runs in .venv with the exact versions of constraints.txt.
# Another interpreter: make run PYTHON=python3.12 (after make clean).

PYTHON ?= python3
SCENARIO ?= scenarios/baseline.yaml
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
# Python compiles what is imported; pip would compile everything, a third of the time that it takes.
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt

# Where this is set, every process that the tests start compiles all the sources that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run app test bench docs lint clean

help:  ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run-installed  ## Set up what is needed and run SCENARIO (default: the baseline).
	$(BIN)/alignsim run $(SCENARIO) $(ARGS)

app: $(VENV)/.run-installed  ## Open the what-if explorer in the browser.
	$(BIN)/streamlit run app.py $(ARGS)

test: $(VENV)/.dev-installed  ## Run all tests; ARGS="-k slots" passes options to pytest.
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist worksteal $(ARGS)

bench: $(VENV)/.dev-installed  ## Measure speed: print ratios and how cost grows.
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/.dev-installed  ## Make again what is generated: parts of pages, and schemas.
	$(BIN)/python -m sim.interfaces.generated.files

lint: $(VENV)/.dev-installed  ## Check style, formatting and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:  ## Remove the environment and every cache; results stay.
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Some systems ship Python without ensurepip; then the interpreter's own pip fills the environment.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("alignsim needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Name another: make run PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV) 2>/dev/null || { \
	  $(PYTHON) -m venv --clear --without-pip $(VENV) && \
	  $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }

# A stamp is as new as the last installation, so pip runs again only when these files change.
$(VENV)/.run-installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV) ..."
	$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.dev-installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV) with the tools for development ..."
	$(PIP_INSTALL) -e ".[dev]"
	@touch $@ $(VENV)/.run-installed
