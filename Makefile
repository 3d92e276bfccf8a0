PYTHON ?= python3
.PHONY: run setup test check bench nlu-report triage inbox-assets format lock clean

run:            ## set up what is missing and run the line
	@$(PYTHON) -m launch run

setup:          ## make both environments
	@$(PYTHON) -m launch setup

test:           ## every test, the quick ones first
	@$(PYTHON) -m launch test-setup
	.venv/bin/python -m pytest -n logical tests/unit tests/integration
	.venv/bin/python -m pytest tests/nlu
	.venv/bin/python -m pytest -n 2 --dist worksteal tests/e2e

check:          ## style, types, import borders, known vulnerabilities, replies
	@$(PYTHON) -m launch test-setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m bot.replies.lint
	.venv/bin/python -m launch.audit

bench:          ## every benchmark, each with its table
	@$(PYTHON) -m launch test-setup
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; .venv/bin/python $$file || exit 1; done

nlu-report:     ## how well texts are understood (REPORT=--fast leaves cross-validation out)
	@$(PYTHON) -m launch test-setup
	@cd nlu && .venv/bin/python -W ignore -m report $(REPORT)
	.venv/bin/python -m bot.triage.report

triage:         ## learn anew what emergencies are like, after their texts have changed
	.venv/bin/python -m bot.triage.likeness.learning

inbox-assets:   ## build what the case workers' pages are dressed in, from the locked packages (needs npm)
	cd inbox/assets && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs

format:         ## rewrite the code in its one style
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

lock:           ## renew the locked requirements of both Pythons (needs uv)
	uv pip compile -q --upgrade --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header requirements.in -o requirements.txt
	uv pip compile -q --upgrade --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header requirements-dev.in -o requirements-dev.txt
	uv pip compile -q --upgrade --generate-hashes --python-version 3.10 --no-emit-index-url --no-emit-find-links --no-header nlu/requirements.in -o nlu/requirements.txt

clean:          ## forget environments and models (var/, with the database and keys, stays)
	rm -rf .venv nlu/.venv nlu/models nlu/.rasa
