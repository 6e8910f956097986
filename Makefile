# SPDX-License-Identifier: GPL-2.0
#
# The work is done by scripts in rig/bin and rig/build; each knows by itself whether
# there is anything to do.

RIG := rig/bin
BASE ?= 6.12
KERNEL ?= kernel
JOBS ?= 2
export BASE KERNEL JOBS FORCE KSRC CONFIG MODULES RELEASE CHANGED
FLAVOURS := $(filter-out base bench sweep without,$(notdir $(wildcard rig/build/configs/*)))

# The whole pipeline is sequential: one kernel build at a time is enough.
.NOTPARALLEL:
.PHONY: help deps tree refresh kernel $(FLAVOURS) stock guest boot scenarios \
	peers soak stress walk check check-all mutations rules compare bench coverage lint sweep \
	series series-check series-build deb debian-check demo clean distclean

help:
	@echo 'deps       install packages (Debian 12 or 13; root or sudo)'
	@echo 'demo       see who owns CXL memory that firmware set up'
	@echo 'tree       compose the patched source in build/tree (FORCE=1 drops edits)'
	@echo 'refresh    take edits in build/tree back into patches and files'
	@echo 'kernel     build it, in build/kernel'
	@echo '           (FLAVOUR: with rig/build/configs/FLAVOUR, in build/FLAVOUR:'
	@echo '           $(FLAVOURS))'
	@echo 'stock      build the unpatched source, in build/stock'
	@echo 'guest      make the guest root file system'
	@echo 'boot       a shell in the guest (S=name: after that scenario'\''s firmware)'
	@echo 'scenarios  boot and test (S="name ...", KERNEL=stock, JOBS=2,'
	@echo '           EARLY=1: with soft_reserve=early)'
	@echo 'check      scenarios, arm64, series-check, rules, tests of softres, lint'
	@echo 'check-all  check, mutations, stress, soak, walk, sweep, series-build, debian-check: hours'
	@echo 'rules      which scenarios and mutations test each rule of the design'
	@echo 'mutations  break one thing at a time: does the test that is meant for it fail?'
	@echo '           (M="name ...", CHANGED=revision: what concerns files changed since)'
	@echo 'peers      run tests of ndctl (KERNEL=stock: note what passes there)'
	@echo 'soak       boot on and on, modules in random order (BOOTS=20, SEED=n)'
	@echo 'stress     faults and races, on a kernel that looks for bugs (TIME=60,'
	@echo '           WALKS="name ...", PAIRS="name+name ...", KERNEL=kcsan)'
	@echo 'walk       steps at random, and an oracle that looks whether promises are kept (SEED=1,'
	@echo '           STEPS=1000, TIME=minutes, KERNEL=stock; LIST=file: these steps)'
	@echo 'compare    what the unpatched and the patched kernel do in each scenario'
	@echo '           (S="name ..."; KSRC=dir: and the kernel whose source that is;'
	@echo '           FORCE=1: run again what is known)'
	@echo 'bench      how long it takes, to the unpatched kernel: table and plot'
	@echo '           (PAIRS=7, FLAVOUR=bench)'
	@echo 'coverage   which lines of our kernel files the scenarios run (S="name ...")'
	@echo 'lint       what checkpatch, compilers and others have to say of our files'
	@echo 'sweep      do our files compile in other configurations, most of them drawn at'
	@echo '           random, and for arm64 and riscv? (SEEDS=40; SEED=n: that one alone)'
	@echo 'series     mailbox for git am, in build/ (SIGNOFF="Name <mail>")'
	@echo '           (series-check: is it as build/tree, and does it apply to Debian 13?'
	@echo '           series-build: build, look at and test each step, S="step ...")'
	@echo 'deb        Debian packages of the patched kernel, in build/'
	@echo '           (CONFIG=/boot/config-..., MODULES=loaded, MODULES="name ...")'
	@echo 'debian-check  install them with apt in Debian, and boot that (RELEASE=trixie;'
	@echo '           MODULES=guest is enough for it)'
	@echo 'clean      remove build/ and the work tree (distclean: and the cache)'
	@echo 'BASE=7.3 with any of tree, refresh, kernel, stock, scenarios, boot, compare, series*,'
	@echo 'lint, check and deps: for that kernel, in build/7.3'
	@echo 'How long each takes is in rig/README.md.'

deps tree refresh series series-check:
	@$(RIG)/$@

series-build: guest
	@$(RIG)/series-build $(S)

guest:
	@rig/build/guest

kernel $(FLAVOURS): tree
	@rig/build/kernel $@

stock:
	@rig/build/kernel stock

boot: $(KERNEL) guest
	@$(RIG)/boot $(S)

scenarios: $(KERNEL) guest
	@$(RIG)/run-scenarios $(S)

peers: $(KERNEL) guest
	@$(RIG)/peers

soak: $(KERNEL) guest
	@$(RIG)/soak

stress: KERNEL = debug
stress: guest
	@$(MAKE) -s $(KERNEL)
	@$(RIG)/stress

walk: $(KERNEL) guest
	@$(RIG)/walk

check: deps kernel guest
	@$(RIG)/check

check-all: deps
	@$(RIG)/check-all

mutations: guest
	@$(RIG)/mutations $(M)

rules:
	@$(RIG)/rules

compare: stock kernel guest
	@$(RIG)/compare $(S)

bench: tree guest
	@$(RIG)/bench

coverage: gcov guest
	@$(RIG)/coverage

lint: kernel
	@$(RIG)/lint

sweep:
	@$(RIG)/deps sweep
	@$(RIG)/sweep

deb: tree
	@$(RIG)/deps deb
	@$(RIG)/deb

debian-check: kernel guest
	@$(RIG)/deps deb
	@$(RIG)/debian-check

demo: deps $(KERNEL) guest
	@$(RIG)/demo

clean distclean:
	@$(RIG)/clean $@
