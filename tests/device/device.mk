# The device in a virtual machine. What stands behind its spidev is built where there is libfuse (libfuse3-dev): in the
# roots that tests/device/run makes.
DEPS_CI += mmdebstrap qemu-system-x86 cpio
DEVICE_SOURCES := $(wildcard tests/device/*.c)

$(B)/device/spidev-cuse: $(DEVICE_SOURCES:%.c=$(B)/obj/%.o) $(B)/libkarani.a
	@mkdir -p $(@D)
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $^ -lfuse3 $(LDLIBS) -o $@

# A driver that sends the panel to sleep without waiting for the end of its refresh: the stories must catch it.
$(B)/device/hasty.c: display/panel/controller/ssd168x.c
	@mkdir -p $(@D)
	@sed 's/{\.verb = STEP_REFRESHED},//' $< >$@ && ! cmp -s $< $@

$(B)/device/hasty.o: $(B)/device/hasty.c $(B)/flags
	$(call QUIET,compile)$(COMPILE) -c $< -o $@

# The object comes first: the archive's own is not asked for then.
$(B)/device/karanid-hasty: $(B)/obj/daemon/karanid.o $(B)/device/hasty.o $(B)/libkarani.a
	$(call QUIET,link   )$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

check-device: | $(FIRST) ## the whole device in a virtual machine, on Debian 13 and 12 (root, QEMU; ONLY=WORD)
	@tests/device/run --only '$(ONLY)'
.PHONY: check-device
