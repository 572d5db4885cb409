// Tests of what the system says of its clock, on a made-up /sys/class/rtc.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/linux/clock_sources.h"

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

// 2026-04-14 19:40 UTC, as the system has it.
static const int64_t system_s = 1776195600;

// A chip whose oscillator had stopped has a since_epoch that cannot be read (the driver answers EINVAL): a directory
// stands for it here.
static const struct {
    const char *words;
    const char *chips[2]; // since_epoch; NULL: no such chip; "": refuses
    bool trusted;
} rows[] = {
    {"no chip (a Pi 4 and older)", {NULL, NULL}, false},
    {"a chip that the system clock was set from", {"1776195600\n", NULL}, true},
    {"a little apart", {"1776195604\n", NULL}, true},
    {"the system clock was set by somebody else", {"1776192000\n", NULL}, false},
    {"begun anew in 1970 without a battery", {"31\n", NULL}, false},
    {"an oscillator that had stopped", {"", NULL}, false},
    {"nonsense", {"soon\n", NULL}, false},
    {"the second chip has the battery", {"31\n", "1776195599\n"}, true},
};

static void test_rtc(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char dir[] = "/tmp/karani-rtc-XXXXXX", path[64];
        assert_non_null(mkdtemp(dir));
        for (int chip = 0; chip < 2 && rows[i].chips[chip] != NULL; chip++) {
            snprintf(path, sizeof path, "%s/rtc%d", dir, chip);
            assert_int_equal(mkdir(path, 0700), 0);
            snprintf(path, sizeof path, "%s/rtc%d/since_epoch", dir, chip);
            if (*rows[i].chips[chip] == '\0') {
                assert_int_equal(mkdir(path, 0700), 0);
                continue;
            }
            FILE *file = fopen(path, "we");
            assert_non_null(file);
            fputs(rows[i].chips[chip], file);
            fclose(file);
        }
        if (clock_sources_rtc_is_trusted(dir, system_s) != rows[i].trusted) {
            fail_msg("%s", rows[i].words);
        }
        assert_int_equal(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    }
    assert_false(clock_sources_rtc_is_trusted("/nonexistent", system_s));
    // A system clock in 1970 agrees with a chip that has lost its power: neither knows.
    char dir[] = "/tmp/karani-rtc-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/rtc0", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/rtc0/since_epoch", dir);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs("31\n", file);
    fclose(file);
    assert_false(clock_sources_rtc_is_trusted(dir, 31));
    assert_int_equal(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void test_ntp(void **state) {
    (void)state;
    char path[] = "/tmp/karani-synchronized-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(clock_sources_is_synchronised(path));
    unlink(path);
    assert_false(clock_sources_is_synchronised(path));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rtc), cmocka_unit_test(test_ntp)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
