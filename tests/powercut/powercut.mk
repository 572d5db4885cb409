# The power-cut check: what the product does to its files is recorded, cut after every operation, and judged.
STATES ?= 10000
POWERCUT_SOURCES := $(wildcard tests/powercut/*.c)

$(B)/powercut/powercut: $(POWERCUT_SOURCES:%.c=$(B)/obj/%.o) $(B)/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

built: $(B)/powercut/powercut

check-powercut: | $(FIRST) ## states of the diary's files after power cuts; STATES=1000000 looks at so many (10,000)
	+@$(SUBMAKE) $(B)/powercut/powercut
	@$(B)/powercut/powercut --states $(STATES) --jobs $(JOBS)
.PHONY: check-powercut
