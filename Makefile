.DEFAULT_GOAL := help
PY := .venv/bin/python
CODE := $(wildcard main.py) kiosk devices vision tests
QML = $(shell find kiosk devices -name '*.qml' 2>/dev/null)

.PHONY: help setup run test tour pictures bench bench-guard bench-measure guard-demo board evidence train train-check train-guard render-s2 lint types imports qmllint pytest computed branches
help: ## this list
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: ## make or refresh .venv from its lock; instant when nothing changed
	@.ci/setup $(if $(filter test pytest computed branches bench bench-guard bench-measure evidence,$(MAKECMDGOALS)),test)

run: setup ## open the branch with its bench; without a display walk one parcel through and leave pictures
	@$(PY) main.py run

# A test that hangs tells where (faulthandler), is killed with its worker, and ends the run: a new worker would begin its
# file again, for ever. A lane that does not end is interrupted.
PYTEST := timeout --signal=INT --kill-after=30 1500 $(PY) -m pytest -q -rs -o faulthandler_timeout=100

# Whole branches mostly wait; what computes runs beside them and gives way to them, so that no clock of theirs is held up.
test: lint ## every check: lint, types, import contracts, QML lint, tests
	@echo "two lanes at once; what each says follows when it ends"
	@$(MAKE) -s -k -j 2 -O branches types imports qmllint computed

tour: setup ## a scripted customer offscreen: pictures of every screen, receipt and label in out/tour
	@$(PY) main.py tour

pictures: setup ## the tour's pictures, and those of what goes otherwise, small, for docs/pictures
	@$(PY) main.py tour --docs docs/pictures
	@$(PY) -m tests.ui.pictures --docs docs/pictures/otherwise
	@$(PY) -m tests.ui.pictures --bank docs/pictures/bank
	@$(PY) -m tests.ui.pictures --manners docs/pictures/manners

bench: setup ## print the figures of speed and size
	@$(PY) -m tests.benchmarks

bench-measure: setup ## how well the measurer measures, by the whole protocol, on what make render-s2 made; resumes; PHOTOGRAPHS=DIR adds S5
	@$(PY) -m tests.benchmarks.measuring $(if $(PHOTOGRAPHS),--photographs $(PHOTOGRAPHS)) $(BENCH_ARGS)

# Every table, each goes on where it stopped or is short: encounters, busy hours and sweeps; drawn encounters through the
# whole chain; what is done to the camera; the detector alone; processor, memory, glass to alarm.
bench-guard: setup ## score the guard; BENCH_ARGS="--count 260 --sweep 0 --hours 0.5" is short, PHOTOGRAPHS= FALLS= add real pictures
	@$(PY) -m tests.encounters $(BENCH_ARGS)
	@$(PY) -m tests.benchmarks.guarding closed
	@$(PY) -m tests.benchmarks.guarding health
	@$(PY) -m vision.training.guard.evaluate $(if $(PHOTOGRAPHS),--photographs $(PHOTOGRAPHS)) $(if $(FALLS),--falls $(FALLS))
	@$(PY) -m tests.benchmarks.guarding load

guard-demo: setup ## without a camera and a display: the guard watches the drawn dock and leaves out/guard/watched.mp4
	@$(PY) -m devices.bench.dock_film out/guard
	@$(PY) main.py guard out/guard/dock.mp4 --floor out/guard/floor.toml --picture out/guard/watched.mp4

board: setup ## the calibration board for staff, to print on A3: out/board.pdf
	@mkdir -p out && $(PY) -m vision.measure.board out/board.pdf

evidence: setup ## the long campaigns in full; resumes where it stopped
	@$(PY) -m tests.campaigns

train-check: ## seeds, resuming, beginning and export of the measurer's training; torch is not in .venv, so make test has none of it
	@.ci/setup train
	@.venv-train/bin/python -W ignore::DeprecationWarning -m vision.training.check

# As models/parcel_corners.md tells: from the first version's weights, which the history holds, with path-traced tuning
# pictures in every batch.
train: train-check ## draw the renders and train the measurer's net; goes on where it stopped
	@.ci/setup render
	@.venv-render/bin/python -m vision.training.cycles.tune
	@git show fd8b4be:models/parcel_corners.onnx > out/first.onnx
	@.venv-train/bin/python -m vision.training.store --out out/check --blocks 2 --check
	@.venv-train/bin/python -m vision.training.store --out out/renders
	@.venv-train/bin/python -m vision.training.pathtraced
	@.venv-train/bin/python -m vision.training.train --begin out/first.onnx --pathtraced out/tuning
	@.venv-train/bin/python -m vision.training.export

train-guard: ## train the guard's net; PHOTOGRAPHS=DIR and FALLS=DIR add real pictures; goes on where it stopped
	@.ci/setup train
	@.venv-train/bin/python -m vision.training.guard.train --check
	@.venv-train/bin/python -m vision.training.guard.pictures
	@.venv-train/bin/python -m vision.training.guard.train $(if $(PHOTOGRAPHS),--photographs $(PHOTOGRAPHS)) $(if $(FALLS),--falls $(FALLS))
	@.venv-train/bin/python -m vision.training.guard.export $(if $(PHOTOGRAPHS),--photographs $(PHOTOGRAPHS))

render-s2: ## make .venv-render and path-trace the held-out sets of the measurer; resumes where it stopped
	@.ci/setup render
	@.venv-render/bin/python -m vision.training.cycles.render $(RENDER_ARGS)

lint: setup ## ruff
	@$(PY) -m ruff check $(CODE)

types: setup ## mypy, strict
	@$(PY) -m mypy $(CODE)

imports: setup ## who may import whom
	@.venv/bin/lint-imports --no-cache

qmllint: setup ## QML lint, every warning an error
	@$(if $(QML),.venv/bin/pyside6-qmllint -I kiosk/ui/qml --max-warnings 0 $(QML),echo "no QML yet")

pytest: setup ## the tests alone
	@$(MAKE) -s -k -j 2 -O branches computed

computed: setup
	@nice -n 10 $(PYTEST) -n 3 --dist=loadfile --max-worker-restart=0 -m "not branch" $(PYTEST_ARGS)

branches: setup
	@$(PYTEST) -m branch $(PYTEST_ARGS)
