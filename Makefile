# make demo   build, make a sample county, run its season      make test   everything that CI runs
# make build  bin/parus       make setup  what the build needs       make clean  remove what make made
SHELL := /bin/bash
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

setup:
	@tools/setup.sh packages build
	@tools/setup.sh ort
	@command -v go >/dev/null || { echo "Go 1.26 is missing: https://go.dev/dl" >&2; exit 1; }

# The map (api/web), which the binary embeds: built where its sources are newer than dist/app. Without node there is a page that says so.
MAP := api/web/dist/app/index.html
MAP_SOURCES := $(shell find api/web -path api/web/node_modules -prune -o -path api/web/dist -prune -o -type f ! -name '*.go' ! -name contract.gen.ts -print) api/openapi.yaml
$(MAP): $(MAP_SOURCES)
	@if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null || ! command -v npm >/dev/null; then \
	  echo "setup: node 20.19 or newer with npm is missing: the binary is built without the map, a page says so in its place" >&2; [ -z "$$CI" ]; \
	else cd api/web && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel error; } && npm run -s build >&2 && touch dist/app/index.html; fi

build: setup $(MAP)
	go build -trimpath -buildvcs=false -ldflags "-X main.version=$(VERSION)" -o bin/parus ./cmd/parus

demo: build
	@tools/setup.sh packages demo
	rm -rf demo/county demo/run demo/run-july
	bin/parus sample county --out demo/county --seed 1 --parcels 200 --scenes 24
	bin/parus season run demo/county/county.toml --out demo/run
	bin/parus season run demo/county/county.toml --out demo/run-july --as-of 2024-07-15
	@echo "Open demo/run/report.html (decided after harvest) and demo/run-july/report.html (in mid-season) in a browser."
	@echo "The same county as a service with a map, until Ctrl-C: bin/parus demo"

test: setup $(MAP)
	@tools/setup.sh packages test
	@unformatted=$$(git ls-files '*.go' | xargs gofmt -l); [ -z "$$unformatted" ] || { echo "not gofmt'd: $$unformatted" >&2; exit 1; }
	go vet ./...
	CGO_ENABLED=0 go build ./scoring/... ./models ./parcels ./raster
	go test -p 2 -timeout 40m ./...
	@tools/test-training.sh

# Map tiles from a whole Sentinel-2 tile, which is made in PARUS_BENCH_DIR at the first run (1.1 GB).
bench-tiles: export PARUS_BENCH_DIR ?= $(or $(TMPDIR),/tmp)/parus-bench
bench-tiles:
	@mkdir -p "$$PARUS_BENCH_DIR"
	go test ./raster/gdal -run '^$$' -bench '^BenchmarkTile$$' -benchtime 3000x -timeout 30m

# The raster core against exactextract (docs/benchmarks.md): needs what tools/bench/requirements.txt names for
# python3, or PYTHON=…; the workload (2.4 GB) is made at the first run. PARUS_BENCH_QUICK=1 only tries the harness.
bench-raster: build
	go build -o bin/bench ./tools/bench
	bin/bench report $(if $(PARUS_BENCH_QUICK),,docs/benchmarks.md)

# The predict stage of 20,000 plots against the bare inference of the same batches (docs/benchmarks.md).
bench-models: export PARUS_BENCH_MODELS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/parus/bench-models
bench-models: setup
	go test ./season -run '^TestPredictOverhead$$' -count 1 -v -timeout 30m

# A million rows of policies into an empty store, from CSV and XLSX (docs/benchmarks.md).
bench-import: export PARUS_BENCH_ROWS ?= 1000000
bench-import:
	go test ./data/feeds -run '^$$' -bench '^BenchmarkImport$$' -benchtime 1x -timeout 30m

# A run into PostGIS, beside the same files by pgx's CopyFrom (docs/store.md).
bench-publish: export PARUS_BENCH_PARCELS ?= 100000
bench-publish: setup
	go test ./data/store -run '^$$' -bench '^BenchmarkPublish$$' -benchtime 1x -timeout 30m

# The service by HTTP, beside gin and pgx alone on the same database (docs/service.md).
bench-api: export PARUS_BENCH_PARCELS ?= 100000
bench-api: demo
	go test ./api -run '^$$' -bench '^BenchmarkService$$' -benchtime 1x -timeout 30m

# The first view of the map in Chromium with a processor four times as slow (docs/service.md). PARUS_KEEP_SHOTS=FOLDER keeps screenshots.
bench-map: export PARUS_BENCH_PARCELS ?= 100000
bench-map: demo
	@tools/setup.sh packages test
	go test ./api -run '^$$' -bench '^BenchmarkFirstView$$' -benchtime 1x -timeout 30m

compare-exactextract: setup
	go run ./tools/bench make
	go run ./tools/bench exact
	$(or $(PYTHON),python3) tools/compare_exactextract.py

# Who says that a date is clear, measured (docs/evaluation/cloud.md). MODELS is the folder `parus models add` made.
eval-cloud: setup
	go run ./tools/evalcloud --data $(or $(PARUS_TEST_DATA),../shared)/data --models "$(MODELS)" --out docs/evaluation/cloud.md

# The figures of the crop models' cards, from the labelled series of ../shared/data (docs/models.md). The tables are made where they are
# missing, in minutes; the page is written where `make -C training` made those of regions left out too.
eval: build
	@$(MAKE) -C training suite PYTHON=$(or $(PYTHON),python3)
	bin/parus models eval $$(grep -qs '"lacks"' training/.work/suite*/suite.json || echo --docs docs/evaluation)

# Full decisions with trace, in processor time: per second on two cores, and for one grower alone.
bench-decide:
	go test ./scoring -run '^$$' -bench '^Benchmark(Decide|DecideGiven|Judge|JudgeOne)$$' -benchtime 3s

# Every fuzz target in turn; what is found stays in Go's cache, what fails in testdata/fuzz.
FUZZTIME ?= 10m
fuzz: setup
	@grep -rHo '^func Fuzz[A-Za-z0-9]*' --include=*_test.go . | sed 's/:func / /' | while read -r file target; do \
	  echo "$$target of $$(dirname $$file), $(FUZZTIME)"; \
	  go test "$$(dirname $$file)" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x </dev/null || exit 1; \
	done

clean:
	rm -rf bin demo api/web/dist/app

.PHONY: setup build demo test bench-tiles bench-raster bench-models eval eval-cloud compare-exactextract bench-decide bench-publish bench-api bench-map fuzz clean
