# Two commands do everything: `make night` and `make test`. `make help` lists the others.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
CLEANER = $(if $(wildcard $(VENV)/bin/python),$(VENV)/bin/python,$(PYTHON))
RUN := exec env PYTHONPATH=plugins:include $(VENV)/bin/python
PIP := $(VENV)/bin/python -m pip --quiet --disable-pip-version-check install -c constraints.txt

.PHONY: help night why rehearsal approve undo owned recover check test lint bench faults sandbox airflow history export erase clean screenshots watch

help: ## affiche cette aide
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20
	@echo
	@echo "make rend 2 dès qu'une commande ne rend pas 0. Pour distinguer 1 (quelqu'un est attendu, quelque chose est à corriger)"
	@echo "de 2 (rien n'a pu être fait) : PYTHONPATH=plugins:include $(VENV)/bin/python -m ecampus.local.watch_command, ou"
	@echo "night_, rehearsal_, approve_, undo_, recover_, check_, why_command."

night: $(VENV)/.runtime ## joue la nuit (DATE=2026-11-20 la rejoue, CHANGES=1 change d'abord les données, SIZE=40, MOODLE=5.1)
	@$(RUN) -m ecampus.local.night_command $(if $(DATE),--date '$(DATE)') \
		$(if $(filter-out 0,$(CHANGES)),--changes) $(if $(SIZE),--size '$(SIZE)') $(if $(MOODLE),--moodle '$(MOODLE)')

why: $(VENV)/.runtime ## dit pourquoi quelqu'un est, ou n'est pas, dans un cours (WHO=22100123 WHERE=L1CAS101, ou l'un des deux)
	@$(RUN) -m ecampus.local.why_command --who '$(WHO)' --where '$(WHERE)'

rehearsal: $(VENV)/.runtime ## dit ce que la nuit prochaine ferait, sans rien écrire (SIZE=40, MOODLE=5.1)
	@$(RUN) -m ecampus.local.rehearsal_command $(if $(SIZE),--size '$(SIZE)') $(if $(MOODLE),--moodle '$(MOODLE)')

approve: $(VENV)/.runtime ## montre ce qui est retenu et répond (ANSWER="1=oui 2=non", WHO=, WHY=)
	@$(RUN) -m ecampus.local.approve_command $(if $(ANSWER),--answer '$(ANSWER)') $(if $(WHO),--who '$(WHO)') \
		$(if $(WHY),--why '$(WHY)')

undo: $(VENV)/.runtime ## annule une nuit (NIGHT=2026-11-25, PHASES="offer groups", WHO=, WHY=, CONFIRM=1), RELEASE=2026-11-25 la libère
	@$(RUN) -m ecampus.local.undo_command $(if $(NIGHT),--night '$(NIGHT)') $(if $(PHASES),--phases '$(PHASES)') \
		$(if $(RELEASE),--release '$(RELEASE)') $(if $(WHO),--who '$(WHO)') $(if $(WHY),--why '$(WHY)') \
		$(if $(filter-out 0,$(CONFIRM)),--confirmed)

owned: $(VENV)/.runtime ## montre ce qui est à ecampus et ce qui y ressemble (ADOPT="tout" ou des codes, RELEASE=, WHO=, WHY=)
	@$(RUN) -m ecampus.local.owned_command $(if $(ADOPT),--adopt '$(ADOPT)') $(if $(RELEASE),--release '$(RELEASE)') \
		$(if $(WHO),--who '$(WHO)') $(if $(WHY),--why '$(WHY)')

recover: $(VENV)/.runtime ## dit ce qu'un registre ou un Moodle restauré, perdu ou échangé demande (CONFIRM=1 le fait, WHO=, WHY=)
	@$(RUN) -m ecampus.local.recover_command $(if $(filter-out 0,$(CONFIRM)),--confirmed) \
		$(if $(WHO),--who '$(WHO)') $(if $(WHY),--why '$(WHY)')

check: $(VENV)/.runtime ## vérifie l'installation sans rien écrire : connexions, vues, droits, réglages (sans connexion : le bac à sable)
	@$(RUN) -m ecampus.local.check_command

