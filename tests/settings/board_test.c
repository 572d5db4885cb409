// Tests of the boards: the shipped ones against their makers' wiring, every mistake, and lines that two uses want.
#include "daemon/settings/board.h"
#include "daemon/settings/config.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct heard {
    size_t count;
    char sentences[8][512];
};

static void hear(void *context, const struct complaint *complaint) {
    struct heard *heard = context;
    char *sentence = complaint_format(complaint);
    assert_non_null(sentence);
    if (heard->count < 8) {
        snprintf(heard->sentences[heard->count], sizeof heard->sentences[0], "%s", sentence);
    }
    free(sentence);
    heard->count++;
}

static char owners[] = "/tmp/karani-board-XXXXXX"; // searched first
static char shipped[PATH_MAX + 32];
static const char *directories[] = {owners, shipped, NULL};

static int make_folder(void **state) {
    (void)state;
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0 || !mkdtemp(owners)) {
        return -1;
    }
    program[length] = '\0';
    for (int up = 0; up < 4; up++) { // build/VARIANT/tests/board_test
        *strrchr(program, '/') = '\0';
    }
    snprintf(shipped, sizeof shipped, "%s/assets/boards", program);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(owners);
}

static const char *owners_path(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s.board", owners, name);
    return path;
}

static void write_board(const char *name, const char *text) {
    FILE *file = fopen(owners_path(name), "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void assert_says(const char *sentence, const char *part) {
    if (!strstr(sentence, part)) {
        fail_msg("\"%s\" does not say \"%s\"", sentence, part);
    }
}

static void assert_line(const struct board_line *line, int offset) {
    assert_int_equal(line->offset, offset);
    assert_null(line->name);
}

// Waveshare's HATs: DC 25, RST 17, BUSY 24, PWR 18; main on line 21, header pin 40, beside ground; the 2.7
// inch one has keys on 5, 6, 13, 19. The bare panel has the same wires without PWR, and five buttons. Adafruit's bonnet
// and Pimoroni's Inkys: DC 22, RST 27, BUSY 17; the bonnet has buttons on 5 and 6, the Impression on 5, 6, 16, 24.
static const struct {
    const char *name, *panel;
    int dc, reset, busy, power;
    int buttons[CONFIG_BUTTONS];
} boards[] = {
    {"adafruit-2.13-bonnet", "adafruit-2.13-bonnet", 22, 27, 17, -1, {5, 6, -1, -1, -1}},
    {"bare-wire", "waveshare-2.13-v4", 25, 17, 24, -1, {21, 20, 16, 12, 26}},
    {"inky-impression-keys", "waveshare-4.2-v2", 22, 27, 17, -1, {5, 6, 16, 24, -1}},
    {"inky-phat", "inky-phat", 22, 27, 17, -1, {21, -1, -1, -1, -1}},
    {"inky-what", "inky-what", 22, 27, 17, -1, {21, -1, -1, -1, -1}},
    {"waveshare-2.7-keys", "waveshare-2.7-v2", 25, 17, 24, 18, {5, 6, 13, 19, -1}},
    {"waveshare-2.9-hat", "waveshare-2.9-v2", 25, 17, 24, 18, {21, -1, -1, -1, -1}},
    {"waveshare-hat", "waveshare-2.13-v4", 25, 17, 24, 18, {21, -1, -1, -1, -1}},
};

enum { BOARD_COUNT = sizeof boards / sizeof boards[0] };

static void test_shipped_boards(void **state) {
    (void)state;
    for (size_t i = 0; i < BOARD_COUNT; i++) {
        struct board *board = NULL;
        struct heard heard = {0};
        assert_int_equal(board_read(&board, boards[i].name, directories, hear, &heard), 0);
        assert_int_equal(heard.count, 0);
        assert_string_equal(board->name, boards[i].name);
        assert_string_not_equal(board->title, board->name);
        assert_string_equal(board->panel, boards[i].panel);
        assert_string_equal(board->spidev, "/dev/spidev0.0");
        assert_null(board->chip_label);
        assert_int_equal(board->rotate_deg, 0);
        assert_line(&board->dc, boards[i].dc);
        assert_line(&board->reset, boards[i].reset);
        assert_line(&board->busy, boards[i].busy);
        assert_line(&board->power, boards[i].power);
        for (size_t b = 0; b < CONFIG_BUTTONS; b++) {
            assert_line(&board->buttons[b], boards[i].buttons[b]);
            assert_true(boards[i].buttons[b] < 0 || board->buttons[b].active_low);
        }
        struct config *config = config_new();
        assert_int_equal(board_apply(board, config, hear, &heard), 0);
        assert_int_equal(heard.count, 0);
        config_free(config);
        board_free(board);
    }
    board_free(NULL);
}

static void test_names(void **state) {
    (void)state;
    write_board("waveshare-hat", "");
    write_board("attic", "");
    char **names = board_names(directories);
    assert_non_null(names);
    assert_string_equal(names[0], "adafruit-2.13-bonnet");
    assert_string_equal(names[1], "attic");
    for (size_t i = 1; i < BOARD_COUNT; i++) {
        assert_string_equal(names[i + 1], boards[i].name);
    }
    assert_null(names[BOARD_COUNT + 1]);
    board_names_free(names);
    unlink(owners_path("waveshare-hat"));
    unlink(owners_path("attic"));
    names = board_names((const char *[]){"/nowhere", NULL});
    assert_non_null(names);
    assert_null(names[0]);
    board_names_free(names);
    board_names_free(NULL);
}

#define WIRES "[Wire]\ndc=25\nreset=17\nbusy=24\n"
#define PANEL "[Board]\nPanel=p\n"
#define MAIN  "[Buttons]\nmain=21\n"

// What a file may hold beyond the shipped ones; the owner's directory comes first.
static void test_owners_board(void **state) {
    (void)state;
    write_board("waveshare-hat", "[Board]\nTitle=Mine\nPanel=other\nRotate=270\n[Wire]\nspidev=/dev/spidev1.2\n"
                                 "chip=my-expander\ndc=DC\nreset=1\nbusy=1023\n[Buttons]\nmain=!GPIO21\ninfo=!5\n");
    struct board *board = NULL;
    struct heard heard = {0};
    assert_int_equal(board_read(&board, "waveshare-hat", directories, hear, &heard), 0);
    assert_int_equal(heard.count, 0);
    assert_string_equal(board->title, "Mine");
    assert_string_equal(board->panel, "other");
    assert_int_equal(board->rotate_deg, 270);
    assert_string_equal(board->spidev, "/dev/spidev1.2");
    assert_string_equal(board->chip_label, "my-expander");
    assert_string_equal(board->dc.name, "DC");
    assert_int_equal(board->dc.offset, -1);
    assert_line(&board->reset, 1);
    assert_line(&board->busy, 1023);
    assert_line(&board->power, -1);
    assert_string_equal(board->buttons[0].name, "GPIO21");
    assert_false(board->buttons[0].active_low);
    assert_line(&board->buttons[4], 5);
    assert_false(board->buttons[4].active_low);
    board_free(board);
    unlink(owners_path("waveshare-hat"));
}

static const struct {
    const char *text;
    int result;
    const char *says; // the one sentence; after the file's name
} mistakes[] = {
    {WIRES MAIN, -EINVAL, ": [Board] Panel is missing; write a panel's name"},
    {PANEL "[Wire]\nreset=17\nbusy=24\n" MAIN, -EINVAL, ": [Wire] dc is missing; write a line's number"},
    {PANEL "[Wire]\ndc=25\nbusy=24\n" MAIN, -EINVAL, ": [Wire] reset is missing"},
    {PANEL "[Wire]\ndc=25\nreset=17\n" MAIN, -EINVAL, ": [Wire] busy is missing"},
    {PANEL WIRES, -EINVAL, ": [Buttons] main is missing"},
    {PANEL "[Wire]\ndc=pin 25\nreset=17\nbusy=24\n" MAIN, -EINVAL,
     ":4: [Wire] dc: \"pin 25\" is not understood; write a line's number from 0 to 1023 or its name."},
    {PANEL "[Wire]\ndc=!25\nreset=17\nbusy=24\n" MAIN, -EINVAL, ":4: [Wire] dc: \"!25\" is not understood"},
    {PANEL WIRES "power=1024\n" MAIN, 0, ":7: [Wire] power: \"1024\" is not understood"},
    {PANEL WIRES "spidev=spidev0.0\n" MAIN, 0, ":7: [Wire] spidev: \"spidev0.0\" is not understood; write a device"},
    {PANEL WIRES "mosi=10\n" MAIN, 0, ":7: [Wire] has no key mosi (given: \"10\"); its keys are spidev, chip, dc"},
    {PANEL "Rotate=45\n" WIRES MAIN, 0, ":3: [Board] Rotate: \"45\" is not understood; write 0, 90, 180 or 270"},
    {PANEL "Rotate=-90\n" WIRES MAIN, 0, ":3: [Board] Rotate: \"-90\""},
    {PANEL "Title=\n" WIRES MAIN, 0, ":3: [Board] Title: \"\" is not understood; write one line"},
    {PANEL WIRES "[Buttons]\nmain=\n", -EINVAL, ":8: [Buttons] main: \"\" is not understood"},
    {PANEL WIRES MAIN "back=!\n", 0, ":9: [Buttons] back: \"!\" is not understood"},
    {PANEL WIRES MAIN "snooze=3\n", 0, ":9: [Buttons] has no key snooze"},
    {PANEL WIRES MAIN "main=20\n", 0, ":9: [Buttons] main comes twice, as \"21\" in line 8 and as \"20\" here"},
    {PANEL WIRES MAIN "[Lamp]\nline=4\n", 0, ":9: There is no group [Lamp]; the groups are [Board], [Wire], [Buttons]"},
};

static void test_mistakes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        write_board("wrong", mistakes[i].text);
        struct board *board = NULL;
        struct heard heard = {0};
        int error = board_read(&board, "wrong", directories, hear, &heard);
        if (error != mistakes[i].result || heard.count != 1) {
            fail_msg("row %zu: result %d, %zu sentences: %s", i, error, heard.count, heard.sentences[0]);
        }
        char wanted[512];
        snprintf(wanted, sizeof wanted, "%s%s", owners_path("wrong"), mistakes[i].says);
        assert_says(heard.sentences[0], wanted);
        assert_true((board != NULL) == (error == 0));
        board_free(board);
    }
    unlink(owners_path("wrong"));
}

