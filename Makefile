# Every target installs what it needs into .venv. Required: Python 3.11-3.13, make and a package
# index. PYTHON=... names the interpreter if the first suitable one is not the right one.

PYTHON ?=
CORES ?= all
PYTEST_ARGS ?=
CONFIGS ?=
RESULTS ?=
REMOVE ?=
UPGRADE ?=

install = sh requirements/install.sh
# The rules call `python`, which must be that of .venv.
activated = PATH="$(CURDIR)/.venv/bin:$$PATH"
compile = .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock" $(if $(filter 1,$(UPGRADE)),--upgrade) \
	pyproject.toml
# In addition to development.txt, whose versions they share.
lists = all data peers report slurm slurm-gpu training training-gpu

# Neither another project's modules nor a site's profile may change what is done here.
unexport PYTHONHOME PYTHONPATH SNAKEMAKE_PROFILE

.DEFAULT_GOAL := help
.PHONY: help demo test test-reproduction test-environments test-browser test-cluster check clean-orphans lock environments format lint clean-environment
.NOTPARALLEL:

help: ## List these targets
	@echo "Targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name words; do \
		printf '  %-18s %s\n' "$$name" "$$words"; done

demo: ## Install what is needed and run the whole workflow on small embedded data (CORES=2)
	@$(install) all "$(PYTHON)"
	$(activated) snakemake --cores $(CORES) --logger progress --configfile demo.yaml
	@echo "The demo's tables are in results/demo/tables/, its figures in results/demo/figures/;"
	@echo "results/demo/report.html shows them all on one page."
	@echo "To reproduce the paper: . .venv/bin/activate && snakemake --cores $(CORES)"

test: ## Install what is needed and run the tests (PYTEST_ARGS="-k download")
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest $(PYTEST_ARGS)

test-reproduction: ## Train two networks and compare their curves with the published ones
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest tests/reproduction $(PYTEST_ARGS)

test-environments: ## Run each stage in an environment built from its own requirements
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest tests/environments $(PYTEST_ARGS)

test-browser: ## Open the report in a real Chromium
	@$(install) development "$(PYTHON)"
	$(activated) python -m pytest tests/browser $(PYTEST_ARGS)

test-cluster: ## Run the workflow, and provoke faults, on a real SLURM on this machine
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

check: ## Check all results against their checksums, configuration, data and code (CONFIGS=full.yaml RESULTS=results)
	@$(install) development "$(PYTHON)"
	@.venv/bin/python workflow/scripts/check_results.py --configfile $(CONFIGS) $(if $(RESULTS),--results $(RESULTS))

clean-orphans: ## List the runs that no configuration declares; remove them with REMOVE=1 (CONFIGS=my.yaml)
	@$(install) development "$(PYTHON)"
	@.venv/bin/python workflow/scripts/clean_orphans.py --configfile $(CONFIGS) $(if $(RESULTS),--results $(RESULTS)) $(if $(REMOVE),--remove)

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
