// Tests of the bedside's wire as far as a machine without a panel allows: how much goes into a message, and the
// sentences for hardware that is not there.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "display/wire/spidev.h"
#include "tests/support/ctl/emulator.h"

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Whole multiples of 128: spidev rounds a transfer up to the cache line when it counts (drivers/spi/spidev.c).
static void test_message_bytes(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t bytes;
    } rows[] = {
        {"4096\n", 4096}, {"65536\n", 16384}, {"16384\n", 16384}, {"8192\n", 8192}, {"5000\n", 4992}, {"128\n", 128},
        {"127\n", 4096},  {"0\n", 4096},      {"", 4096},         {"many\n", 4096}, {"20480", 16384},
    };
    char path[] = "/tmp/karani-bufsiz-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        FILE *file = fopen(path, "we");
        assert_non_null(file);
        fputs(rows[i].text, file);
        fclose(file);
        assert_int_equal(wire_spidev_message_bytes(path), rows[i].bytes);
    }
    unlink(path);
    assert_int_equal(wire_spidev_message_bytes(path), 4096); // the module is not loaded
}

enum { NOBODY = 65534 };

static void assert_refused(const char *spidev, int result, const char *sentence) {
    struct wire_spidev *made = (void *)&made;
    const struct wire_spidev_setup setup = {
        .spidev = spidev, .spi_hz = 4000000, .dc = {.offset = 25}, .reset = {.offset = 17}, .busy = {.offset = 24}};
    char error[256] = "";
    assert_int_equal(wire_spidev_open(&made, &setup, error, sizeof error), result);
    assert_ptr_equal(made, (void *)&made); // written only on success
    if (strstr(error, sentence) == NULL) {
        fail_msg("\"%s\" is not in \"%s\"", sentence, error);
    }
}

static void test_missing_bus(void **state) {
    (void)state;
    assert_refused("/dev/karani-has-no-such-bus", -ENOENT,
                   "/dev/karani-has-no-such-bus is not there; switch SPI on (dtparam=spi=on in config.txt).");
    assert_refused("/dev", -EISDIR, "/dev cannot be used: ");
}

static void test_other_device(void **state) {
    (void)state;
    EMULATOR_SKIP("the emulator knows no ioctl of spidev, and says so in the kernel's place");
    assert_refused("/dev/null", -ENOTTY, "/dev/null cannot be used: ");
}

static void test_denied_bus(void **state) {
    (void)state;
    char path[] = "/tmp/karani-spidev-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    chmod(path, 0);
    uid_t user = geteuid();
    if (user == 0) {
        assert_int_equal(seteuid(NOBODY), 0); // root may open everything
    }
    assert_refused(path, -EACCES, "may not be opened; add this user to the group spi.");
    assert_int_equal(seteuid(user), 0);
    unlink(path);
}

// A chip that no kernel has, so that it is refused where there are chips, too.
static void test_missing_chip(void **state) {
    (void)state;
    struct gpio_line *line = NULL;
    const struct gpio_place place = {.chip_label = "karani-has-no-such-chip", .offset = 21};
    char sentence[256] = "";
    int result = gpio_open(&line, &place, GPIO_EDGES_PULL_UP, "karani test", sentence, sizeof sentence);
    if (result == -EACCES) {
        assert_string_equal(sentence, "The GPIO chips may not be opened; add this user to the group gpio.");
        return;
    }
    assert_int_equal(result, -ENODEV);
    assert_null(line);
    assert_string_equal(sentence,
                        "There is no GPIO chip labelled karani-has-no-such-chip; gpiodetect lists the labels.");
    gpio_close(NULL);
    wire_spidev_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message_bytes), cmocka_unit_test(test_missing_bus),  cmocka_unit_test(test_other_device),
        cmocka_unit_test(test_denied_bus),    cmocka_unit_test(test_missing_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
