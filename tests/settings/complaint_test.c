// Tests of complaints: what a listener is told of each kind by fields, and the one sentence that they make.
#include "daemon/settings/board.h"
#include "daemon/settings/complaint.h"
#include "daemon/settings/config.h"
#include "daemon/settings/routine.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/karani-complaint-XXXXXX";
static char path[64];

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/one.board", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void put(const char *text) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

// The first complaint, its texts copied.
struct heard {
    size_t count;
    enum complaint_source source;
    int line;
    char file[128], group[32], key[32], whole[512];
};

static void hear(void *context, const struct complaint *complaint) {
    struct heard *heard = context;
    if (heard->count++ > 0) {
        return;
    }
    char *whole = complaint_format(complaint);
    assert_non_null(whole);
    heard->source = complaint->source;
    heard->line = complaint->line;
    snprintf(heard->file, sizeof heard->file, "%s", complaint->file ? complaint->file : "-");
    snprintf(heard->group, sizeof heard->group, "%s", complaint->group ? complaint->group : "-");
    snprintf(heard->key, sizeof heard->key, "%s", complaint->key ? complaint->key : "-");
    snprintf(heard->whole, sizeof heard->whole, "%s", whole);
    free(whole);
}

#define BOARD "[Board]\nPanel=p\n[Wire]\ndc=1\nreset=2\nbusy=3\n[Buttons]\nmain=4\n"
#define CARD  "[Card sit]\nTitle=Sit\nText=Down.\n"

static const struct {
    enum complaint_source source;
    const char *text;
    int line;
    const char *group, *key, *sentence; // of the sentence, where it begins behind "FILE:LINE: "
} wrong[] = {
    {COMPLAINT_OF_CONFIG, "[practice]\nminutes=many\n", 2, "practice", "minutes",
     "[practice] minutes: \"many\" is not"},
    {COMPLAINT_OF_CONFIG, "[practice]\nminuts=9\n", 2, "practice", "minuts", "[practice] has no key minuts (given"},
    {COMPLAINT_OF_CONFIG, "[practice]\nminutes=9\nminutes=8\n", 3, "practice", "minutes", "[practice] minutes comes"},
    {COMPLAINT_OF_CONFIG, "[practise]\nminutes=9\n", 1, "practise", "-", "There is no group [practise]"},
    {COMPLAINT_OF_CONFIG, "minutes=9\n", 1, "-", "-", "\"minutes\" stands before the first"},
    {COMPLAINT_OF_CONFIG, "[night]\ninvite=\\x\n", 2, "night", "invite", "[night] invite: in \"\\x\" a backslash"},
    {COMPLAINT_OF_BOARD, BOARD "info=!\n", 9, "Buttons", "info", "[Buttons] info: \"!\" is not understood"},
    {COMPLAINT_OF_BOARD, BOARD "info=!\nx=\n", 9, "Buttons", "info", "[Buttons] info: \"!\" is not understood"},
    {COMPLAINT_OF_BOARD, "[Board]\nPanel=p\n[Wire]\nreset=2\nbusy=3\n[Buttons]\nmain=4\n", 0, "Wire", "dc",
     "[Wire] dc is missing"},
    {COMPLAINT_OF_ROUTINE, CARD "Seconds=1\n", 4, "Card sit", "Seconds", "[Card sit] Seconds: \"1\" is not"},
    {COMPLAINT_OF_ROUTINE, CARD "Picture=no.svg\n", 4, "Card sit", "Picture", "[Card sit] Picture: the picture"},
    {COMPLAINT_OF_ROUTINE, CARD "Titel=a\n", 4, "Card sit", "Titel", "[Card sit] has no key Titel"},
    {COMPLAINT_OF_ROUTINE, CARD "[Card up]\nText=Up.\n", 4, "Card up", "Title", "[Card up] has no Title and is left"},
    {COMPLAINT_OF_ROUTINE, CARD "[Card]\n", 4, "Card", "-", "There is no section [Card]"},
    {COMPLAINT_OF_ROUTINE, "[Routine]\nName=None\n", 0, "-", "-", "There is no usable card"},
};

static void read_as(enum complaint_source source, struct heard *heard) {
    const char *const folders[] = {folder, NULL};
    struct config *config = NULL;
    struct board *board = NULL;
    struct routine *routine = NULL;
    switch (source) {
    case COMPLAINT_OF_CONFIG:
        config_read(&config, path, false, hear, heard);
        config_free(config);
        break;
    case COMPLAINT_OF_BOARD:
        board_read(&board, "one", folders, hear, heard);
        board_free(board);
        break;
    case COMPLAINT_OF_ROUTINE:
        routine_read(&routine, path, folder, "en", hear, heard);
        routine_free(routine);
        break;
    }
}

static void test_fields(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct heard heard = {0};
        char begins[256];
        put(wrong[i].text);
        read_as(wrong[i].source, &heard);
        assert_true(heard.count > 0);
        assert_int_equal(heard.source, wrong[i].source);
        assert_string_equal(heard.file, path);
        assert_int_equal(heard.line, wrong[i].line);
        assert_string_equal(heard.group, wrong[i].group);
        assert_string_equal(heard.key, wrong[i].key);
        snprintf(begins, sizeof begins, wrong[i].line > 0 ? "%s:%d: " : "%s: ", path, wrong[i].line);
        heard.whole[strlen(begins) + strlen(wrong[i].sentence)] = '\0';
        snprintf(begins + strlen(begins), sizeof begins - strlen(begins), "%s", wrong[i].sentence);
        assert_string_equal(heard.whole, begins);
    }
}

static void test_what_is_not_there_is_not_said(void **state) {
    (void)state;
    static const struct {
        struct complaint complaint;
        const char *text;
    } cases[] = {
        {{.sentence = "It is so."}, "It is so."},
        {{.file = "a.conf", .sentence = "It is so."}, "a.conf: It is so."},
        {{.file = "a.conf", .line = 7, .sentence = "It is so."}, "a.conf:7: It is so."},
        {{.file = "a.conf", .line = 7, .group = "g", .sentence = "It is so."}, "a.conf:7: It is so."},
        {{.file = "a.conf", .line = 7, .group = "g", .key = "k", .sentence = "it is so."},
         "a.conf:7: [g] k: it is so."},
        {{.group = "g", .key = "k", .sentence = "it is so."}, "[g] k: it is so."},
        {{.group = "g", .key = "k", .sentence = "[g] k is so.", .says_key = true}, "[g] k is so."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = complaint_format(&cases[i].complaint);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_what_is_not_there_is_not_said),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
