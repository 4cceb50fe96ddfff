# cooper: every entry point. "make" alone lists them.
#
# A stage is stages/N-name/: main.c is its program, every other .c its modules. A program links
# common/, the modules of its own stage, and those of the stages before it.

SHELL := /bin/bash
B := build
STAGES := 1-chroot 2-namespaces 3-rootfs 4-cgroups 5-network 6-oci 7-runtime
BUNDLES := hello busybox layers limits web

# As many jobs as processors; a make inside this one shares them.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=$(shell nproc)
endif

CC := gcc
CPPFLAGS := -D_GNU_SOURCE -I. -Istages
# A member that a table row leaves out is zero on purpose.
CFLAGS := -std=gnu17 -O2 -g -Wall -Wextra -Werror -Wno-missing-field-initializers \
	-fstack-protector-strong
LDFLAGS := -static
# What runs in a rootfs that holds no library: always static, and never instrumented.
STATIC_CFLAGS := -std=gnu17 -O2 -s -Wall -Wextra -Werror -Wno-missing-field-initializers -static
# Stage 4 computes a logarithm, stage 6 reads JSON, stage 7 sets capabilities and filters calls.
LIBRARIES_4 := -lm
LIBRARIES_5 := $(LIBRARIES_4)
LIBRARIES_6 := -ljson-c $(LIBRARIES_5)
LIBRARIES_7 := -lcap -lseccomp $(LIBRARIES_6)

# make SANITIZE=1 ...: the same with AddressSanitizer and UndefinedBehaviorSanitizer.
ifdef SANITIZE
B := build/sanitize
CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -O1 -fno-omit-frame-pointer
LDFLAGS := -fsanitize=address,undefined
SANITIZE_MAIN := $(B)/obj/tests/sanitize.o
endif

# make FUZZ=1 ...: clang's, and made for libFuzzer besides. ("cleanup" is a use that clang does not see.)
ifdef FUZZ
B := build/fuzz
CC := clang
CFLAGS += -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -Wno-unused-variable
LDFLAGS := -fsanitize=fuzzer,address,undefined
endif

# make V=1: print each command as it is.
ifndef V
.SILENT:
endif

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the entries
	@echo "make ENTRY, where ENTRY is one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

# --- programs ---------------------------------------------------------------------------------

COMMON := $(wildcard common/*.c)
modules = $(filter-out %/main.c,$(wildcard stages/$(1)/*.c stages/$(1)/*/*.c))
objects = $(patsubst %.c,$(B)/obj/%.o,$(1))
number = $(firstword $(subst -, ,$(1)))
program = $(B)/bin/$(if $(filter 7-runtime,$(1)),cooper,$(1))
# The stages up to and including the given one.
upto = $(wordlist 1,$(call number,$(1)),$(STAGES))
PROGRAMS := $(foreach s,$(STAGES),$(if $(wildcard stages/$(s)/main.c),$(call program,$(s))))

.PHONY: build
build: $(PROGRAMS) ## build every stage into build/bin
	@:

define stage_program
$(call program,$(1)): $(call objects,stages/$(1)/main.c $(foreach s,$(call upto,$(1)),$(call modules,$(s))) $(COMMON)) $(SANITIZE_MAIN)
	@mkdir -p $$(@D)
	@echo "link $$@"
	$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LIBRARIES_$(call number,$(1)))
endef
$(foreach s,$(STAGES),$(eval $(call stage_program,$(s))))

# The one program that is linked dynamically: the library that speaks D-Bus exists only like that.
HELPER := $(B)/bin/cooper-systemd
build: $(HELPER)

