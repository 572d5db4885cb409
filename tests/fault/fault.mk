# The test of faults: the allocations of our own objects are wrapped, those of libraries are not.
FAULT_SOURCES := $(wildcard tests/fault/*.c)
FAULT_WRAPPED := malloc calloc realloc reallocarray strdup strndup asprintf vasprintf

$(B)/tests/fault_test: $(B)/obj/tests/fault_test.o $(FAULT_SOURCES:%.c=$(B)/obj/%.o) $(B)/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $(FAULT_WRAPPED:%=-Wl,--wrap=%) $^ -lcmocka $(LDLIBS) -o $@
