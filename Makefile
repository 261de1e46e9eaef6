# Sets up by itself what each target needs, in .venv: only Python 3.11-3.13, make and a package index
# are asked for. PYTHON=... names the interpreter where the first that fits is not the right one.

PYTHON ?=
CORES ?= all
PYTEST_ARGS ?=
UPGRADE ?=

install = sh requirements/install.sh
# The rules call plain `python`.
activated = PATH="$(CURDIR)/.venv/bin:$$PATH"
compile = .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock" $(if $(filter 1,$(UPGRADE)),--upgrade) \
	pyproject.toml
# Beside development.txt, with whose versions they agree.
lists = all data peers report slurm slurm-gpu training training-gpu

# Another project's modules or a site's profile must not change what happens here.
unexport PYTHONHOME PYTHONPATH SNAKEMAKE_PROFILE

.DEFAULT_GOAL := help
.PHONY: help demo test test-report test-environments test-browser test-cluster lock environments format lint clean-environment
.NOTPARALLEL:

help: ## List these targets
	@echo "Targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name words; do \
		printf '  %-18s %s\n' "$$name" "$$words"; done

demo: ## Install what is needed and run the whole workflow on small embedded data (CORES=2)
	@$(install) all "$(PYTHON)"
	$(activated) snakemake --cores $(CORES) --configfile demo.yaml
	@echo "The demo's tables are in results/demo/tables/, its figures in results/demo/figures/;"
	@echo "results/demo/report.html shows them all on one page."
	@echo "For the report itself: . .venv/bin/activate && snakemake --cores $(CORES)"

test: ## Install what is needed and run the tests (PYTEST_ARGS="-k download")
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest $(PYTEST_ARGS)

test-report: ## Train two of the report's networks and compare them with its curves
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest tests/report $(PYTEST_ARGS)

test-environments: ## Run each stage in an environment of its own, built from its list
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest tests/environments $(PYTEST_ARGS)

test-browser: ## Open the page report.html in a real Chromium
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest tests/browser $(PYTEST_ARGS)

test-cluster: ## Run the workflow and its faults on a real SLURM on this machine
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest tests/cluster $(PYTEST_ARGS)

lock: ## Refresh requirements/*.txt and envs/*.yaml from pyproject.toml (UPGRADE=1: newest versions)
	@$(install) none "$(PYTHON)"
	@.venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install --quiet uv
	$(compile) --extra development -o requirements/development.txt >/dev/null
	set -e; for list in $(lists); do \
		$(compile) --extra $$list -c requirements/development.txt -o requirements/$$list.txt >/dev/null; \
	done
	@! grep -n '://' requirements/*.txt || { echo "error: the lists must name no host" >&2; exit 1; }
	@$(MAKE) --no-print-directory environments

environments: ## Write envs/*.yaml from requirements/*.txt
	@$(install) none "$(PYTHON)"
	.venv/bin/python envs/from_requirements.py

format: ## Format the Python files and the rules
	@$(install) development "$(PYTHON)"
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/snakefmt Snakefile workflow/rules

lint: ## Check style, rules and generated environments
	@$(install) development "$(PYTHON)"
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/snakefmt --check Snakefile workflow/rules
	.venv/bin/snakemake --lint
	.venv/bin/python envs/from_requirements.py --check

clean-environment: ## Remove .venv; results stay
	rm -rf .venv
