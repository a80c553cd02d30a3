# The study from one command. `make help` lists every target.
#
# Each notebook has one rule: it is run again when the notebook, the code in src/, its data or the
# locked packages change. Stamps live in .make/, which git ignores.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
RUN = $(VENV)/bin/smartgov
READY = $(VENV)/.ready
TESTABLE = $(VENV)/.testable
INSTALL = $(VENV)/bin/uv pip install --quiet --python $(VENV)/bin/python
RESOLVE = $(VENV)/bin/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 \
  --fork-strategy fewest --generate-hashes --no-header --no-annotate

# What was written behind make, as it was typed: neither make nor the shell reads a word of it, for
# it travels in the environment. A variable of the shell, which may be anyone's (NAME), is none.
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
$(foreach name,$(GIVEN),$(eval override export $(name) := $$(value $(name))))

# $(call verb,rerun,PANEL,NAME KEEP) is smartgov rerun --name="$NAME" -- "$PANEL" where both were
# given; any variable but these stops it. A fourth list names variables that hold several words.
verb = $(foreach name,$(filter-out $(2) $(3) $(4) VENV PYTHON,$(GIVEN)),$(error make $@ knows no $(name); \
  accepted are: $(strip $(2) $(3) $(4))))$(RUN) $(1)$(foreach name,$(filter \
  $(GIVEN),$(3)),$(if $($(name)), --$(shell tr A-Z_ a-z- <<< $(name))="$$$(name)"))$(foreach \
  name,$(filter $(GIVEN),$(4)), $$$(name))$(if $(2), -- $(foreach name,$(2),"$(if $(filter \
  $(name),$(GIVEN)),$$$(name))"))

