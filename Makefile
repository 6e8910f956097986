# SPDX-License-Identifier: GPL-2.0
#
# The work is done by scripts in tools/testing/soft_reserve; each knows by
# itself whether there is anything to do.

RIG := tools/testing/soft_reserve
KERNEL ?= kernel
JOBS ?= 2
export KERNEL JOBS FORCE

# The whole pipeline is sequential: one kernel build at a time is enough.
.NOTPARALLEL:
.PHONY: help deps tree refresh kernel stock guest boot scenarios soak check \
	lint series series-check series-build demo clean distclean

help:
	@echo 'deps       install packages (Debian 12 or 13; root or sudo)'
	@echo 'demo       see who owns CXL memory that firmware set up'
	@echo 'tree       compose the patched source in build/tree (FORCE=1 drops edits)'
	@echo 'refresh    take edits in build/tree back into hooks and files'
	@echo 'kernel     build it, in build/kernel'
	@echo 'stock      build the unpatched source, in build/stock'
	@echo 'guest      make the guest root file system'
	@echo 'boot       a shell in the guest (S=name: after that scenario'\''s firmware)'
	@echo 'scenarios  boot and test (S="name ...", KERNEL=stock, JOBS=2)'
	@echo 'soak       boot on and on, modules in random order (BOOTS=20, SEED=n)'
	@echo 'lint       what checkpatch, compilers and others have to say of our files'
	@echo 'check      scenarios, series-check, tests of softres, lint'
	@echo 'series     mailbox for git am, in build/ (SIGNOFF="Name <mail>")'
	@echo '           (series-check: is it as build/tree; series-build: build each step)'
	@echo 'clean      remove build/ and the work tree (distclean: and the cache)'

deps guest tree refresh series series-check series-build:
	@$(RIG)/$@

kernel: tree
	@$(RIG)/kernel kernel

stock:
	@$(RIG)/kernel stock

boot: $(KERNEL) guest
	@$(RIG)/boot $(S)

scenarios: $(KERNEL) guest
	@$(RIG)/run-scenarios $(S)

soak: $(KERNEL) guest
	@$(RIG)/soak

check: deps kernel guest
	@$(RIG)/check

lint: kernel
	@$(RIG)/lint

demo: deps $(KERNEL) guest
	@$(RIG)/demo

clean distclean:
	@$(RIG)/clean $@
