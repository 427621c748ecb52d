# Every target does its own set-up; a second run takes seconds.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED_DATA ?= ../shared/data
POSTCODES := $(wildcard $(SHARED_DATA)/geo_nl/postcode4_gemeente_cbs_certegis.csv)
SERVE ?= 1
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 20

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Passend needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25'
	$(BIN)/python -m pip install --quiet 'torch==2.13.0'
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

# Exact distances, where the table of postcodes lies beside the repository.
$(VENV)/postcodes: $(VENV)/installed
	@$(if $(POSTCODES),$(BIN)/passend geo import $(POSTCODES),true)
	@touch $@

ASSETS := service/pages/vendor/complete
$(ASSETS): assets/package-lock.json assets/build $(VENV)/installed
	assets/build $(BIN)

.PHONY: assets
assets: $(ASSETS) ## Bring the styles, fonts and scripts of the pages (npm; where there is no Node, from PyPI)

.PHONY: browser
browser: setup
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || [ -n "$(CHROMIUM)" ] || assets/chromium $(BIN)

.PHONY: screenshots
screenshots: setup assets browser ## Make docs/screens anew
	@mkdir -p docs/screens
	SCREENSHOTS=docs/screens OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q tests/browser/test_pages.py tests/browser/test_widget.py

.PHONY: setup
setup: $(VENV)/postcodes ## Make .venv with the passend command in it

.PHONY: demo
demo: setup assets ## Show three worked examples on the demo set, then serve on 127.0.0.1:8000 (SERVE=0: end after printing)
	@$(BIN)/passend demo
	@if [ "$(SERVE)" = 1 ]; then echo; echo "Starting. Open the address below when it is there, and sign in with one of the accounts above."; PASSEND_INSECURE_COOKIES=1 $(BIN)/passend serve --port $(PORT); fi

.PHONY: test
test: setup assets browser ## Run the whole test suite
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: docs
docs: setup ## Write docs/api.md anew, from the API and its worked examples
	WRITE_DOCS=1 $(BIN)/python -m pytest -q tests/service/test_api_docs.py

.PHONY: lint
lint: setup ## Check style, types, import rules and the Dockerfile
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

$(VENV)/bench: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

.PHONY: bench
bench: setup $(VENV)/bench ## Measure speed and scale against peers (QUICK=1: up to 100 thousand places); writes build/bench.json
	$(BIN)/python -m tests.benchmarks.run

.PHONY: load
load: setup $(VENV)/bench ## Ask 4 workers on this machine for matches through HTTP; writes build/load.json
	$(BIN)/python -m tests.benchmarks.load

.PHONY: notebooks
notebooks: setup ## Execute the notebooks
	$(BIN)/python notebooks/execute.py

.PHONY: clean
clean: ## Remove the virtual environment and build results
	rm -rf $(VENV) build dist
