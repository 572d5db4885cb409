# The test of faults: the allocations of our own objects are wrapped, those of libraries are not.
FAULT_SOURCES := $(wildcard tests/fault/*.c)
FAULT_WRAPPED := malloc calloc realloc reallocarray strdup strndup asprintf vasprintf

$(B)/tests/fault_test: $(B)/obj/tests/fault_test.o $(FAULT_SOURCES:%.c=$(B)/obj/%.o) $(B)/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $(FAULT_WRAPPED:%=-Wl,--wrap=%) $^ -lcmocka $(LDLIBS) -o $@

check-faults: | $(FIRST) ## every fault of memory, files and system in the diary's evenings (make check tries some)
	+@$(SUBMAKE) $(B)/tests/fault_test
	@KARANI_FAULT_EVERY=1 $(B)/tests/fault_test
.PHONY: check-faults
