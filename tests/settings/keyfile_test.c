// Tests of the key files' form: what is read, what is told, and that nothing at all makes the scanner stumble.
#include "daemon/settings/keyfile.h"
#include "tests/support/run/limit.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct heard {
    size_t count;
    int lines[8];
    char sentences[8][512];
};

static void hear(void *context, const struct complaint *complaint) {
    struct heard *heard = context;
    assert_null(complaint->file);
    if (heard->count < 8) {
        heard->lines[heard->count] = complaint->line;
        snprintf(heard->sentences[heard->count], sizeof heard->sentences[0], "%s", complaint->sentence);
    }
    heard->count++;
}

static void assert_says(const char *sentence, const char *part) {
    if (!strstr(sentence, part)) {
        fail_msg("\"%s\" does not say \"%s\"", sentence, part);
    }
}

static struct keyfile *parse(const char *text) {
    struct keyfile *file = keyfile_parse(text, strlen(text));
    assert_non_null(file);
    return file;
}

static void test_values(void **state) {
    (void)state;
    struct keyfile *file = parse("\xef\xbb\xbf# a comment\r\n"
                                 "  [one] \r\n"
                                 "plain=a value\r\n"
                                 "\tpadded\t=\t b  \n"
                                 "\n"
                                 "empty=\n"
                                 "equals=a=b\n"
                                 "hash=a # b\n"
                                 "escaped=\\sa\\tb\\\\c\\n\n"
                                 "umlaut=Füße\n"
                                 "[two words]\n"
                                 "plain=2\n"
                                 "last=without a newline");
    struct heard heard = {0};
    assert_true(keyfile_is_sound(file));
    assert_string_equal(keyfile_text(file, "one", "plain", NULL), "a value");
    assert_string_equal(keyfile_text(file, "one", "padded", NULL), "b");
    assert_string_equal(keyfile_text(file, "one", "empty", NULL), "");
    assert_string_equal(keyfile_text(file, "one", "equals", NULL), "a=b");
    assert_string_equal(keyfile_text(file, "one", "hash", NULL), "a # b");
    assert_string_equal(keyfile_text(file, "one", "escaped", NULL), " a\tb\\c\n");
    assert_string_equal(keyfile_text(file, "one", "umlaut", NULL), "Füße");
    assert_string_equal(keyfile_text(file, "two words", "plain", NULL), "2");
    assert_string_equal(keyfile_text(file, "two words", "last", NULL), "without a newline");
    assert_null(keyfile_text(file, "one", "last", NULL));
    assert_null(keyfile_text(file, "three", "plain", NULL));
    assert_int_equal(keyfile_line(file, "one", "plain"), 3);
    assert_int_equal(keyfile_line(file, "two words", "last"), 13);
    assert_int_equal(keyfile_line(file, "two words", "empty"), 0);
    size_t count;
    const struct keyfile_group *groups = keyfile_groups(file, &count);
    assert_int_equal(count, 2);
    assert_string_equal(groups[1].name, "two words");
    assert_int_equal(groups[1].line, 11);
    const struct keyfile_entry *entries = keyfile_entries(file, &count);
    assert_int_equal(count, 9);
    assert_string_equal(entries[8].key, "last");
    assert_string_equal(entries[8].group, "two words");
    assert_int_equal(keyfile_tell(file, COMPLAINT_OF_BOARD, NULL, hear, &heard), 0);
    keyfile_free(file);
    keyfile_free(NULL);
}

// Desktop Entry Specification, "Localized values for keys": lang_COUNTRY, then lang, then the plain key.
static const struct {
    const char *language, *key, *text;
} localized[] = {
    {"de", "a", "a de"},
    {"de_AT", "a", "a de_AT"},
    {"de_CH", "a", "a de"},
    {"fr", "a", "a"},
    {"en", "a", "a"},
    {NULL, "a", "a"},
    {"sr@latin", "a", "a sr@latin"},
    {"sr", "a", "a"},
    {"de", "b", "b"},
    {"pt_BR", "b", "b pt_BR"},
    {"pt", "b", "b"},
};