CODE := $(shell find src -type f -not -name '*.pyc' -not -path '*.egg-info/*')
READ := $(wildcard data/sweep/* data/published/* data/model/*.yaml data/panels/* data/datapackage.json)
NOTEBOOKS := $(basename $(notdir $(wildcard notebooks/0*.ipynb)))
STAMPS := $(NOTEBOOKS:%=.make/%.done)

# A notebook that left other files than are there now is run again.
ifneq ($(filter all .make/%,$(or $(MAKECMDGOALS),all)),)
$(shell [ ! -e $(READY) ] || $(VENV)/bin/python src/smartgov/files/sums.py .make >&2)
endif

.PHONY: all
all: .make/built ## build the environment, run the notebooks, print what was found
	@$(if $(BUILT),:,echo "Nothing to do: notebooks, figures and tables are up to date (data/derived/summary.txt has the verdicts).")

.make/built: $(STAMPS)
	@$(if $(STALE),$(RUN) run $(STALE))
	@cat data/derived/summary.txt && touch $@ $(eval BUILT := now)

$(STAMPS): .make/%.done: notebooks/%.ipynb $(CODE) $(READ) requirements.lock | $(READY)
	@$(eval STALE += $*):

# What a notebook reads of another's tables.
.make/06_audit_of_printed_results.done: .make/02_model_construction.done

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found; install one, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) || { echo "$(PYTHON) cannot create environments; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@awk '/^[^ ]/ {wanted = /^uv==/} wanted' requirements.lock > $(VENV)/uv.lock
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(TESTABLE): requirements-test.lock $(READY)
	@$(INSTALL) --require-hashes -r requirements.lock -r requirements-test.lock
	@touch $@

.PHONY: env
env: $(READY) ## create or renew the environment in .venv from the lock

.PHONY: test
test: $(TESTABLE) ## run every test: code, data, README, figures, and the notebooks through nbval
	@$(VENV)/bin/ruff check --quiet . && $(VENV)/bin/ruff format --check --quiet .
	@rm -rf .make/again && $(RUN) run $(NOTEBOOKS) --out .make/again
	@SMARTGOV_OUTPUT=$(CURDIR)/.make/nbval $(VENV)/bin/python -m pytest -n 2 --dist loadfile --nbval --nbval-current-env notebooks/02* notebooks/solutions
	@$(VENV)/bin/python -m pytest -n 2 --dist loadscope tests src --doctest-modules

.PHONY: browser
browser: site ## use a generated questionnaire and the built site in a real browser (needs Chromium, Node.js and npm)
	@cd tests/browser && npm ci --ignore-scripts --silent
	@SMARTGOV_SITE=$(CURDIR)/_site $(VENV)/bin/python -m pytest tests/browser

.PHONY: faults
faults: $(TESTABLE) ## kill make and a rerun at 50 moments each; nothing may be torn (half an hour)
	@$(VENV)/bin/python tests/faults/kills.py

.PHONY: fuzz
fuzz: $(TESTABLE) ## damage every kind of file in every way, and try inputs drawn anew, until one is not read or refused rightly (ten minutes)
	@$(VENV)/bin/python -m pytest tests/damage --long

.PHONY: lab
lab: $(READY) ## open JupyterLab on the notebooks with this environment's kernel
	@$(VENV)/bin/jupyter lab notebooks

.PHONY: notebook
notebook: $(READY) ## run one notebook with other parameters: N=03 NAME=strict PARAMS="alpha=0.01" (into runs/NAME/)
	@$(subst --params=,--set=,$(call verb,run,N,NAME PARAMS))

.PHONY: why
why: $(READY) ## say why a claim is judged as it is: CLAIM=table4.policy_making.E2.p
	@$(call verb,why,CLAIM)

.PHONY: doctor
doctor: $(READY) ## say what differs from the locks, the published files and the last run, and what depends on it: [FRESH=yes]
	@$(call verb,doctor,,FRESH)

.PHONY: trace
trace: $(READY) ## say what a figure was made from, with hashes, or which figures are stale: [FIGURE=figures/06_cells.svg]
	@$(call verb,trace,,FIGURE)

.PHONY: deposit
deposit: $(READY) ## write the last commit for an archive, with RO-Crate, CODECHECK and CodeMeta metadata: deposit/smartgov-VERSION.zip [OUT=folder]
	@mkdir -p .make; git status --porcelain > .make/uncommitted && git archive HEAD -o .make/commit.tar || rm -f .make/commit.tar
	@$(call verb,deposit,,OUT)

.PHONY: verify-transcription
verify-transcription: $(READY) ## find every transcribed string in the article's text: ARTICLE=path
	@$(call verb,verify-transcription,ARTICLE)

.PHONY: model
model: $(READY) ## write a small model file with comments, to be changed into your own: OUT=my_model.yaml
	@$(call verb,model,OUT)

.PHONY: instrument
instrument: $(READY) ## write the questionnaire as XLSForm, pages and a workbook to type paper into: FOLDER=path [MODEL=file] [ROUND=2 PANEL=answers.csv [ROUND2=file] [ROUND3=file] [ASK=all]] [ORDER=drawn] [COPIES=12] [LANGUAGE=kk] [CONTACT=words]
	@$(call verb,instrument,FOLDER,MODEL ROUND PANEL ROUND2 ROUND3 ASK ORDER COPIES LANGUAGE CONTACT MAPPING)

.PHONY: feedback
feedback: $(READY) ## write one feedback sheet an expert: PANEL=answers.csv FOLDER=path [MODEL=file] [ROUND=2 ROUND2=file] [ROUND3=file] [LANGUAGE=kk] [MAPPING=file] [KEEP=sector]
	@$(call verb,feedback,PANEL FOLDER,MODEL ROUND ROUND2 ROUND3 LANGUAGE MAPPING KEEP)

.PHONY: rerun
rerun: $(READY) ## run notebook 07 on your panel: PANEL=answers.csv NAME=almaty [MODEL=file] [ROUND2=file] [ROUND3=file] [FORMAT=kobo] [MAPPING=file] [ATTRITION=accept] [MIN_ANSWERED=0.5] [LANGUAGE=kk] [KEEP="sector,age"]
	@$(call verb,rerun,PANEL,NAME MODEL ROUND2 ROUND3 FORMAT MAPPING ATTRITION MIN_ANSWERED LANGUAGE KEEP)

.PHONY: mapping
mapping: $(READY) ## write a mapping file to fill in, for a table with headings of its own: TABLE=answers.csv (beside it) [MODEL=file]
	@$(call verb,mapping,TABLE,MODEL)

.PHONY: compare
compare: $(READY) ## rank the components in every panel of a folder, side by side: PANELS=folder NAME=cities [MODEL=file] [LANGUAGE=kk] [WORKERS=4] [SCHEDULER=tcp://host:8786]
	@$(call verb,compare,PANELS,NAME MODEL LANGUAGE WORKERS SCHEDULER)

.PHONY: export
export: $(READY) ## write a panel for SPSS (.sav, .sps) and the codes as REFI-QDA: PANEL=panel.csv FOLDER=path [MODEL=file] [LANGUAGE=kk]
	@$(call verb,export,PANEL FOLDER,MODEL LANGUAGE)

.PHONY: audit
audit: $(READY) ## judge anyone's table of printed W, chi-square, p and mean ranks: TABLE=path.csv OUT=path.csv [WORKERS=4] [SCHEDULER=tcp://host:8786] [OPTIONS="--rule half_up"]; Error 1: a row is contradicted, 2: unreadable, 3: both, 4: nothing was judged
	@set -f; $(call verb,audit,TABLE OUT,WORKERS SCHEDULER,OPTIONS)

.PHONY: reconstruct
reconstruct: $(READY) ## draw data/panels/reconstructed.csv anew, a panel that would print the article's tables, or many: [OUT=folder COUNT=100] [SEED=1] [WORKERS=4] [SCHEDULER=tcp://host:8786]
	@$(call verb,reconstruct,,OUT COUNT SEED WORKERS SCHEDULER)

.PHONY: sweep
sweep: $(READY) ## simulate 10^8 panels anew for notebook 08 (minutes; goes on where it was stopped): [WORKERS=4] [SCHEDULER=tcp://host:8786]
	@$(call verb,sweep,,WORKERS SCHEDULER)

.PHONY: codebook
codebook: $(READY) ## write anew what is made from data/ and the notebooks: data/README.md, figures/README.md, the reporting checklist in docs/
	@$(call verb,codebook)

.PHONY: checker
checker: $(READY) ## write docs/checker.html anew, the page that judges printed numbers in any browser
	@$(call verb,checker)

# The notebooks once more, for figures in the other languages of the site.
SPOKEN := .make/kk/.done .make/ru/.done
$(SPOKEN): .make/%/.done: $(STAMPS) | .make/built
	@$(RUN) run $(NOTEBOOKS) --set language=$* --out .make/$*
	@touch $@

.PHONY: site
site: $(TESTABLE) $(SPOKEN) ## build the site in three languages: _site/index.html opens from disk
	@$(VENV)/bin/python docs/build.py site

.PHONY: site-messages
site-messages: $(TESTABLE) ## renew what translators fill in: docs/locale/*/LC_MESSAGES/**/*.po
	@$(VENV)/bin/python docs/build.py messages

BESIDE = tests/bench/requirements.lock

.PHONY: bench
bench: $(TESTABLE) ## measure time and memory (tests/bench/measured.json), and every speed target as a ratio within one run (docs/benchmarks.md; half an hour)
	@$(VENV)/bin/python tests/bench/measure.py
	@$(INSTALL) --target .make/bench --no-deps --require-hashes -r $(BESIDE)
	@$(VENV)/bin/python tests/bench/run.py

.PHONY: alterations
alterations: $(TESTABLE) ## alter every printed number and see what notices: tests/faults/alterations.csv [ARTICLE=path]
	@$(VENV)/bin/python tests/faults/alterations.py $(if $(filter ARTICLE,$(GIVEN)),"$$ARTICLE")

.PHONY: mutation
mutation: $(TESTABLE) ## make the code wrong in a sample of places and see which test fails: tests/faults/mutants.csv (hours)
	@$(VENV)/bin/python tests/faults/mutation.py

.PHONY: environments
environments: ## build the last commit from scratch in 19 environments and count the bytes that differ: tests/faults/environments.csv (an hour)
	@$(PYTHON) tests/faults/environments.py

.PHONY: licences
licences: $(TESTABLE) ## list the licences of the locked packages: LICENCES.md
	@$(VENV)/bin/python tests/faults/licences.py

.PHONY: lock
lock: $(READY) ## resolve the packages of pyproject.toml anew into requirements.lock and requirements-test.lock
	@$(RESOLVE) --extra study --extra notebooks --extra build --extra cluster --upgrade -o requirements.lock
	@mkdir -p .make && $(RESOLVE) --all-extras --constraint requirements.lock --upgrade -o .make/all.lock
	@awk '/^[^ ]/ {kept = NR > FNR && !($$0 in study); study[$$0]} kept' requirements.lock .make/all.lock > requirements-test.lock
	@$(RESOLVE) tests/bench/requirements.in --extra study --extra notebooks --extra build --extra cluster \
	  --constraint requirements.lock --upgrade -o .make/bench.lock
	@awk '/^[^ ]/ {kept = NR > FNR && !($$0 in study); study[$$0]} kept' requirements.lock .make/bench.lock > $(BESIDE)

.PHONY: clean
clean: ## forget what is up to date, so that the next make runs every notebook again
	@rm -rf .make

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'
