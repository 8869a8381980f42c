# The few things one does with this project; `make help` lists them.

.DEFAULT_GOAL := help
.PHONY: help set-up run test check lint types tests test-doccano bench stress frozen clean

PYTHON_HERE := .venv/bin/python
ON_SCREEN := $(PYTHON_HERE) packaging/with_display.py

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 16

set-up: ## Make .venv and install all that is needed; quick when it is there
	@sh packaging/setup.sh

run: set-up ## Open the program on the sample articles; without a display, work on them offscreen
	@$(PYTHON_HERE) packaging/run_seeds.py

test: set-up tests ## Run the tests, on screens of their own, JOBS=1 one after the other

check: set-up lint types tests ## Everything that must pass: lint, types, tests

lint: set-up ## Look at style and form
	$(PYTHON_HERE) -m ruff check .
	$(PYTHON_HERE) -m ruff format --check .

types: set-up ## Check the types
	$(PYTHON_HERE) -m mypy

JOBS ?= auto
tests: set-up
	$(ON_SCREEN) $(PYTHON_HERE) -m pytest -n $(JOBS) --maxprocesses 4 --dist worksteal

SOME ?= slow or not slow
test-doccano: set-up ## Install doccano for itself, start it on 127.0.0.1, and test against it; DOCUMENTS=1000
	$(PYTHON_HERE) -m pytest tests/doccano -q -m "$(SOME)"

bench: set-up ## Measure what must be quick
	$(ON_SCREEN) $(PYTHON_HERE) -m pytest tests/benchmarks -s -q

SEED ?= $(shell date +%s)
KILLS ?= 320
stress: set-up ## Kill the program KILLS=320 times while it works, and look whether anything was lost; SEED repeats it
	$(PYTHON_HERE) -m tests.stress.campaign --seed $(SEED) --kills $(KILLS)

frozen: set-up ## Build the program as one folder, build/frozen/annotator, and let it test itself
	$(PYTHON_HERE) packaging/freeze.py

installer: set-up ## Make what people install, as far as this system can: dist/ with .deb, .tar.gz, wheel, SHA256SUMS
	$(PYTHON_HERE) packaging/installer.py

try-installer: ## As root, install the .deb of dist/ into a Debian system made for it, and try it there
	$(PYTHON_HERE) packaging/try_installer.py

measure: ## Measure the frozen program against its goals: sizes, start, memory
	$(PYTHON_HERE) packaging/measure.py

reproduce: ## Freeze the last commit again in another folder, and say in what the two differ
	$(PYTHON_HERE) packaging/reproduce.py

clean: ## Remove what was made, but for .venv
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov
	find annotator tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
