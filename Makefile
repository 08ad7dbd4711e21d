# The whole developer loop. What each target does lives in scripts/; PYTHON=... chooses the Python.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench format lock clean
PYTHON ?=
export PYTHON
ENVIRONMENT := scripts/with-python -m scripts.environment

help:
	@echo "make demo    a small municipality: hub, devices, a phone page (ARGS=--lan, --smoke, --flat)"
	@echo "make test    checks and all tests (installs what they need)"
	@echo "make check   lint, types and import contracts only"
	@echo "make bench   measures, as ratios in one run (ARGS=...)"
	@echo "make format  lays out the code"
	@echo "make lock    makes the locks anew from pyproject.toml (needs uv)"
	@echo "make clean   removes what the other targets made"

demo:
	@$(ENVIRONMENT) run
	@.venv/bin/python -m simulators.demo $(ARGS)

test:
	@$(ENVIRONMENT) dev
	@.venv/bin/python -m scripts.system
	@.venv/bin/python -m scripts.tiers

check:
	@$(ENVIRONMENT) dev
	@.venv/bin/python -m scripts.tiers --checks

bench:
	@$(ENVIRONMENT) dev
	@.venv/bin/python -m tests.bench $(ARGS)

format:
	@$(ENVIRONMENT) dev
	@.venv/bin/ruff format --quiet .
	@.venv/bin/ruff check --fix --quiet .

lock:
	@scripts/lock $(ARGS)

clean:
	@rm -rf .venv .test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
