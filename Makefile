# Karani: build, check, demo, install. `make help` says what there is.

# One object tree a variant, build/VARIANT.
VARIANTS := release debug asan coverage analyze fuzz paths arm64 armhf
VARIANT ?= release
# The variants for another processor, by its GNU triplet, and who runs here what was built so.
HOST_arm64 := aarch64-linux-gnu
HOST_armhf := arm-linux-gnueabihf
EMULATOR_arm64 := qemu-aarch64
EMULATOR_armhf := qemu-arm
HOST := $(HOST_$(VARIANT))
EMULATOR := $(EMULATOR_$(VARIANT))
JOBS ?= $(shell nproc)
PREFIX ?= /usr
SYSCONFDIR ?= /etc
DESTDIR ?=
# Here alone: programs and installed manual pages take it from here.
VERSION := 0.1.0

ifeq ($(filter $(VARIANT),$(VARIANTS)),)
  $(error VARIANT=$(VARIANT) is unknown; there are: $(VARIANTS))
endif
B := build/$(VARIANT)

# What the compiler asks pkg-config for, and the Debian package that has it.
LIBRARIES := \
  cairo:libcairo2-dev \
  pangocairo:libpango1.0-dev \
  pangoft2:libpango1.0-dev \
  fontconfig:libfontconfig-dev \
  librsvg-2.0:librsvg2-dev \
  sqlite3:libsqlite3-dev \
  glib-2.0:libglib2.0-dev \
  json-glib-1.0:libjson-glib-dev \
  chafa:libchafa-dev \
  uuid:uuid-dev \
  libgpiod:libgpiod-dev \
  libsystemd:libsystemd-dev
TEST_LIBRARIES := cmocka:libcmocka-dev
# What `make demo` and `make check` need, and what only the other checks do.
DEPS := gcc libc6-dev pkgconf gettext python3 tzdata fonts-b612 \
  $(sort $(foreach library,$(LIBRARIES) $(TEST_LIBRARIES),$(lastword $(subst :, ,$(library)))))
# The first clang-format that puts braces in; Debian 12 has it beside its default.
FORMATTER := clang-format-16
DEPS_CI := clang $(FORMATTER) clang-tidy libclang-rt-dev cppcheck gcovr mmdebstrap qemu-system-x86 cpio e2fsprogs strace valgrind

PKG_CONFIG ?= pkg-config
ifeq ($(VARIANT),fuzz)
  CC := clang
endif
ifneq ($(HOST),)
  CC := $(HOST)-gcc
  AR := $(HOST)-ar
  PKG_CONFIG := env PKG_CONFIG_LIBDIR=/usr/lib/$(HOST)/pkgconfig:/usr/share/pkgconfig pkg-config
endif
PACKAGES := $(foreach library,$(LIBRARIES),$(firstword $(subst :, ,$(library))))
# Asked once, and not before a recipe needs the answer: `make deps check` installs pkg-config on the way. Headers of
# others are system headers: our warnings are not for them.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) | sed 's/-I/-isystem /g'))$(PKG_CFLAGS)
# libgpiod has two interfaces, 1.6 and 2: display/wire/gpio_v1.c, gpio_v2.c.
GPIOD_MAJOR = $(eval GPIOD_MAJOR := $(firstword $(subst ., ,$(shell $(PKG_CONFIG) --modversion libgpiod))))$(GPIOD_MAJOR)
PKG_LIBS = $(eval PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES)))$(PKG_LIBS)

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum \
  -Werror=override-init
# Times and sizes have 64 bits on armhf, too: time_t would end in January 2038.
CPPFLAGS += -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DKARANI_VERSION='"$(VERSION)"'
CFLAGS_release := -O2 -g
CFLAGS_debug := -O0 -g3 -Werror
CFLAGS_asan := -O1 -g -Werror -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# https://llvm.org/docs/LibFuzzer.html; assertions are what a target asks of its module.
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_coverage := -O0 --coverage -fprofile-abs-path
CFLAGS_analyze := -O1 -g -fanalyzer -Werror
CFLAGS_paths := -O0 -g -fno-pie -no-pie -finstrument-functions
CFLAGS_arm64 := $(CFLAGS_release)
CFLAGS_armhf := $(CFLAGS_release)
CFLAGS += -std=c17 $(WARNINGS) $(CFLAGS_$(VARIANT))
LDLIBS = $(PKG_LIBS) -lm
LDFLAGS += -Wl,--as-needed
COMPILE = $(CC) $(CPPFLAGS) -DGPIOD_MAJOR=$(GPIOD_MAJOR) $(PKG_CFLAGS) $(CFLAGS)

