# The commands a newcomer needs: make run, make test, make bench, make screens, make soak.
SHELL := /bin/bash
VENV ?= .venv
PYTHON ?= python3
PY := $(VENV)/bin/python
ONLY ?=
export PYTHONPATH := src
export VENV PYTHON

.PHONY: help run test test-long bench screens soak check setup setup-dev docs lock clean

help:
	@echo "make run      start the product with the demo city"
	@echo "make test     everything that proves the product, under 20 minutes"
	@echo "make bench    every figure beside its bar and its peers (ONLY=id for one)"
	@echo "make screens  every page as a picture, into build/screens/"
	@echo "make soak     the long faults and the two-hour load"
	@echo "also: make check (linters and types), make test-long, make docs, make lock"

setup:
	@scripts/setup.sh run

setup-dev:
	@scripts/setup.sh dev

run: setup
	@$(PY) -m guangyue demo

check: setup-dev
	@scripts/check.sh

test: setup-dev
	@scripts/test.sh short

test-long: setup-dev
	@scripts/test.sh long

bench: setup-dev
	@$(PY) -m bench $(ONLY)

screens: setup-dev
	@$(PY) -m tests.browser.screens

soak: setup-dev
	@scripts/test.sh soak

docs: setup-dev
	@scripts/docs.sh

lock:
	@scripts/lock.sh

clean:
	rm -rf build $(VENV)
