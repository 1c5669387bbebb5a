# Everything runs from .venv, which is made on demand, and again when the lock changes.
PYTHON ?= python3
ARGS ?=

VENV := .venv
RUN := $(VENV)/bin/python -m
STAMP := $(VENV)/installed
EXTRAS := $(VENV)/extras-installed
PYWB := $(VENV)/pywb/installed
SCRAPYD := $(VENV)/scrapyd/installed
PEERS := $(VENV)/peers/installed $(VENV)/fundus/installed
UV := $(VENV)/lock/bin/uv
ANY_DAY := $(RUN) pytest -q -m any_day tests/crawls

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help crawl demo data test torture agencies-report quality bench bench-peers lock clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

crawl: $(STAMP) ## crawl the live site; spider arguments: make crawl ARGS="-a editions=en -a limit=20"
	@$(RUN) scrapy crawl uza $(ARGS)

demo: $(STAMP) ## crawl a made-up site on this machine and show what was recorded (the first call installs)
	@$(RUN) replica.demo

data: $(EXTRAS) ## install what scrapy browse, and pictures and Parquet of scrapy release need

test: $(STAMP) $(EXTRAS) $(PYWB) $(SCRAPYD) ## check style and types, run the tests
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(VENV)/bin/lint-imports --no-logo --no-cache
	$(RUN) pytest
	@# A New Year's night of Tashkent, a 29 February, a New Year's night of UTC; in other zones, too.
	TESTS_AT=2026-12-31T23:59:50+05:00 $(ANY_DAY)
	TESTS_AT=2028-02-29T12:00:00+05:00 TZ=America/St_Johns $(ANY_DAY)
	TESTS_AT=2031-12-31T23:59:50+00:00 TZ=Pacific/Kiritimati $(ANY_DAY)

torture: $(STAMP) ## kill 200 runs at random moments and check that nothing is lost (five minutes)
	@$(RUN) tests.torture $(ARGS)

agencies-report: $(STAMP) ## read the real pages beside the project and renew docs/agencies.md
	@$(RUN) pip install --quiet --disable-pip-version-check --requirement requirements-unknown.txt
	@$(RUN) benchmarks.agencies

quality: $(STAMP) ## read the evaluation sets beside the project and renew docs/quality.md; ARGS="--set NAME --show-worst N"
	@$(RUN) benchmarks.quality $(ARGS)

bench: $(STAMP) ## measure speed, memory and growth beside their goals (nine minutes, nothing else running)
	@$(RUN) benchmarks $(ARGS)

bench-peers: $(STAMP) $(PEERS) ## let other extractors read the saved pages, too; make bench does so from then on
	@$(RUN) benchmarks peers $(ARGS)

lock: $(UV) ## renew requirements.txt from the dependencies in pyproject.toml
	@$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --no-header \
		--annotation-style line --group dev pyproject.toml \
		--output-file $(VENV)/lock/requirements.txt
	@sed -n '/^#/p;/^#/!q' requirements.txt > $(VENV)/lock/header.txt
	@cat $(VENV)/lock/header.txt $(VENV)/lock/requirements.txt > requirements.txt
	@for added in notify "data --group dev-data" scrapyd unknown; do \
		set -- $$added; extra=$$1; shift; \
		$(UV) pip compile --quiet --universal --python-version 3.11 --no-header \
			--annotation-style line --extra $$extra "$$@" --group dev --constraint requirements.txt \
			pyproject.toml --output-file $(VENV)/lock/$$extra.txt && \
		(echo "# requirements.txt with what the extra $$extra of pyproject.toml adds. Renew it: make lock" && \
			cat $(VENV)/lock/$$extra.txt) > requirements-$$extra.txt || exit 1; \
	done
	@for apart in "tests/requirements-pywb.txt pywb>=2.10 setuptools<81" \
		"benchmarks/requirements-peers.txt lxml-html-clean newspaper4k>=0.9 news-please>=1.6 trafilatura>=2.3" \
		"benchmarks/requirements-fundus.txt fundus>=0.5 curl-cffi<0.15"; do \
		set -- $$apart; file=$$1; shift; \
		sed -n '/^#/p;/^#/!q' $$file > $(VENV)/lock/header.txt; \
		printf '%s\n' "$$@" | $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 \
			--no-header --annotation-style line - --output-file $(VENV)/lock/requirements.txt && \
		cat $(VENV)/lock/header.txt $(VENV)/lock/requirements.txt > $$file || exit 1; \
	done

clean: ## remove the environment and all caches, never the data
	rm -rf $(VENV) build *.egg-info .bench .demo .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, not %d.%d: name one, as in make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Installing into $(VENV): once, for a minute or two, from the network."
	@"$(PYTHON)" -m venv $(VENV)
	@$(RUN) pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

# What single commands can do without, but not their tests.
$(EXTRAS): requirements-data.txt requirements-notify.txt $(STAMP)
	@$(RUN) pip install --quiet --disable-pip-version-check --requirement requirements-data.txt \
		--requirement requirements-notify.txt
	@touch $@

# A web archive that the tests search and replay; what it needs does not fit the lock. It uses
# pkg_resources, which later setuptools lack.
$(PYWB): tests/requirements-pywb.txt $(STAMP)
	@$(RUN) venv $(VENV)/pywb
	@$(VENV)/pywb/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# A server that crawls are scheduled on; it has its own, since what it needs of setuptools does not
# fit the extras.
$(SCRAPYD): requirements-scrapyd.txt $(STAMP)
	@$(RUN) venv $(VENV)/scrapyd
	@$(VENV)/scrapyd/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# Extractors to be compared with. Without dependencies, for the lock has them all: pip stumbles over
# the extra of lxml that two of them ask for.
$(VENV)/%/installed: benchmarks/requirements-%.txt $(STAMP)
	@$(RUN) venv $(VENV)/$*
	@$(VENV)/$*/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	@touch $@

$(UV): $(STAMP)
	@$(RUN) venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip install --quiet --disable-pip-version-check --upgrade uv
	@touch $@
