# Tests of faults: the allocations of our own objects are wrapped, those of libraries are not.
FAULT_TESTS := $(B)/tests/fault_test $(B)/tests/drawings_test
FAULT_SOURCES := $(filter-out %_test.c,$(wildcard tests/fault/*.c))
FAULT_WRAPPED := malloc calloc realloc reallocarray strdup strndup asprintf vasprintf

$(FAULT_TESTS): $(FAULT_SOURCES:%.c=$(B)/obj/%.o)
$(FAULT_TESTS): private LDFLAGS += $(FAULT_WRAPPED:%=-Wl,--wrap=%)

# How a diary may have been left before, as the test calls it: each a process of its own.
FAULT_STARTS := 'no diary yet' stopped killed 'killed after a failed sync' damaged 'damaged, with a backup' 'a log left of it'
check-faults: | $(FIRST) ## every fault of memory, files and system in the diary's evenings (make check tries some); an hour
	+@$(SUBMAKE) all $(B)/tests/fault_test
	@tests/fault/calls --jobs $(JOBS) $(B)/bin
	@printf '%s\n' $(FAULT_STARTS) | KARANI_FAULTS=all xargs -d '\n' -n 1 -P $(JOBS) $(B)/tests/fault_test
.PHONY: check-faults