static void test_unknown_and_unreadable(void **state) {
    (void)state;
    struct board *board = NULL;
    struct heard heard = {0};
    assert_int_equal(board_read(&board, "toaster", directories, hear, &heard), -ENOENT);
    assert_string_equal(
        heard.sentences[0],
        "There is no board toaster; the boards are adafruit-2.13-bonnet, bare-wire, inky-impression-keys, "
        "inky-phat, inky-what, waveshare-2.7-keys, waveshare-2.9-hat, waveshare-hat.");
    assert_int_equal(board_read(&board, "../boards/bare-wire", directories, hear, &heard), -ENOENT);
    assert_int_equal(board_read(&board, "toaster", (const char *[]){"/nowhere", NULL}, hear, &heard), -ENOENT);
    assert_says(heard.sentences[2], "no other one in /nowhere");
    assert_int_equal(mkdir(owners_path("folder"), 0700), 0);
    assert_int_equal(board_read(&board, "folder", directories, hear, &heard), -EINVAL);
    assert_int_equal(heard.count, 4);
    assert_says(heard.sentences[3], "folder.board: The file cannot be read");
    rmdir(owners_path("folder"));
    assert_null(board);
}

// The config's values over those of bare-wire (dc 25, reset 17, busy 24; buttons 21 20 16 12 26).
static const struct {
    const char *main, *back, *info, *cue;
    const char *says[2]; // one sentence each
} applied[] = {
    {"5", NULL, NULL, NULL, {NULL}},
    {"!GPIO5", NULL, NULL, "13", {NULL}},
    {"20", "21", NULL, NULL, {NULL}}, // changed about
    {"17", NULL, NULL, NULL, {"[buttons] main: line 17 is in use already (board bare-wire: [Wire] reset)"}},
    {"GPIO24", NULL, NULL, NULL, {"[buttons] main: line GPIO24 is in use already (board bare-wire: [Wire] busy)"}},
    {NULL, NULL, "21", NULL, {"[buttons] info: line 21 is in use already (board bare-wire: [Buttons] main)"}},
    {"5", "5", NULL, NULL, {"[buttons] back: line 5 is in use already ([buttons] main)"}},
    {"KEY", "KEY", NULL, NULL, {"[buttons] back: line KEY is in use already ([buttons] main)"}},
    {"KEY", "YEK", NULL, NULL, {NULL}},
    {"7",
     NULL,
     "11",
     NULL,
     {"[buttons] main: line 7 belongs to the SPI bus (lines 7 to 11)", "[buttons] info: line 11"}},
    {"6", NULL, "12", NULL, {"[buttons] info: line 12 is in use already (board bare-wire: [Buttons] less)"}},
    {"GPIO8", NULL, NULL, NULL, {"[buttons] main: line GPIO8 belongs to the SPI bus"}},
    {NULL, NULL, NULL, "25", {"[cue] line: line 25 is in use already (board bare-wire: [Wire] dc)"}},
};