# Every file below some folders with an ending, and a name if one is given.
sources = $(shell find $(1) -name '$(or $(3),*).$(2)')
PROGRAM_SOURCES := $(sort $(wildcard daemon/karani*.c))
PROGRAMS := $(patsubst daemon/%.c,$(B)/bin/%,$(subst _,-,$(PROGRAM_SOURCES)))
MODULE_SOURCES := $(sort $(filter-out $(PROGRAM_SOURCES),$(call sources,daemon display,c)))
MODULE_OBJECTS := $(MODULE_SOURCES:%.c=$(B)/obj/%.o)
HEADERS := $(sort $(call sources,daemon display tests,h))
TEST_SOURCES := $(sort $(call sources,tests,c,*_test))
# What tests and benches share; the board is for those that stand on it instead of display/wire.
SUPPORT_OBJECTS := $(patsubst %.c,$(B)/obj/%.o,$(sort $(call sources,tests/support,c)))
BOARD_OBJECT := $(B)/obj/tests/support/host/host_board.o
# Every test's program lies beside the others, wherever its source does: it finds bin/ and share/ as they do.
TESTS := $(patsubst %.c,$(B)/tests/%,$(notdir $(TEST_SOURCES)))
LANGUAGES := $(patsubst assets/languages/%.po,%,$(wildcard assets/languages/*.po))
CATALOGUES := $(LANGUAGES:%=$(B)/share/locale/%/LC_MESSAGES/karani.mo)
SHARED := $(patsubst assets/%,$(B)/share/karani/%,$(wildcard assets/boards assets/routines assets/pictures))
MANUAL := $(wildcard assets/man/*.[1578])
# Run by systemd alone.
HELPERS := $(filter $(B)/bin/karani-panel-off,$(PROGRAMS))
WORDED := $(filter display/% daemon/%,$(MODULE_SOURCES) $(PROGRAM_SOURCES) $(HEADERS))

# Goals that must end before anything else begins, whatever -j says.
FIRST := $(filter clean deps deps-ci,$(MAKECMDGOALS))
# A make of its own, as parallel as the machine; one that was started with -j hands out its own jobs.
SUBMAKE = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))
# V=1 shows every command whole.
QUIET = $(if $(V),,@echo '  $(1)  $@';)
export PYTHONDONTWRITEBYTECODE := 1

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.SECONDEXPANSION:
.PHONY: all check check-cross check-habit check-clean check-zones demo bench deps deps-ci coverage analyze format install uninstall clean help pot
.PHONY: built data paths fuzz fuzzers libraries tidied FORCE

all: $(PROGRAMS) data ## builds programs and catalogues into build/VARIANT (release)

# What programs and tests find beside themselves.
data: $(CATALOGUES) $(SHARED)

# --- objects, programs, tests

libraries: | $(FIRST)
	@command -v $(firstword $(CC)) >/dev/null || { echo "There is no C compiler $(CC): run \`make deps\`" \
	    "(Debian package gcc$(HOST:%=-%))." >&2; exit 1; }
	@command -v $(lastword $(PKG_CONFIG)) >/dev/null || { echo "There is no $(lastword $(PKG_CONFIG)): run \`make deps\`" \
	    "(Debian package pkgconf)." >&2; exit 1; }
	@status=0; for library in $(LIBRARIES) $(TEST_LIBRARIES); do \
	    $(PKG_CONFIG) --exists "$${library%%:*}" || { status=1; \
	        echo "The library $${library%%:*} is missing: run \`make deps\` (Debian package $${library#*:})." >&2; }; \
	done; exit $$status

# Debian 12's libgpiod fills in a timespec of the architecture's own width.
$(B)/obj/display/wire/gpio_v1.o: CPPFLAGS += -U_TIME_BITS

# The flags things were built with: other flags build them again.
$(B)/flags: FORCE | libraries
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(COMPILE) $(LDFLAGS) $(LDLIBS))' >$@.now
	@if cmp -s $@.now $@; then rm $@.now; else mv $@.now $@; fi

$(B)/obj/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call QUIET,compile)$(COMPILE) -MMD -MP -c $< -o $@

$(B)/libkarani.a: $(MODULE_OBJECTS)
	@rm -f $@
	$(call QUIET,archive)$(AR) rcs $@ $^

$(B)/libsupport.a: $(filter-out $(BOARD_OBJECT),$(SUPPORT_OBJECTS))
	@rm -f $@
	$(call QUIET,archive)$(AR) rcs $@ $^

$(B)/bin/%: $(B)/obj/daemon/$$(subst -,_,$$*).o $(B)/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(foreach source,$(TEST_SOURCES),$(eval $(B)/tests/$(notdir $(source:.c=)): $(B)/obj/$(source:.c=.o)))
$(B)/tests/host_test $(B)/bench/host: $(BOARD_OBJECT)
$(B)/tests/%: $(B)/libsupport.a $(B)/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) -lcmocka $(LDLIBS) -o $@

# What goes through every pixel of the emulated glass takes most of the time at -O0. The tests' own lines count nowhere.
ifeq ($(VARIANT),coverage)
$(patsubst %.c,$(B)/obj/%.o,$(wildcard display/chip/*.c display/frame/*.c)): CFLAGS += -O2
$(B)/obj/tests/%.o: CFLAGS := $(filter-out --coverage,$(CFLAGS))
endif

# A header stands alone: it compiles as the first line of a file.
$(B)/headers/%.h: %.h $(B)/flags
	@mkdir -p $(@D)
	@echo '#include "$<"' | $(filter-out --coverage,$(COMPILE)) -MMD -MP -MT $@ -MF $@.d -x c -fsyntax-only - && touch $@

$(B)/share/locale/%/LC_MESSAGES/karani.mo: assets/languages/%.po | $(B)/flags
	@mkdir -p $(@D)
	$(call QUIET,words  )msgfmt --check -o $@ $<

# The build tree has the shape of the installed one: programs find their data beside themselves.
$(B)/share/karani/%: assets/% | $(B)/flags
	@mkdir -p $(@D)
	@ln -sfn $(CURDIR)/assets/$* $@

-include $(shell find $(B)/obj $(B)/headers -name '*.d' 2>/dev/null)

# --- what the README names

demo: | $(FIRST) ## an evening on the desk: in a terminal by hand, else (or with SCRIPT=FILE) scripted, into build/demo
	+@$(SUBMAKE) all
	@if [ -t 0 ] && [ -t 1 ] && [ -z '$(SCRIPT)' ]; then exec $(B)/bin/karani-sim; fi; \
	exec assets/demo '$(B)/bin' '$(or $(SCRIPT),assets/demo.karani)' build/demo

# ONLY=WORD builds and runs what has the word in its name.
RUN_TESTS = tests/run --build $(B) --only '$(ONLY)' --emulator '$(EMULATOR)'
check: | $(FIRST) ## every test, story and rule of the house, in any VARIANT; ends with `N passed, N failed`
	+@$(SUBMAKE) $(if $(ONLY),$$($(RUN_TESTS) --needs),built)
	@$(RUN_TESTS) --jobs $(JOBS)

# A header that stands alone does so with the sanitizers and counters of a variant, too.
built: all $(TESTS) $(if $(filter asan coverage,$(VARIANT)),,$(HEADERS:%=$(B)/headers/%))

deps: ## installs what demo and check need and is missing (apt-get)
	@.ci/install 'make demo and make check' $(DEPS)

deps-ci: | $(filter deps,$(FIRST)) ## installs what the checks that take longer and format need besides
	@.ci/install 'the checks that take longer and make format' $(DEPS_CI)

# --- figures

# How long `make bench` looks at an idle page; 600 is ten minutes.
BENCH_IDLE_S ?= 30
BENCHES := $(patsubst tests/bench/%.c,$(B)/bench/%,$(filter-out %_hook.c,$(wildcard tests/bench/*.c)))
# The bench stands between the daemon and its loop, to count what wakes it, and names the hour.
$(B)/bench/host: private BENCH_LDFLAGS := \
  -Wl,--wrap=loop_wait,--wrap=loop_now,--wrap=clock_sources_is_synchronised
$(B)/bench/%: $(B)/obj/tests/bench/%.o $(B)/libsupport.a $(B)/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $(BENCH_LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS) -o $@

built: $(BENCHES)

bench: | $(FIRST) ## what a press, an idle page and an evening cost here; BENCH_IDLE_S=600 looks for ten minutes
	+@$(SUBMAKE) built
	@tests/bench/run --build $(B) --idle-s $(BENCH_IDLE_S)

PATHS_OF := device_handle
paths: | $(FIRST) ## files and functions of a press and of a minute; PATHS_OF=FUNCTIONS counts their calls
	+@$(SUBMAKE) VARIANT=paths build/paths/bin/karani-sim data
	@$(CC) -std=c17 -O2 -D_GNU_SOURCE -shared -fPIC tests/bench/paths_hook.c -o build/paths/paths.so
	@tests/bench/paths build/paths $(PATHS_OF)

# --- fuzzing

# For how long each target runs; 3600 is an hour.
FUZZ_S ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/fuzz/%,$(wildcard tests/fuzz/*.c))

build/fuzz/fuzz/diary_seeds: private FUZZER := address
build/fuzz/fuzz/%: build/fuzz/obj/tests/fuzz/%.o build/fuzz/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) -fsanitize=$(or $(FUZZER),fuzzer) $(LDFLAGS) $^ $(LDLIBS) -o $@

fuzzers: $(FUZZERS)

fuzz: | $(FIRST) ## every fuzzing target for FUZZ_S=60 seconds, from tests/fuzz/corpus; ONLY=WORD
	+@$(SUBMAKE) VARIANT=fuzz fuzzers
	@tests/fuzz/run --build build/fuzz --seconds $(FUZZ_S) --jobs $(JOBS) --only '$(ONLY)'

# --- checks that take longer

coverage: | $(FIRST) ## lines and branches that the tests reach; names what they do not (tests/unreached.txt)
	+@$(SUBMAKE) VARIANT=coverage built
	@find build/coverage -name '*.gcda' -delete
	@status=0; tests/run --build build/coverage --jobs $(JOBS) || status=1; \
	tests/coverage build/coverage || status=1; exit $$status

# `make check` asks for every twentieth day, and for 6,000 histories, of which 2,000 are summed up as diaries.
check-zones: | $(FIRST) ## every zone's nights and changes of ten years against Python's zoneinfo; a minute
	+@$(SUBMAKE) $(B)/tests/clock_test
	@python3 tests/oracle/zones.py $(B)/tests/clock_test --whole --jobs $(JOBS)

HISTORIES ?= 20000
SEED ?= 20260301
check-habit: | $(FIRST) ## HISTORIES=20000 diaries of random nights, summed up, against an independent model; SEED=N
	+@$(SUBMAKE) $(B)/tests/summary_test
	@python3 tests/oracle/habit_model.py $(B)/tests/summary_test --json --histories $(HISTORIES) --seed $(SEED)

# Each makes the roots that it needs, as root (tests/cross).
check-cross: | $(FIRST) ## built for arm64 and armhf with Debian 12's cross compilers, tests run by qemu-user
	@tests/cross --jobs $(JOBS) --only '$(ONLY)' arm64 armhf

check-clean: | $(FIRST) ## a clean clone on a fresh Debian 12 and 13: `make deps demo`, `make deps check`
	@tests/cross --jobs $(JOBS) --only '$(ONLY)' bookworm trixie

analyze: | $(FIRST) ## gcc -fanalyzer, clang-tidy, cppcheck: zero findings
	+@$(SUBMAKE) VARIANT=analyze tidied
	@tests/cppcheck $(CPPFLAGS) $(MODULE_SOURCES) $(PROGRAM_SOURCES)
	@echo 'gcc -fanalyzer, clang-tidy and cppcheck find nothing.'

# gcc 12 loses sight of what is kept in an array behind a pointer and calls it leaked. These keep pointers so and free
# them; the asan variant, which counts leaks when a test ends, says so.
ifeq ($(VARIANT),analyze)
$(addprefix $(B)/obj/,daemon/diary/outbox.o daemon/settings/board.o daemon/runtime/corrections.o daemon/karani_sim.o \
    daemon/sim/script/script.o daemon/runtime/drawings.o display/draw/picture.o \
    display/draw/type.o): CFLAGS += -Wno-analyzer-malloc-leak
endif

tidied: $(patsubst %.c,$(B)/obj/%.o,$(MODULE_SOURCES) $(PROGRAM_SOURCES)) \
	$(patsubst %.c,$(B)/tidy/%.ok,$(MODULE_SOURCES) $(PROGRAM_SOURCES))

$(B)/tidy/%.ok: %.c $(B)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	$(call QUIET,tidy   )clang-tidy --quiet $< -- $(filter-out -fanalyzer,$(COMPILE:$(CC)%=%)) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

# --- the whole device, in a virtual machine

include tests/device/device.mk

# --- power cuts and faults

include tests/powercut/powercut.mk
include tests/fault/fault.mk

# --- keeping the tree

format: ## clang-format over every source
	@$(FORMATTER) -i $(MODULE_SOURCES) $(PROGRAM_SOURCES) $(HEADERS) $(call sources,tests,c)

pot: ## the words of the programs, for translators: build/karani.pot, and merged into assets/languages/*.po
	@mkdir -p build
	tests/words build/karani.pot
	@for po in $(LANGUAGES:%=assets/languages/%.po); do msgmerge --quiet --update --backup=none $$po build/karani.pot; done

# Where systemd looks for what a package brings; units name the programs where they lie.
UNITS = $(PREFIX)/lib/systemd/system
INSTALL_SYSTEMD = karani.service:$(UNITS)/karani.service \
  dev-spidev0.0.device.d/karani.conf:$(UNITS)/dev-spidev0.0.device.d/karani.conf \
  karani.sysusers:$(PREFIX)/lib/sysusers.d/karani.conf \
  karani.modules-load:$(PREFIX)/lib/modules-load.d/karani.conf \
  60-karani.rules:$(PREFIX)/lib/udev/rules.d/60-karani.rules

INSTALL_DIRS = $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec $(DESTDIR)$(PREFIX)/share/karani \
  $(DESTDIR)$(SYSCONFDIR)/karani
install: all ## into DESTDIR and PREFIX (/usr); keeps an owner's karani.conf
	install -d $(INSTALL_DIRS)
	install -m 755 $(filter-out $(HELPERS),$(PROGRAMS)) $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(HELPERS) $(DESTDIR)$(PREFIX)/libexec
	@for file in $(INSTALL_SYSTEMD); do to="$(DESTDIR)$${file#*:}"; install -D -m 644 "systemd/$${file%%:*}" "$$to" && \
	    sed -i 's|=\(-\?\)/usr/|=\1$(PREFIX)/|' "$$to" || exit 1; done
	@cd assets && find $(SHARED:$(B)/share/karani/%=%) -type f | while read -r file; do \
	    install -D -m 644 "$$file" "$(DESTDIR)$(PREFIX)/share/karani/$$file" || exit 1; done
	@for language in $(LANGUAGES); do path=share/locale/$$language/LC_MESSAGES/karani.mo; \
	    install -D -m 644 "$(B)/$$path" "$(DESTDIR)$(PREFIX)/$$path" || exit 1; done
	@for page in $(MANUAL); do to="$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}"; \
	    install -D -m 644 "$$page" "$$to" && sed -i '1,3s/@VERSION@/$(VERSION)/' "$$to" || exit 1; done
	@conf='$(DESTDIR)$(SYSCONFDIR)/karani/karani.conf'; \
	if [ -e "$$conf" ]; then echo "$$conf stays as it is."; else install -m 644 assets/karani.conf "$$conf"; fi

uninstall: ## takes away what install put there; the owner's settings and the diary stay
	rm -f $(PROGRAMS:$(B)/bin/%=$(DESTDIR)$(PREFIX)/bin/%) $(HELPERS:$(B)/bin/%=$(DESTDIR)$(PREFIX)/libexec/%)
	rm -f $(foreach file,$(INSTALL_SYSTEMD),$(DESTDIR)$(lastword $(subst :, ,$(file))))
	rm -rf $(DESTDIR)$(UNITS)/dev-spidev0.0.device.d
	rm -rf $(DESTDIR)$(PREFIX)/share/karani
	rm -f $(LANGUAGES:%=$(DESTDIR)$(PREFIX)/share/locale/%/LC_MESSAGES/karani.mo)
	rm -f $(foreach page,$(MANUAL),$(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	@conf='$(DESTDIR)$(SYSCONFDIR)/karani/karani.conf'; \
	if cmp -s assets/karani.conf "$$conf"; then rm "$$conf"; rmdir --ignore-fail-on-non-empty "$${conf%/*}"; fi

# As VARIANT compiles them.
COMPILED = $(MODULE_SOURCES) $(PROGRAM_SOURCES) $(TEST_SOURCES) $(wildcard tests/*/*.c)
compile_commands.json: FORCE | libraries ## how each file is compiled, for clangd and other tools
	@python3 -c 'import json, sys; place, command, *files = sys.argv[1:]; print(json.dumps([{"directory": place, \
	    "file": file, "command": f"{command} -c {file}"} for file in files], indent=1))' \
	    '$(CURDIR)' '$(subst ','\'',$(COMPILE))' $(sort $(COMPILED)) >$@

clean: ## takes build/ away
	rm -rf build compile_commands.json

help: ## this
	@sed -n 's/^\([a-z_.-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo; echo 'VARIANT is one of: $(VARIANTS). JOBS is how many run at a time ($(JOBS)).'
