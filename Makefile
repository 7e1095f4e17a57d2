# Everything a person types. One configuration (release) for all of it, so that nothing is compiled twice.

SWIFT ?= swift
DEMO_SECONDS ?= 15
# For each way of rotating and writing
LINES ?= 10000000
# The seed of a failure is printed, and repeats it
TORTURE_SECONDS ?= 60
TORTURE_SEED ?=
# Another build folder: make test SCRATCH_PATH=/tmp/sluice-build
SCRATCH_PATH ?=

SCRATCH_OPTION := $(if $(SCRATCH_PATH),--scratch-path "$(SCRATCH_PATH)")
BUILD_FOLDER := $(if $(SCRATCH_PATH),$(SCRATCH_PATH),.build)
SLUICE := $(BUILD_FOLDER)/release/sluice
SOURCES := $(wildcard Sources Tests Package.swift Benchmarks Examples Snippets)

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help demo test torture weather logging-torture bench build documentation lint format clean install-dependencies announce-build

help: ## What there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-22s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: build ## Shows the whole road on this machine: a service, the agent, Loki and Elasticsearch (DEMO_SECONDS=15)
	@"$(SLUICE)" demo --seconds "$(DEMO_SECONDS)"

test: install-dependencies lint announce-build ## Builds and runs all tests
	@$(SWIFT) build -c release $(SCRATCH_OPTION) --build-tests
	@# One after the other: tests of processes wait on threads that others need to go on.
	@$(SWIFT) test -c release $(SCRATCH_OPTION) --skip-build --disable-xctest --skip EndToEndTests
	@$(SWIFT) test -c release $(SCRATCH_OPTION) --skip-build --disable-xctest --filter EndToEndTests

torture: install-dependencies announce-build ## Ill-treats a running agent, and checks every line (TORTURE_SECONDS=60 TORTURE_SEED=...)
	@$(SWIFT) build -c release $(SCRATCH_OPTION) --product sluice
	@$(SWIFT) build -c release $(SCRATCH_OPTION) --product agent-torture
	@directory=$$(mktemp -d) && "$(BUILD_FOLDER)/release/agent-torture" run --directory "$$directory" \
		--seconds "$(TORTURE_SECONDS)" --seed "$(TORTURE_SEED)" $(TORTURE_OPTIONS) && rm -rf "$$directory"

weather: install-dependencies announce-build ## Bad weather at the outputs, and how soon they flow again (TORTURE_SECONDS=60 TORTURE_SEED=...)
	@$(SWIFT) build -c release $(SCRATCH_OPTION) --product sluice
	@$(SWIFT) build -c release $(SCRATCH_OPTION) --product agent-torture
	@directory=$$(mktemp -d) && "$(BUILD_FOLDER)/release/agent-torture" weather --directory "$$directory" \
		--seconds "$(TORTURE_SECONDS)" --seed "$(TORTURE_SEED)" $(TORTURE_OPTIONS) && rm -rf "$$directory"

logging-torture: install-dependencies announce-build ## Kills processes that log, and checks their files (LINES=10000000)
	@$(SWIFT) build -c release $(SCRATCH_OPTION) --product logging-torture
	@directory=$$(mktemp -d) && "$(BUILD_FOLDER)/release/logging-torture" run --directory "$$directory" --lines "$(LINES)" \
		&& "$(BUILD_FOLDER)/release/logging-torture" run --directory "$$directory" --lines "$(LINES)" --processes 2 \
			--mode immediate && rmdir "$$directory"

bench: build ## Measures (Benchmarks/README.md says what, and how to compare with other agents)
	@SLUICE="$(abspath $(SLUICE))" Benchmarks/run

build: install-dependencies announce-build ## Builds the sluice command
	@$(SWIFT) build -c release $(SCRATCH_OPTION) --product sluice
	@echo "built $(SLUICE)"

documentation: install-dependencies announce-build ## Builds the documentation of SluiceLogging, to .documentation
	@$(SWIFT) build -c release $(SCRATCH_OPTION) --target SluiceLogging
	@scripts/build-documentation "$(BUILD_FOLDER)/release" .documentation
	@echo "built .documentation: python3 -m http.server --directory .documentation 8000, and look at"
	@echo "http://localhost:8000/documentation/sluicelogging"

install-dependencies: ## Installs the system libraries that are missing, and says which
	@scripts/install-dependencies

lint: ## Checks the format of all sources
	@$(SWIFT) format lint --strict --recursive $(SOURCES)

format: ## Formats all sources
	@$(SWIFT) format --in-place --recursive $(SOURCES)

clean: ## Removes what was built
	@$(SWIFT) package $(SCRATCH_OPTION) clean
	@rm -rf .demo .documentation

announce-build:
	@test -e "$(BUILD_FOLDER)/release" || echo "building for the first time: about 5 minutes on 2 cores"