static void test_languages(void **state) {
    (void)state;
    struct keyfile *file =
        parse("[g]\na=a\na[de]=a de\na[de_AT]=a de_AT\na[sr@latin]=a sr@latin\nb=b\nb[pt_BR]=b pt_BR\nc[de]=c de\n");
    for (size_t i = 0; i < sizeof localized / sizeof localized[0]; i++) {
        assert_string_equal(keyfile_text(file, "g", localized[i].key, localized[i].language), localized[i].text);
    }
    assert_null(keyfile_text(file, "g", "c", "fr"));
    assert_string_equal(keyfile_text(file, "g", "c", "de"), "c de");
    assert_true(keyfile_is_sound(file));
    keyfile_free(file);
}

// The first value stays, the second is told; a second group is not read at all.
static void test_doubles(void **state) {
    (void)state;
    struct keyfile *file = parse("[g]\na=1\na=2\na[de]=3\n[h]\na=4\n[g]\nb=5\na=6\n[h]\n");
    struct heard heard = {0};
    assert_string_equal(keyfile_text(file, "g", "a", NULL), "1");
    assert_null(keyfile_text(file, "g", "b", NULL));
    size_t count;
    const struct keyfile_entry *entries = keyfile_entries(file, &count);
    assert_int_equal(count, 3);
    assert_true(entries[0].twice);
    assert_false(entries[1].twice);
    assert_int_equal(keyfile_tell(file, COMPLAINT_OF_BOARD, NULL, hear, &heard), 3);
    assert_int_equal(heard.lines[0], 3);
    assert_says(heard.sentences[0], "[g] a comes twice, as \"1\" in line 2 and as \"2\" here; keep one of them.");
    assert_int_equal(heard.lines[1], 7);
    assert_says(heard.sentences[1], "The group [g] comes twice, here and in line 1");
    assert_int_equal(heard.lines[2], 10);
    keyfile_free(file);
}

static void test_complaints_come_in_order_and_once(void **state) {
    (void)state;
    struct keyfile *file = parse("\n\n\njunk\n");
    struct heard heard = {0};
    keyfile_complain(file, (struct keyfile_place){.line = 9}, "nine %d", 9);
    keyfile_complain(file, (struct keyfile_place){.line = 0}, "whole");
    keyfile_complain(file, (struct keyfile_place){.line = 4}, "four, \x1b[1m%.5s", "abcd\xc3\xbc");
    assert_false(keyfile_is_sound(file));
    assert_int_equal(keyfile_tell(file, COMPLAINT_OF_BOARD, NULL, hear, &heard), 4);
    const int lines[] = {0, 4, 4, 9};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(heard.lines[i], lines[i]);
    }
    assert_string_equal(heard.sentences[0], "whole");
    assert_says(heard.sentences[1], "\"junk\" is neither");
    assert_string_equal(heard.sentences[2], "four, ?[1mabcd\xef\xbf\xbd"); // no escapes, no half characters
    assert_string_equal(heard.sentences[3], "nine 9");
    assert_int_equal(keyfile_tell(file, COMPLAINT_OF_BOARD, NULL, hear, &heard), 0);
    keyfile_free(file);
}

static void expect_read(const char *path, size_t complaints, const char *says) {
    struct keyfile *file = NULL;
    struct heard heard = {0};
    assert_int_equal(keyfile_read(&file, path), 0);
    assert_int_equal(keyfile_tell(file, COMPLAINT_OF_BOARD, NULL, hear, &heard), complaints);
    if (complaints) {
        assert_says(heard.sentences[0], says);
    }
    keyfile_free(file);
}