$(HELPER): $(call objects,$(wildcard stages/7-runtime/systemd/helper/*.c) \
	$(addprefix stages/7-runtime/systemd/,property.c variant.c) $(COMMON))
	@mkdir -p $(@D)
	@echo "link $@"
	$(CC) $(CFLAGS) $(filter-out -static,$(LDFLAGS)) -o $@ $^ -lsystemd

$(B)/obj/%.o: %.c | deps-build
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# --- the stages side by side ------------------------------------------------------------------

# The probe runs in any rootfs; "columns" runs it in every stage; "compare" shows what it found out.
COMPARE := $(B)/bin/probe $(B)/bin/columns $(B)/bin/compare
build: $(COMPARE)

.PHONY: compare
compare: build bundles deps-compare ## build what lays the stages side by side
	@:

PROBE := $(wildcard stages/compare/probe/*.c) $(COMMON)
$(B)/bin/probe: $(PROBE) $(wildcard stages/compare/probe/*.h common/*.h) | deps-build
	@mkdir -p $(@D)
	@echo "link $@"
	$(CC) $(CPPFLAGS) $(STATIC_CFLAGS) -o $@ $(PROBE)

$(B)/bin/columns: stages/compare/columns
	@mkdir -p $(@D)
	install $< $@

$(B)/bin/compare: $(call objects,$(wildcard stages/compare/*.c) $(foreach s,$(STAGES),$(call modules,$(s))) $(COMMON))
	@mkdir -p $(@D)
	@echo "link $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES_7)

# --- what a lab's check brings into its guard ---------------------------------------------------

# (Beside the programs, since the labs are told where those are.)
LAB_PROGRAMS := $(patsubst %.c,$(B)/bin/%,$(wildcard labs/*/programs/*.c))
build: $(LAB_PROGRAMS)

$(LAB_PROGRAMS): $(B)/bin/%: %.c | deps-build
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(STATIC_CFLAGS) -o $@ $<

# --- sample bundles ---------------------------------------------------------------------------

.PHONY: bundles
bundles: $(BUNDLES:%=$(B)/bundles/%/config.json) ## make the sample bundles in build/bundles

# The programs that a bundle brings.
programs_hello := $(B)/obj/bundles/hello/hello
programs_limits := $(B)/obj/bundles/limits/limits
programs_web := $(B)/obj/bundles/web/hook

$(programs_hello) $(programs_limits): $(B)/obj/%: %.c | deps-build
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(STATIC_CFLAGS) -o $@ $<

# The hook runs on the host: stage 5's network, without its container.
$(programs_web): $(call objects,bundles/web/hook.c \
	$(foreach s,$(wordlist 1,5,$(STAGES)),$(call modules,$(s))) $(COMMON))
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES_6)

define bundle
$(B)/bundles/$(1)/config.json: scripts/bundle bundles/busybox/fill $(wildcard bundles/$(1)/*) \
	$(programs_$(1)) | deps-run
	scripts/bundle $(1) $$(@D) $(programs_$(1))
endef
$(foreach b,$(BUNDLES),$(eval $(call bundle,$(b))))

.PHONY: demo
demo: build bundles $(B)/tests/programs/chroot-escape ## walk through the stages, a line a fact
	@scripts/demo $(B)

# --- what is made from the source ---------------------------------------------------------------

GENERATE := $(B)/docs/generate

.PHONY: docs
docs: $(GENERATE) $(COMPARE) ## make man pages, completion, tables and the comparison from the source
	scripts/docs $(GENERATE) docs

$(GENERATE): $(call objects,docs/generate.c $(foreach s,$(STAGES),$(call modules,$(s))) $(COMMON))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES_7)

# The labs' slides, a deck a lab: each an HTML file that needs nothing else.
SLIDES := $(patsubst docs/slides/%.md,$(B)/slides/%.html,$(wildcard docs/slides/*.md))

.PHONY: slides
slides: $(SLIDES) ## make the slides of the labs in build/slides
	@:

$(B)/slides/%.html: docs/slides/%.md docs/slides/style.html | deps-slides
	@mkdir -p $(@D)
	@echo "slides $@"
	pandoc --to dzslides --standalone --slide-level 1 --no-highlight \
		--include-in-header docs/slides/style.html --output $@ $<

# --- tests ------------------------------------------------------------------------------------

# make test TESTS="FILE...": only these. The unit tests run with the sanitizers on, and the corpus of the fuzz
# targets; with SANITIZE=1 the programs, too.
SANITIZED := $(B)$(if $(SANITIZE),,/sanitize)
UNIT_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
# Programs that the behaviour tests run inside a rootfs, and so static.
TEST_PROGRAMS := $(patsubst %.c,$(B)/%,$(wildcard tests/programs/*.c))
LIBRARIES_fault-at := -lseccomp

.PHONY: test test-tools test-valgrind unit-tests
test: build bundles deps-run deps-test test-tools ## run the unit tests and the behaviour tests
	@$(MAKE) --no-print-directory SANITIZE=1 B=$(SANITIZED) unit-tests fuzz-targets
	@B=$(B) UNIT=$(SANITIZED) tests/run $(TESTS)

# (Valgrind sees the memory of a program only when that is linked dynamically. It does not know clone3 and seccomp.)
VALGRIND_TESTS = $(filter-out %/test_process.c %/test_seccomp.c,$(wildcard tests/unit/test_*.c))
test-valgrind: deps-build deps-test deps-fuzz ## run the unit tests under valgrind
	@$(MAKE) --no-print-directory LDFLAGS= B=$(B)/valgrind unit-tests
	@B=$(B) UNIT=$(B)/valgrind UNDER="valgrind --quiet --leak-check=full --error-exitcode=99" \
		tests/run $(or $(TESTS),$(VALGRIND_TESTS))

test-tools: $(TEST_PROGRAMS) $(GENERATE)
	@:

# All points: about an hour. A part of it: make test-faults FAULTS=KILL CASES=create,start
.PHONY: test-faults
test-faults: build deps-run deps-test $(addprefix $(B)/tests/programs/,fault-at console-receiver) ## a fault at every system call: FAULTS=KILL,EIO CASES=create,exec
	@B=$(B) tests/faults/sweep $(if $(FAULTS),--faults $(FAULTS)) $(if $(CASES),--cases $(CASES))

unit-tests: $(UNIT_TESTS)
	@:

$(B)/tests/unit/%: $(B)/obj/tests/unit/%.o $(call objects,$(COMMON) $(foreach s,$(STAGES),$(call modules,$(s))))
	@mkdir -p $(@D)
	@echo "link $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES_7) -lcmocka

$(B)/tests/programs/%: tests/programs/%.c | deps-build
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(filter-out -fsanitize%,$(CFLAGS)) -static -o $@ $< $(LIBRARIES_$(@F))

# --- speed --------------------------------------------------------------------------------------

# make bench RUNS=50 JSON=FILE: more runs than 20; the figures for a program.
BENCH_PROGRAMS := $(patsubst %.c,$(B)/%,$(wildcard tests/bench/*.c))

.PHONY: bench
bench: build deps-run deps-bench $(BENCH_PROGRAMS) ## compare cooper's speed and size with its peers', as root
	@B=$(B) tests/bench/run --runs $(or $(RUNS),20) $(if $(JSON),--json $(JSON))

$(B)/tests/bench/%: tests/bench/%.c | deps-build
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(BUNDLE_CFLAGS) -o $@ $<

# --- fuzzing ----------------------------------------------------------------------------------

# tests/fuzz/NAME.c is a target. "make fuzz" links it with libFuzzer; for "make test" gcc does, with a main() that
# goes through what is in its corpus.
FUZZ_TARGETS := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/*.c))

.PHONY: fuzz fuzz-targets
fuzz: deps-build deps-fuzz ## run the fuzz targets, T seconds each (60), two at a time
	@$(MAKE) --no-print-directory FUZZ=1 fuzz-targets
	@tests/fuzz/run $(or $(T),60) $(TARGETS)

fuzz-targets: $(FUZZ_TARGETS)
	@:

$(B)/tests/fuzz/%: $(B)/obj/tests/fuzz/%.o $(if $(FUZZ),,$(B)/obj/tests/replay.o) \
	$(call objects,$(COMMON) $(foreach s,$(STAGES),$(call modules,$(s))))
	@mkdir -p $(@D)
	@echo "link $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES_7)

$(B)/tests/fuzz/command_line: LDFLAGS += -Wl,--wrap=exit

# --- the virtual machine ----------------------------------------------------------------------

# A Debian that nothing can harm: to work in, to hand out, to test in (tests/vm, docs/vm.md).
VM := build/vm
export COOPER_VM := $(VM)
export KERNEL SYSTEMD ROOTLESS

.PHONY: vm vm-image test-vm test-vm-start
vm: $(VM)/disk $(VM)/tree.tar ## a shell in a virtual machine; work/ is shared. LAB=1: to do the labs in
	@tests/vm/start --kernel $(or $(KERNEL),6.1) $(if $(SYSTEMD),--systemd) $(if $(LAB),--lab $(LAB))

vm-image: $(VM)/cooper-vm.tar ## the virtual machine as one file, to hand out

test-vm: $(VM)/disk $(VM)/tree.tar ## the behaviour tests in it: KERNEL=6.1|6.12 SYSTEMD=1 ROOTLESS=1|delegated
	@tests/vm/test $(TESTS)

test-vm-start: $(VM)/disk $(VM)/tree.tar ## the machine itself: begins at a lab, keeps what was done, dies
	@COOPER_VM=$(abspath $(VM)) B=$(B) TEST_TIMEOUT_FACTOR=$(or $(TEST_TIMEOUT_FACTOR),5) tests/run tests/vm/start.bats

$(VM)/disk: tests/vm/image $(wildcard tests/vm/guest/*) | deps-vm
	tests/vm/image disk $(@D)

# Always anew: it is quick, and everything goes into it.
.PHONY: $(VM)/tree.tar
$(VM)/tree.tar: build bundles test-tools
	@mkdir -p $(@D)
	tests/vm/image tree $(B) $@

$(VM)/cooper-vm.tar: $(VM)/disk $(VM)/tree.tar tests/vm/start docs/vm.md
	tests/vm/image hand-out $(@D)

# --- checks of the source ---------------------------------------------------------------------

# Each file is checked again only when it, or what it includes, has changed.
LINT := $(B)/lint
SOURCES := $(shell find $(wildcard common stages bundles tests docs labs/*/programs) -name '*.[ch]' -type f)
SCRIPTS := $(sort $(shell grep -rlE '^\#!.*(bash|bats|/sh)' $(wildcard .ci scripts bundles stages tests labs)) \
	$(shell find tests labs -name "*.bats" -o -name "*.bash"))
