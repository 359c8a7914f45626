# make chat: the bot in this terminal    make test: everything    make lint    make bench: speed and memory
# Each makes what it needs in .venv, and is quick the second time.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: chat test lint bench clean

chat: $(READY)
	@$(BIN)/liaison-bot chat

test: $(READY)
	$(BIN)/pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv .bench

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[development]'
	@touch $(READY)
