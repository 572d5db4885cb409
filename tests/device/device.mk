# The device in a virtual machine: what stands behind its spidev. Built where there is libfuse (libfuse3-dev).
DEVICE_SOURCES := $(wildcard tests/device/*.c)

$(B)/device/spidev-cuse: $(DEVICE_SOURCES:%.c=$(B)/obj/%.o) $(B)/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $^ -lfuse3 $(LDLIBS) -o $@

check-device: | $(FIRST) ## the whole device in a virtual machine, on Debian 13 and 12 (root, QEMU; ONLY=WORD)
	@tests/device/run --only '$(ONLY)'
.PHONY: check-device
