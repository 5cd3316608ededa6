# The one entrance for commands: `make help` lists them. Everything is installed into .venv from
# the lock files, and again only when a lock file or pyproject.toml changes.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
PIP_LOCKED := $(PIP) install --only-binary :all: --require-hashes -r
# Spark comes as a source distribution only; its hash is in the lock as the others are.
PIP_CLUSTER := $(PIP) install --only-binary :all: --no-binary pyspark --no-build-isolation \
	--require-hashes -r
# The build backend comes from the lock too, so the checkout itself is installed without a network.
PIP_CHECKOUT := $(PIP) install --no-deps --no-build-isolation --no-index -e .
PIP_COMPILE := build/lock/bin/python -m piptools compile --quiet --allow-unsafe --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --strip-extras

# What breaks off, overtakes and plays at random: a little of it in `make test`, all of it here.
FAULTS := $(addprefix tests/,stories/test_kills.py payment_service/test_night_killed.py \
	$(addprefix payment_service/use_cases/,test_overtaken.py test_lives.py))

CREATED := .venv/created.stamp
SERVICE := .venv/service.stamp
DEVELOPMENT := .venv/development.stamp
CLUSTER := .venv/cluster.stamp

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install install-development install-cluster demo serve check test faults fuzz bench lock clean

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) \
		| while IFS='|' read -r name text; do printf '  make %-20s %s\n' "$$name" "$$text"; done

install: $(SERVICE) ## Install the service into .venv

install-development: $(DEVELOPMENT) ## Install the service and the tools that check it

install-cluster: $(CLUSTER) ## Add Apache Spark for reconcile-parquet (Java 17 is needed, 500 MB)

demo: $(SERVICE) ## Play days of payments on an embedded database (ARGS="--days 3 --serve")
	@$(BIN)/payment-service demo $(ARGS)

serve: $(SERVICE) ## Run the web server with the settings of the environment
	@$(BIN)/payment-service serve $(ARGS)

check: $(DEVELOPMENT) ## Lint, format, types and import contracts
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy
	$(BIN)/python -m mypy tests
	$(BIN)/lint-imports --no-logo

test: $(DEVELOPMENT) ## Run the tests (ARGS="tests/reconciliation -k lump_sum")
	$(BIN)/python -m pytest $(ARGS)

faults: $(DEVELOPMENT) ## Kill, cut off and overtake everywhere, in many rounds (FAULT_ROUNDS=20)
	FAULT_ROUNDS=$${FAULT_ROUNDS:-20} $(BIN)/python -m pytest -n 0 $(FAULTS) $(ARGS)

fuzz: $(DEVELOPMENT) ## Fuzz every parser and verifier (ARGS="--runs 1000000 --seconds 0 --only mt940 camt")
	$(BIN)/python -m tests.fuzz $(ARGS)

bench: $(DEVELOPMENT) ## Measure against floors and peers
	$(BIN)/python -m benchmarks $(ARGS)

lock: ## Resolve the lock files anew (the only command that asks for newer versions)
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check -qq install pip-tools
	$(PIP_COMPILE) --upgrade --extra embedded --output-file lock/service.txt pyproject.toml
	$(PIP_COMPILE) --upgrade --extra embedded --extra development \
		--output-file lock/development.txt pyproject.toml
	$(PIP_COMPILE) --upgrade --extra embedded --extra cluster --constraint lock/development.txt \
		--output-file lock/cluster.txt pyproject.toml

clean: ## Remove the environment and caches; keeps var/, where the demo's records are
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf .import_linter_cache
	find . -type d -name __pycache__ -prune -exec rm -rf {} +

$(CREATED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

$(SERVICE): $(CREATED) lock/service.txt pyproject.toml
	@echo "Installing the service into .venv (about a minute)"
	@$(PIP_LOCKED) lock/service.txt
	@$(PIP_CHECKOUT)
	@touch $@

$(DEVELOPMENT): $(CREATED) lock/development.txt pyproject.toml
	@echo "Installing the service and its tools into .venv (about a minute)"
	@$(PIP_LOCKED) lock/development.txt
	@$(PIP_CHECKOUT)
	@touch $@ $(SERVICE)

$(CLUSTER): $(SERVICE) lock/cluster.txt
	@echo "Adding Apache Spark to .venv (a few minutes)"
	@$(PIP_CLUSTER) lock/cluster.txt
	@touch $@