static void test_files(void **state) {
    (void)state;
    char folder[] = "/tmp/karani-keyfile-XXXXXX", path[64], fifo[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    struct keyfile *file = NULL;
    assert_int_equal(keyfile_read(&file, path), -ENOENT);
    assert_null(file);
    expect_read(folder, 1, "it is a directory");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    expect_read(fifo, 1, "not a text file"); // and does not wait for a writer
    char *text = malloc(KEYFILE_BYTES_MAX + 2);
    assert_non_null(text);
    memset(text, '#', KEYFILE_BYTES_MAX + 1);
    for (size_t length = KEYFILE_BYTES_MAX; length <= KEYFILE_BYTES_MAX + 1; length++) {
        FILE *out = fopen(path, "we");
        assert_non_null(out);
        assert_int_equal(fwrite(text, 1, length, out), length);
        assert_int_equal(fclose(out), 0);
        expect_read(path, length > KEYFILE_BYTES_MAX, "larger than 1 MiB");
    }
    if (geteuid() != 0) {
        assert_int_equal(chmod(path, 0), 0);
        expect_read(path, 1, "Permission denied");
    }
    free(text);
    unlink(path);
    unlink(fifo);
    rmdir(folder);
}

// A megabyte of keys takes no more than linear time; bounded by the alarm in main().
static void test_large_file(void **state) {
    (void)state;
    size_t size = KEYFILE_BYTES_MAX, used = 4;
    char *text = malloc(size);
    assert_non_null(text);
    memcpy(text, "[g]\n", 4);
    for (int i = 0; used + 24 < size; i++) {
        used += (size_t)snprintf(text + used, size - used, "k%d=%d\n", i, i);
    }
    struct keyfile *file = keyfile_parse(text, used);
    assert_true(keyfile_is_sound(file));
    assert_string_equal(keyfile_text(file, "g", "k70000", NULL), "70000");
    assert_int_equal(keyfile_line(file, "g", "k70000"), 70002);
    keyfile_free(file);
    free(text);
}

// Whatever is in a file, it is read to its end. Pieces that matter to the scanner, strung together at random (a fixed
// sequence), with values that GKeyFile itself must take.
static void test_any_bytes(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "[",    "]", "[g]",  "=",    "key", "key=v",      "\n",   "\n",    "#", " ",    "\t",           "\\", "\\n",
        "\xff", "ü", "[de]", "\r\n", ";",   "Encoding=x", "\x01", "[de]=", "-", "\x7f", "\xef\xbb\xbf", "[]", "%s%n"};
    uint32_t random = 1;
    for (int round = 0; round < 3000; round++) {
        char text[512];
        size_t length = 0;
        for (int i = 0; i < 60; i++) {
            random = random * 1664525u + 1013904223u; // Numerical Recipes' generator
            const char *piece = pieces[(random >> 16) % (sizeof pieces / sizeof pieces[0])];
            if (length + strlen(piece) > sizeof text) {
                break;
            }
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
        }
        struct keyfile *file = keyfile_parse(text, length);
        struct heard heard = {0};
        size_t count;
        const struct keyfile_entry *entries = keyfile_entries(file, &count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(keyfile_line(file, entries[i].group, entries[i].key), entries[i].line);
        }
        keyfile_tell(file, COMPLAINT_OF_BOARD, NULL, hear, &heard);
        keyfile_free(file);
    }
}

static void test_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_int;
        int number;
        bool is_decimal;
        double decimal;
    } rows[] = {
        {"0", true, 0, true, 0},
        {"-3", true, -3, false, 0},
        {"007", true, 7, true, 7},
        {"2147483647", true, 2147483647, true, 2147483647},
        {"2147483648", false, 0, true, 2147483648},
        {"-2147483648", true, -2147483647 - 1, false, 0},
        {"99999999999999999999", false, 0, true, 1e20},
        {"0.6", false, 0, true, 0.6},
        {"1.", false, 0, true, 1},
        {".5", false, 0, false, 0},
        {"1.2.3", false, 0, false, 0},
        {"1e3", false, 0, false, 0},
        {"", false, 0, false, 0},
        {"-", false, 0, false, 0},
        {"+1", false, 0, false, 0},
        {" 1", false, 0, false, 0},
        {"1 ", false, 0, false, 0},
        {"0x1", false, 0, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int number = 42;
        double decimal = 42;
        assert_int_equal(keyfile_parse_int(rows[i].text, &number), rows[i].is_int);
        assert_int_equal(number, rows[i].is_int ? rows[i].number : 42);
        assert_int_equal(keyfile_parse_decimal(rows[i].text, &decimal), rows[i].is_decimal);
        assert_true(decimal == (rows[i].is_decimal ? rows[i].decimal : 42));
    }
}

int main(void) {
    limit_processor_s(60);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),    cmocka_unit_test(test_languages),
        cmocka_unit_test(test_doubles),   cmocka_unit_test(test_complaints_come_in_order_and_once),
        cmocka_unit_test(test_files),     cmocka_unit_test(test_large_file),
        cmocka_unit_test(test_any_bytes), cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