TIDY := $(patsubst %.c,$(LINT)/%.tidy,$(filter %.c,$(SOURCES)))
# (A test that runs out of memory fails anyway.)
ANALYZED := $(patsubst %.c,$(LINT)/%.analyzed,$(filter-out tests/%,$(filter %.c,$(SOURCES))))

.PHONY: lint
lint: $(LINT)/format $(LINT)/scripts $(LINT)/cppcheck $(LINT)/house $(TIDY) $(ANALYZED) ## check the source
	@echo "lint: $(words $(SOURCES)) C files, $(words $(SCRIPTS)) scripts: clean"

.PHONY: format
format: deps-lint ## put the C source into its format
	clang-format -i $(SOURCES)

$(LINT)/format: $(SOURCES) .clang-format | deps-lint
	@mkdir -p $(@D)
	@echo "clang-format"
	@clang-format --dry-run -Werror $(SOURCES)
	@touch $@

$(LINT)/scripts: $(SCRIPTS) | deps-lint
	@mkdir -p $(@D)
	shellcheck --external-sources --source-path=SCRIPTDIR $?
	@touch $@

$(LINT)/cppcheck: $(SOURCES) .cppcheck-suppressions | deps-lint
	@mkdir -p $(@D)/cppcheck-cache
	@echo "cppcheck"
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability,style --inline-suppr \
		--suppressions-list=.cppcheck-suppressions --error-exitcode=1 -j 2 \
		--cppcheck-build-dir=$(@D)/cppcheck-cache $(CPPFLAGS) $(filter %.c,$(SOURCES))
	@touch $@