static void test_config_over_board(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof applied / sizeof applied[0]; i++) {
        struct board *board = NULL;
        struct heard heard = {0};
        assert_int_equal(board_read(&board, "bare-wire", directories, hear, &heard), 0);
        struct config config = {.rotate_deg = 180,
                                .panel = (char[]){"x"},
                                .buttons = {(char *)(uintptr_t)applied[i].main, (char *)(uintptr_t)applied[i].back,
                                            NULL, NULL, (char *)(uintptr_t)applied[i].info},
                                .cue_line = (char *)(uintptr_t)applied[i].cue};
        size_t wanted = (applied[i].says[0] != NULL) + (size_t)(applied[i].says[1] != NULL);
        int result = board_apply(board, &config, hear, &heard);
        if (result != (wanted ? -EINVAL : 0) || heard.count != wanted) {
            fail_msg("row %zu: result %d, %zu sentences: %s", i, result, heard.count, heard.sentences[0]);
        }
        for (size_t j = 0; j < wanted; j++) {
            assert_says(heard.sentences[j], applied[i].says[j]);
        }
        if (wanted) {
            assert_line(&board->buttons[0], 21);
        }
        assert_string_equal(board->panel, "x");
        assert_int_equal(board->rotate_deg, 180);
        board_free(board);
    }
}

