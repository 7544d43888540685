# make                        lists the targets
# make test SONA_DATA=dir     measures with the real material in dir; the default is ../shared/data
# make test SONA_STRICT=1     fails where something that a test needs is missing, instead of skipping

.DEFAULT_GOAL := help
.PHONY: help deps test check bench bench-model bench-prompt bench-peers bench-sqlite bench-call chaos rules million eval-lint eval-optimize eval-mockcalls live fuzz cover

# The modules of go.work, the root first.
MODULES := $(shell sed -n 's/^[[:space:]]*\(\.[^[:space:]]*\)$$/\1/p' go.work)

# golangci-lint is no part of any module: it is installed into .bin, which git ignores.
LINT_VERSION := v2.15.0
LINT         := $(CURDIR)/.bin/golangci-lint-$(LINT_VERSION)

# Files outside the repository are no part of the key of a cached result.
FRESH := $(if $(filter 1,$(SONA_STRICT)),-count=1)

FUZZTIME  ?= 30s
BENCH     ?= .
ROWS      ?= 10000
COVER_MIN ?= 90

# $(call each,command) prints the command and runs it in every module, and fails when one of them did.
each = @status=0; for m in $(MODULES); do echo "== $$m: $(1)"; (cd $$m && $(1)) || status=1; done; exit $$status

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## fetch what the tests need beyond Go, make, git and a C compiler
	go mod download
# Programs that tests start are installed here by apt-get, each with the first test that needs it.

test: ## run all tests: every module with the race detector, the root again without the workspace
	@echo "== SONA_STRICT=$(SONA_STRICT) SONA_DATA=$(SONA_DATA)"
	$(call each,go test -race $(FRESH) ./...)
	@echo "== .: GOWORK=off go test $(FRESH) ./..."
	@GOWORK=off go test $(FRESH) ./...

check: ## look quickly at everything: format, vet, lint, layering, short tests with the race detector
	@echo "== gofmt -l ."
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "$$unformatted"; echo "these files are not formatted: gofmt -w ."; exit 1; }
	$(call each,go vet ./...)
	@if test -x $(LINT) || $(MAKE) --no-print-directory $(LINT); then \
		$(MAKE) --no-print-directory lint; \
	else \
		echo "golangci-lint $(LINT_VERSION) is not there and cannot be installed: nothing was linted"; test "$(SONA_STRICT)" != 1; \
	fi
	@echo "== .: go test ./internal/layering"
	@go test ./internal/layering
	$(call each,go test -race -short $(FRESH) ./...)

.PHONY: lint
lint:
	$(call each,$(LINT) run --config $(CURDIR)/.golangci.yml --allow-parallel-runners ./...)

$(LINT):
	@echo "== go install golangci-lint $(LINT_VERSION)"
	@GOWORK=off GOBIN=$(CURDIR)/.bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv .bin/golangci-lint $@

bench: ## run all benchmarks once; BENCH chooses by name
	$(call each,go test -run '^$$' -bench '$(BENCH)' -benchmem ./...)

bench-model: ## measure the client for language models beside its floors and its peers
	cd bench && GOWORK=off go run ./model

bench-prompt: ## measure the assembler beside its floors and its peers
	cd bench && GOWORK=off go run ./prompt

bench-peers: ## measure the assembler beside other libraries' prompts, too; they have a go.mod of their own
	cd bench && GOWORK=off go run -modfile=prompt/peers.mod -tags peers ./prompt

bench-call: ## measure what the runtime adds to a call
	cd bench && GOWORK=off go run ./call

# SONA_BENCH_DIR=dir keeps the filled file there: a million rows take minutes to write.
bench-sqlite: ## measure the SQLite driver beside raw statements; ROWS=1000000 for a large library
	cd storage/sqlite && SONA_ROWS=$(ROWS) go test -run '^$$' -bench . -benchmem -timeout 2h .

chaos: ## run the fault tests long: simulated calls, killed writers, histories of several processes
	SONA_CHAOS=10000 go test -run Whatever -timeout 1h ./runtime
	cd storage/sqlite && SONA_CHAOS=200 SONA_EDITS=100000 SONA_RECEIPTS=10000 go test -timeout 3h .
	cd storage/sqlite/linear && SONA_CHAOS=200 go test -timeout 1h ./...

rules: ## run the rules of a call 200 times with the race detector
	go test -race -run TestRule_ -count=200 -timeout 90m ./runtime

million: ## save and read a library of a million jobs
	cd storage/sqlite && SONA_JOBS=1000000 go test -v -run TestALibraryOfAnySize -timeout 1h .

eval-lint: ## print how often lint is right on real texts, and what it finds of planted defects
	go test -count=1 -run TestEval -v -timeout 30m ./job/lint

eval-optimize: ## print what the guard of Optimize flags of harmful, harmless and faithful edits of real texts
	go test -count=1 -run TestEval -v -timeout 30m ./optimize

eval-mockcalls: ## print what the test kit accepts and rejects of real scenarios, trajectories and callers
	go test -count=1 -run TestEval -v -timeout 30m ./runtime/mockcall ./internal/spoken

live: ## try jobs on the language model of OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL; ARGS=-help tells more
	@go run ./examples/live $(ARGS)

fuzz: ## run each fuzz target for FUZZTIME (30s)
	@grep -rl '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file"); do \
			echo "== $$(dirname "$$file"): go test -run '^$$' -fuzz '^$$target$$' -fuzztime $(FUZZTIME) ."; \
			(cd "$$(dirname "$$file")" && go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) . </dev/null) || exit 1; \
		done; \
	done

cover: ## show how much of the pure and core packages the tests run; fails below COVER_MIN (90) percent
	@mkdir -p .cover
	@echo "== .: GOWORK=off go test -coverpkg=… ./..."
	@GOWORK=off go test -coverpkg="$$(GOWORK=off go run ./internal/cover -packages)" -coverprofile=.cover/profile ./... >.cover/log 2>&1 \
		|| { sed 's, of statements in .*,,' .cover/log; exit 1; }
	@GOWORK=off go run ./internal/cover -min $(COVER_MIN) .cover/profile