$(LINT)/house: $(SOURCES) $(SCRIPTS) scripts/lint-house | deps-lint
	@mkdir -p $(@D)
	scripts/lint-house
	@touch $@

$(LINT)/%.tidy: %.c .clang-tidy | deps-lint
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) -MM -MP -MT $@ -MF $@.d $<
	@echo "clang-tidy $<"
	@clang-tidy --quiet $< -- $(CPPFLAGS) -std=gnu17 2>/dev/null
	@touch $@

# gcc's analyzer. It follows a struct's memory not far enough to know that it is freed; ASan sees real leaks.
$(LINT)/%.analyzed: %.c | deps-lint
	@mkdir -p $(@D)
	@echo "analyze $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -fanalyzer -Wno-analyzer-malloc-leak -MMD -MP -MT $@ -MF $@.d \
		-c -o /dev/null $<
	@touch $@

-include $(shell find $(LINT) -name '*.d' 2>/dev/null)

# --- the machine ------------------------------------------------------------------------------

.PHONY: deps
deps: ## install the Debian packages that are missing (as root)
	@scripts/deps

# What one entry needs, and not more: deps-build, deps-run, deps-test, deps-lint.
deps-%:
	@scripts/deps $*

PREFIX := /usr/local
.PHONY: install
install: build ## copy programs, man pages and completion below $(DESTDIR)$(PREFIX)
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin share/man/man8 share/bash-completion/completions)
	install $(PROGRAMS) $(HELPER) $(DESTDIR)$(PREFIX)/bin
	install -m 644 docs/man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 docs/completion/cooper.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/cooper

.PHONY: clean
clean: ## remove build/
	rm -rf --one-file-system build