static void test_config_takes_the_boards_place(void **state) {
    (void)state;
    struct board *board = NULL;
    struct heard heard = {0};
    assert_int_equal(board_read(&board, "bare-wire", directories, hear, &heard), 0);
    struct config config = {.rotate_deg = CONFIG_UNSET, .buttons = {(char[]){"!GPIO5"}, (char[]){"6"}}};
    assert_int_equal(board_apply(board, &config, hear, &heard), 0);
    assert_string_equal(board->buttons[0].name, "GPIO5");
    assert_int_equal(board->buttons[0].offset, -1);
    assert_false(board->buttons[0].active_low);
    assert_line(&board->buttons[1], 6);
    assert_true(board->buttons[1].active_low);
    assert_line(&board->buttons[2], 16);
    assert_string_equal(board->panel, "waveshare-2.13-v4");
    assert_int_equal(board->rotate_deg, 0);
    board_free(board);
}

// Another chip's lines are not the header's: 7 to 11 are free there, and GPIO5 need not be line 5.
static void test_other_chip(void **state) {
    (void)state;
    write_board("expander", PANEL "[Wire]\nchip=expander\ndc=7\nreset=8\nbusy=5\n[Buttons]\nmain=GPIO5\n");
    struct board *board = NULL;
    struct heard heard = {0};
    assert_int_equal(board_read(&board, "expander", directories, hear, &heard), 0);
    struct config *config = config_new();
    assert_int_equal(board_apply(board, config, hear, &heard), 0);
    config_free(config);
    board_free(board);
    unlink(owners_path("expander"));
}

// Two uses within the board's own file.
static void test_board_against_itself(void **state) {
    (void)state;
    write_board("clash", PANEL "[Wire]\ndc=25\nreset=25\nbusy=9\n[Buttons]\nmain=21\n");
    struct board *board = NULL;
    struct heard heard = {0};
    assert_int_equal(board_read(&board, "clash", directories, hear, &heard), 0);
    struct config *config = config_new();
    assert_int_equal(board_apply(board, config, hear, &heard), -EINVAL);
    assert_int_equal(heard.count, 2);
    assert_says(heard.sentences[0], "board clash: [Wire] reset: line 25 is in use already (board clash: [Wire] dc)");
    assert_says(heard.sentences[1], "board clash: [Wire] busy: line 9 belongs to the SPI bus");
    config_free(config);
    board_free(board);
    unlink(owners_path("clash"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_boards),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_owners_board),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_unknown_and_unreadable),
        cmocka_unit_test(test_config_over_board),
        cmocka_unit_test(test_config_takes_the_boards_place),
        cmocka_unit_test(test_other_chip),
        cmocka_unit_test(test_board_against_itself),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
