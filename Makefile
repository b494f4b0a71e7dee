# The two commands of the README: `make demo` and `make test`. Nothing else is needed on a machine with Python 3.11 and make.
PYTHON ?= python3.11
BIN := .venv/bin
.PHONY: demo test check lint bench bench-linkage bench-rules bench-review bench-documents bench-nightly bench-scale chaos nightly-up wheel docs lock setup clean

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/eligibility-audit demo

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: lint
	$(BIN)/python -m pytest -m "not slow" -n 2

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks.whole_run

# Ours and Splink on the same tables; BENCH passes options, e.g. BENCH="--rows 208496 --repeats 3 --ours 10000000".
bench-linkage: setup
	$(BIN)/python -m benchmarks.linkage.side_by_side $(BENCH)

# All rules over 200 thousand, a million and ten million invented cases; BENCH passes options, e.g. BENCH="--cases 1000000".
bench-rules: setup
	$(BIN)/python -m benchmarks.rules $(BENCH)

# 200,000 cases, 50 sessions, on SQLite and PostgreSQL; BENCH passes options, e.g. BENCH="--cases 20000".
bench-review: setup
	$(BIN)/python -m benchmarks.review.load $(BENCH)

# Lists as workbook, PDF and DOCX, a workbook of a million lines, letters, signatures.
bench-documents: setup
	$(BIN)/python -m benchmarks.documents $(BENCH)

# A full run, then a night in which one line in a hundred of a tenth of the files changed.
bench-nightly: setup
	$(BIN)/python -m benchmarks.nightly $(BENCH)

# A whole audit of up to a million persons: seconds by step, peak memory of all processes.
bench-scale: setup
	$(BIN)/python -m benchmarks.scale $(BENCH)

# Killed, disk full, database or server gone, two nights at once: the next run ends as an undisturbed one.
chaos: setup
	$(BIN)/python -m benchmarks.chaos $(BENCH)

# The nightly schedule with its Prefect server; PLAN=audit.yaml, docs/nightly.md says what it needs.
nightly-up: setup
	$(BIN)/eligibility-audit nightly-up $(PLAN)

# The built wheel alone, in an environment of its own, away from the sources.
wheel: setup
	rm -rf build dist .venv-wheel
	$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	$(PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-wheel/bin/uv pip sync --quiet --python .venv-wheel/bin/python --require-hashes requirements.lock
	.venv-wheel/bin/uv pip install --quiet --python .venv-wheel/bin/python --no-deps dist/*.whl
	cd dist && ../.venv-wheel/bin/eligibility-audit demo --out demo --persons 1500

docs: setup
	$(BIN)/python -c "from pathlib import Path; from eligibility_audit.use_cases.show_rules import write_catalogue; write_catalogue(Path('docs/findings'))"
	$(BIN)/python -c "import json; from eligibility_audit.domain.plan import plan_schema; print(json.dumps(plan_schema(), ensure_ascii=False, indent=1))" > docs/audit.schema.json
	$(BIN)/python -c "from pathlib import Path; from eligibility_audit.use_cases.law_to_verify import write_to_verify; write_to_verify(Path('docs/law_to_verify.md'))"

lock:
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -o requirements.lock

clean:
	rm -rf .venv .venv-wheel demo runs build dist
