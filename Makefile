PYTHON ?= python3
BIN := .venv/bin

.PHONY: start test check bench

start: .venv/run
	$(BIN)/wijkaanpak serve

test: .venv/dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(BIN)/pytest

check: .venv/run
	$(BIN)/wijkaanpak controleer

bench: .venv/dev
	$(BIN)/python -m bench

.venv/run: requirements/run.txt requirements/controle.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/build.txt -r requirements/controle.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@
