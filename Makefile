# Everything runs in .venv, made on first use. Needs Python 3.11+, git and make.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
DEV_GROUPS := --group dev --group pg --group e2e

.PHONY: run test fuzz check bench e2e format docs pictures migration clean

run: .venv/.ready
	$(BIN)/callboard demo

# the long ones mostly wait for somebody
WORKERS ?= $$(( 2 * $$(getconf _NPROCESSORS_ONLN) ))
# what a test stores need not outlive it: in memory, where there are 4 GB of it, nobody waits for a disk
MEMORY = $$([ -w /dev/shm ] && [ $$(df -k --output=avail /dev/shm | tail -1) -gt 4000000 ] && echo /dev/shm || echo $${TMPDIR:-/tmp})

# what was compiled once is not compiled again in each of the many processes, whatever the surroundings say
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/.ready-dev
	TMPDIR=$(MEMORY) $(BIN)/pytest -m alone $$(grep -rl --include='test_*.py' 'pytest.mark.alone' tests)
	TMPDIR=$(MEMORY) $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not alone"

e2e: .venv/.ready-dev
	$(BIN)/pytest tests/journeys tests/sandbox/test_page.py

# the API with made-up requests, other ones each time
fuzz: .venv/.ready-dev
	$(BIN)/pytest tests/web/test_description_holds.py --hypothesis-profile=fuzz

check: .venv/.ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/typos

bench: .venv/.ready-bench
	$(BIN)/python -m bench

format: .venv/.ready-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: .venv/.ready-dev
	$(BIN)/python -m docs.generate

pictures: .venv/.ready-dev
	$(BIN)/python -m docs.pictures

migration: .venv/.ready-dev
	$(BIN)/python -m migrations.make "$(NAME)"

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Callboard needs Python 3.11 or newer; set PYTHON=python3.12 or so."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check uv

.venv/.ready: $(UV) pyproject.toml uv.lock
	@$(UV) sync --quiet --frozen --inexact
	@touch $@

.venv/.ready-dev: $(UV) pyproject.toml uv.lock
	@$(UV) sync --quiet --frozen --inexact $(DEV_GROUPS)
	@touch $@ .venv/.ready

.venv/.ready-bench: .venv/.ready-dev
	@$(UV) sync --quiet --frozen --inexact $(DEV_GROUPS) --group bench
	@touch $@
