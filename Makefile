# make start | test | check | bench | soak | dev | up — see README.md
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Called by their path: what is on PATH here would be on the PATH of every instance.
BIN := node_modules/.bin

# Where Node ships its own headers, native modules are compiled with them: no download is needed.
NODE_PREFIX := $(shell node -p "require('path').resolve(process.execPath, '../..')" 2>/dev/null)
ifneq ($(wildcard $(NODE_PREFIX)/include/node/node.h),)
export npm_config_nodedir := $(NODE_PREFIX)
endif

SERVER_SOURCES := $(shell find src -name '*.ts' ! -name '*.spec.ts')
FRONTEND_SOURCES := $(shell find frontend -type f ! -name '*.spec.ts')
RUNNER_SOURCES := $(wildcard scripts/runner/*.c scripts/runner/*.h)
# What a terminal's host has in common with a runner.
TERMINAL_SOURCES := $(wildcard scripts/terminal/*.c scripts/terminal/*.h) \
	$(foreach part,clock isolate listener procfs sentence tree,scripts/runner/$(part).c scripts/runner/$(part).h)
C_FLAGS := -O2 -Wall -Wextra -Werror -std=c11 -D_GNU_SOURCE
CC ?= cc

.PHONY: help start dev build check lint test test-unit test-integration test-browser test-container bench soak clean setup-start setup-test

help:
	@echo 'make start   build what is missing and run AiKore in the foreground'
	@echo 'make test    every test suite; installs what the tests need'
	@echo 'make check   format, lint, types, import rules, unit tests'
	@echo 'make dev     watch mode'
	@echo 'make bench   the benchmarks;  make soak  the long fault and fuzz tests'
	@echo 'make up      the container; also down, logs, shell, update, backup, restore, image, report'

include container.mk

start: setup-start build
	@exec node dist/aikore/main.js

dev: setup-start build
	@node scripts/dev.mjs

setup-start:
	@scripts/setup.sh start

setup-test:
	@scripts/setup.sh test

build: dist/aikore/main.js dist/public/index.html dist/desktop/index.html dist/runner/aikore-runner dist/terminal/aikore-terminal

node_modules/.installed: package.json package-lock.json .npmrc
	@scripts/install-packages.sh
	@touch $@

dist/server/main.js: node_modules/.installed tsconfig.json tsconfig.build.json $(SERVER_SOURCES)
	@echo 'Building the server'
	@$(BIN)/tsc -p tsconfig.build.json
	@touch $@

dist/aikore/main.js: dist/server/main.js scripts/build-server.mjs
	@node scripts/build-server.mjs

dist/public/index.html: node_modules/.installed scripts/build-frontend.mjs $(wildcard scripts/frontend/*.mjs) $(FRONTEND_SOURCES)
	@echo 'Building the dashboard'
	@node scripts/build-frontend.mjs
	@touch $@

dist/desktop/index.html: node_modules/.installed scripts/build-desktop.mjs $(wildcard scripts/frontend/*.mjs) $(FRONTEND_SOURCES)
	@echo 'Building the page of desktops'
	@node scripts/build-desktop.mjs
	@touch $@

dist/runner/aikore-runner: $(RUNNER_SOURCES)
	@echo 'Building the runner'
	@mkdir -p dist/runner
	@$(CC) $(C_FLAGS) $(filter %.c,$(RUNNER_SOURCES)) -o $@.new
	@mv -f $@.new $@

dist/terminal/aikore-terminal: $(TERMINAL_SOURCES)
	@echo 'Building the terminal host'
	@mkdir -p dist/terminal
	@$(CC) $(C_FLAGS) -Iscripts/runner $(filter %.c,$(TERMINAL_SOURCES)) -o $@.new
	@mv -f $@.new $@

check: build lint test-unit

lint:
	$(BIN)/prettier --check .
	$(BIN)/eslint . --max-warnings 0
	$(BIN)/tsc --noEmit -p tsconfig.json
	$(BIN)/tsc --noEmit -p frontend/tsconfig.json
	$(BIN)/tsc --noEmit -p frontend/tsconfig.spec.json
	$(BIN)/depcruise --config .dependency-cruiser.cjs src frontend/src frontend/desktop

test-unit: build
	@scripts/test.sh unit

test-integration: build
	@scripts/test.sh integration

test-browser: build
	@scripts/test.sh browser

# In a room of its own with an engine of its own: nothing of this machine's is touched.
test-container: setup-test build
	@scripts/test.sh container

test: setup-test build
	@scripts/test.sh unit integration browser container

bench: setup-test build
	@node bench/run.mjs

soak: setup-test build
	@AIKORE_SOAK=1 AIKORE_TEST_ONCE=1 scripts/test.sh integration browser

clean:
	rm -rf dist node_modules coverage
