# Karani: build, check, demo, install. `make help` says what there is.

# One object tree a variant: release, debug, asan, coverage, analyze.
VARIANT ?= release
PREFIX ?= /usr
DESTDIR ?=
VERSION := 0.1.0

B := build/$(VARIANT)

PACKAGES := cairo pangocairo pangoft2 fontconfig librsvg-2.0 sqlite3 glib-2.0 json-glib-1.0 chafa uuid
PKG_CONFIG ?= pkg-config
# Asked once; a missing library ends with one clear sentence (not for targets that need none).
ifeq ($(filter help deps deps-ci clean format,$(or $(MAKECMDGOALS),all)),)
  MISSING := $(shell for p in $(PACKAGES) cmocka; do $(PKG_CONFIG) --exists $$p || echo $$p; done)
  ifneq ($(strip $(MISSING)),)
    ifeq ($(filter deps deps-ci,$(MAKECMDGOALS)),)
      $(error Missing libraries: $(MISSING). Run `make deps` once)
    endif
  endif
endif
PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
PKG_LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES))

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum
CPPFLAGS += -I. -D_GNU_SOURCE -DKARANI_VERSION='"$(VERSION)"'
CFLAGS_release := -O2 -g
CFLAGS_debug := -O0 -g3
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_coverage := -O0 -g --coverage -fprofile-abs-path
CFLAGS_analyze := -O1 -g -fanalyzer
CFLAGS += -std=c17 $(WARNINGS) $(CFLAGS_$(VARIANT))
LDLIBS = $(PKG_LIBS) -lm

PROGRAM_SOURCES := $(wildcard daemon/karani*.c)
PROGRAMS := $(patsubst daemon/%.c,$(B)/bin/%,$(subst _,-,$(PROGRAM_SOURCES)))
MODULE_SOURCES := $(filter-out $(PROGRAM_SOURCES),$(wildcard daemon/*.c daemon/*/*.c display/*.c display/*/*.c))
MODULE_OBJECTS := $(MODULE_SOURCES:%.c=$(B)/obj/%.o)
TEST_SOURCES := $(wildcard tests/*_test.c)
TESTS := $(TEST_SOURCES:tests/%.c=$(B)/tests/%)
LANGUAGES := $(patsubst assets/languages/%.po,%,$(wildcard assets/languages/*.po))
CATALOGUES := $(LANGUAGES:%=$(B)/share/locale/%/LC_MESSAGES/karani.mo)
SHARED := $(addprefix $(B)/share/karani/,boards routines pictures)

.PHONY: all
all: $(PROGRAMS) $(CATALOGUES) $(SHARED)

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(B)/libkarani.a: $(MODULE_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

.SECONDEXPANSION:
$(B)/bin/%: $(B)/obj/daemon/$$(subst -,_,$$*).o $(B)/libkarani.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(B)/tests/%: $(B)/obj/tests/%.o $(B)/libkarani.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@

$(B)/share/locale/%/LC_MESSAGES/karani.mo: assets/languages/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

# The build tree has the shape of the installed one: programs find their data beside themselves.
$(B)/share/karani/%: assets/%
	@mkdir -p $(@D)
	@ln -sfn $(CURDIR)/assets/$* $@

.PHONY: clean
clean:
	rm -rf build

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
