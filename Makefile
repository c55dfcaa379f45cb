PYTHON ?= python3
BIN := .venv/bin
# How many tests run side by side: one for each processor; TESTS=tests/api runs a part, J=0 one after another. The types are a
# test too.
J ?= $(shell nproc 2>/dev/null || echo 2)
TESTS ?= tests
TYPES := tests/test_types.py

.PHONY: start test check controleer format bench land

start: .venv/run
	$(BIN)/wijkaanpak serve

# Seconds to a minute: layout, types, and the tests that need nothing but Python.
check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m kb.check.turtle_format --controleer
	$(BIN)/pytest -n $(J) --dist loadgroup -m quick

# Minutes: all of that, and every other test.
test: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m kb.check.turtle_format --controleer
	$(BIN)/pytest -n $(J) --dist loadgroup $(TESTS) $(TYPES)

controleer: .venv/run
	$(BIN)/wijkaanpak controleer

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m kb.check.turtle_format

# The table of the country, from the downloaded files in the folder DATA (docs/land.md).
land: .venv/run
	$(BIN)/wijkaanpak land importeer $(DATA)/*.csv $(DATA)/*.yml $(DATA)/*.geojson $(DATA)/*.gz \
		--opnieuw --uit kb/country/data/gebieden.parquet

bench: .venv/dev
	$(BIN)/python -m bench
	$(BIN)/python -m bench.advice
	$(BIN)/python -m bench.country

.venv/run: requirements/run.txt requirements/controle.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/build.txt -r requirements/controle.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@