watch: $(VENV)/.runtime ## dit si la nuit est finie, hors d'Airflow (par la commande même : 0 tout va bien, 1 on attend quelqu'un, 2 elle n'est pas faite)
	@$(RUN) -m ecampus.local.watch_command

# Four, whatever the processors: some tests wait for servers while the others compute.
test: $(VENV)/.dev ## lance toute la suite de tests
	@$(RUN) -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.dev ## vérifie le style et les types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(RUN) -m mypy

bench: $(VENV)/.runtime bench/.work/libraries/.installed ## mesure la vitesse à la taille de Caen (SIZES="1/3 1 3", PARTS=, REPEAT=3, DIGESTS=1)
	@exec $(VENV)/bin/python -m bench $(if $(SIZES),--sizes '$(SIZES)') $(if $(PARTS),--parts '$(PARTS)') \
		$(if $(REPEAT),--repeat '$(REPEAT)') $(if $(filter-out 0,$(DIGESTS)),--digests)

faults: $(VENV)/.dev ## joue des nuits où tout va mal et compare (SEEDS=500, FROM=0, JOBS=2)
	@exec env PYTHONPATH=plugins:include:tests:tests/nights $(VENV)/bin/python -m faults $(if $(SEEDS),--seeds '$(SEEDS)') \
		$(if $(FROM),--from '$(FROM)') $(if $(JOBS),--jobs '$(JOBS)')

screenshots: $(VENV)/.dev ## refait les images des guides (docs/images), sur le bac à sable, après make night CHANGES=1
	@exec env PYTHONPATH=plugins:include:tests $(VENV)/bin/python -m screenshots

sandbox: $(VENV)/.runtime ## démarre le bac à sable et affiche les connexions à exporter (Ctrl-C l'arrête)
	@exec env PYTHONPATH=include $(VENV)/bin/python -m sandbox serve --data .ecampus/sandbox \
		$(if $(SIZE),--size '$(SIZE)') $(if $(MOODLE),--moodle '$(MOODLE)')

airflow: $(VENV)/.runtime ## démarre un Airflow local, ses pages et ses horaires (Ctrl-C l'arrête)
	@$(RUN) -m ecampus.local.airflow_command

history: $(VENV)/.runtime ## refait l'historique (ce que montrent les pages) depuis les dossiers des nuits
	@$(RUN) -m ecampus.local.history_command

export: $(VENV)/.runtime ## écrit tout ce qui est gardé d'une personne (PERSON=22100123, son code ou son identifiant)
	@$(RUN) -m ecampus.local.person_command export '$(PERSON)'

erase: $(VENV)/.runtime ## efface une personne du magasin et du registre (PERSON=22100123, CONFIRM=1 ne demande pas)
	@$(RUN) -m ecampus.local.person_command erase '$(PERSON)' $(if $(filter-out 0,$(CONFIRM)),--confirmed)

clean: ## efface le bac à sable, l'Airflow local et ses nuits (.ecampus), et les caches ; jamais un vrai magasin
	@[ ! -e .ecampus ] && [ ! -L .ecampus ] || { command -v $(CLEANER) >/dev/null \
		|| { echo "Il manque Python 3.11 ou plus : rien n'est effacé." >&2; exit 2; }; \
		PYTHONPATH=plugins $(CLEANER) -m ecampus.local.clean_command; }
	@rm -rf bench/.work .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(VENV)/.runtime: requirements.txt constraints.txt | $(VENV)/bin/pip
	@echo "Installation des bibliothèques…"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime | $(VENV)/bin/pip
	@$(PIP) -r requirements-dev.txt
	@touch $@

bench/.work/libraries/.installed: requirements-bench.txt | $(VENV)/bin/pip
	@rm -rf $(@D)
	@$(PIP) --target $(@D) -r requirements-bench.txt
	@touch $@

# Debian and Ubuntu leave ensurepip out of python3.
$(VENV)/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "Il manque Python 3.11 ou plus : apt-get install -y python3 python3-venv" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Il faut Python 3.11 ou plus, $(PYTHON) est plus ancien : make PYTHON=python3.11 …" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { [ "$$(id -u)" = 0 ] \
		&& { apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; } 2>/dev/null; } \
		|| { echo "Il manque python3-venv : sudo apt-get install -y python3-venv" >&2; exit 2; }
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
