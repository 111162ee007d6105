# Everything starts here. `make` alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help run serve test dev lint audit bench clean

help: ## What there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: ## Set up what is missing, build, and start the demo on http://127.0.0.1:3000
	@scripts/run.sh

test: ## Set up what is missing and run every test
	@scripts/test.sh

serve: ## The same without the demo and without carrier: a workspace of your own
	@scripts/run.sh --serve

dev: ## Build again and reload whenever a file changes
	@scripts/run.sh --watch

lint: ## Formatting, clippy for both halves
	@scripts/lint.sh

audit: ## Dependencies: licences, sources, known weaknesses
	@scripts/audit.sh

bench: ## Measure speed; prints a table and writes target/bench/*.json
	@scripts/bench.sh

clean: ## Remove what was built (tools stay)
	@. scripts/env.sh && rm -rf "$$CARGO_TARGET_DIR" target var && echo "removed the build output"
