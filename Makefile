# Every target works as the first command on a fresh clone. It needs make, git and
# Python 3.11 or newer, and makes its own .venv from the locks in requirements/.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin

# To use another Python: make test PYTHON=/path/to/python3.12
PYTHON ?=
CANDIDATES := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)

# One stamp per lock: a target that finds its stamp newer than the lock installs nothing.
TOOLS := $(VENV)/.stamp-tools
RUNTIME := $(VENV)/.stamp-runtime
DEV := $(VENV)/.stamp-dev
# The developer's lock contains the runtime's: where it is installed, the demo uses it.
DEMO := $(if $(wildcard $(DEV)),$(DEV),$(RUNTIME))

# uv asks the index pip is set up with and trusts the authorities of this machine, unless told
# otherwise; its own list of them serves machines that have none.
SYSTEM_CERTS := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem \
	/etc/pki/tls/certs/ca-bundle.crt),true,false)
PIP_INDEX = $$($(BIN)/python -m pip config get global.index-url 2>/dev/null)
UV = UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$(PIP_INDEX)}}" \
	UV_SYSTEM_CERTS="$${UV_SYSTEM_CERTS:-$(SYSTEM_CERTS)}" \
	UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv
INSTALL_SLOTBOOK = $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help demo test lint check bench access pictures lock clean

help:
	@echo "make demo    start slotbook with a playground, no token needed"
	@echo "make test    run the whole test suite"
	@echo "make check   formatting, lint, types, layers, spelling, then the tests"
	@echo "make bench   measure speed beside its references"
	@echo "make access  make docs/access.md anew: who may use what, and where"
	@echo "make pictures  make the README's pictures anew (needs Chromium)"
	@echo "make lock    choose newer versions within pyproject.toml and lock them"
	@echo "make clean   remove what make made"

demo: $(DEMO)
	@$(BIN)/slotbook demo $(ARGS)

# make test ARGS="-k reminders"
test: $(DEV)
	@$(BIN)/python -m pytest -n logical --maxprocesses 8 --dist worksteal $(ARGS)

lint: $(DEV)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/codespell

check: lint test

bench: $(DEV)
	@$(BIN)/python -m benchmarks $(ARGS)

access: $(DEV)
	@$(BIN)/python -m app.access_table

pictures: $(DEV)
	@PYTHONPATH=.:tests $(BIN)/python docs/make_pictures.py

lock: $(TOOLS)
	$(COMPILE) --upgrade pyproject.toml --extra postgres --extra geo --extra fast --group dev \
		--output-file requirements/dev.txt >/dev/null
	$(COMPILE) pyproject.toml --extra postgres --extra geo \
		--constraints requirements/dev.txt --output-file requirements/runtime.txt >/dev/null
	$(COMPILE) --group build \
		--constraints requirements/dev.txt --output-file requirements/bootstrap.txt >/dev/null

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(DEV): requirements/dev.txt pyproject.toml $(TOOLS)
	@echo "Installing what slotbook and its tests need ..."
	@$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	@$(INSTALL_SLOTBOOK)
	@touch $(RUNTIME) $@

$(RUNTIME): requirements/runtime.txt pyproject.toml $(TOOLS)
	@echo "Installing what slotbook needs ..."
	@$(UV) pip sync --quiet --require-hashes requirements/runtime.txt requirements/bootstrap.txt
	@$(INSTALL_SLOTBOOK)
	@touch $@

# Names are tried by running them: a version manager's shim can exist without its Python.
$(TOOLS): requirements/bootstrap.txt
	@set -e; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		found=; \
		for python in $(CANDIDATES); do \
			if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
				found=$$python; \
				if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then break; fi; \
			fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "slotbook needs Python 3.11 or newer; tried: $(CANDIDATES)" >&2; exit 1; \
		fi; \
		if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "$$found lacks venv or ensurepip. On Debian and Ubuntu: apt install python3-venv" >&2; \
			exit 1; \
		fi; \
		echo "Making $(VENV) with $$("$$found" --version) ..."; \
		"$$found" -m venv --clear $(VENV); \
	fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements/bootstrap.txt
	@touch $@
