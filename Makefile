.DEFAULT_GOAL := help
PY := .venv/bin/python

.PHONY: help setup
help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: ## make or refresh .venv from its lock; instant when nothing changed
	@.ci/setup
