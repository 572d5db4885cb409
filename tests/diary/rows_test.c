// Tests of the text formats of sessions: what a file may hold, which row is bad and in which line, and that what was
// printed is read back as it was.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "uuid,night,started_utc,utc_offset,zone,clock,routine,variant,planned_s,held_s,overtime_s,outcome,note"
#define A      "a0000000-0000-4000-8000-00000000000a"
#define B      "b0000000-0000-4000-8000-00000000000b"
// A good row's fields behind its uuid.
#define REST ",2026-03-01,2026-03-01T20:40:00Z,+01:00,Europe/Berlin,synced,legs-up-the-wall,wall,600,700,100,finished,"
#define MEMBERS                                                                                                        \
    "\"night\":\"2026-03-01\",\"started_utc\":\"2026-03-01T20:40:00Z\",\"utc_offset\":\"+01:00\","                     \
    "\"zone\":\"Europe/Berlin\",\"clock\":\"synced\",\"routine\":\"legs-up-the-wall\",\"variant\":\"wall\","           \
    "\"planned_s\":600,\"held_s\":700,\"overtime_s\":100,\"outcome\":\"finished\""
#define JSON(uuid, note) "{\"uuid\":\"" uuid "\"," MEMBERS ",\"note\":" note "}"

static int read_text(const char *text, struct rows *rows, struct rows_fault *fault) {
    return rows_read(text, strlen(text), rows, fault);
}

// Every field of both rows, as the table of the diary has them.
static void assert_two_rows(const char *text) {
    struct rows rows;
    struct rows_fault fault;
    int result = read_text(text, &rows, &fault);
    if (result != 0) {
        fail_msg("%d: %s", (int)fault.line, fault.sentence);
    }
    assert_int_equal(rows.session_count, 2);
    const struct session_record *session = &rows.sessions[0];
    assert_string_equal(session->uuid, A);
    assert_int_equal(session->night, 20513); // 2026-03-01
    assert_int_equal(session->started_utc_s, 1772397600);
    assert_int_equal(session->utc_offset_s, 3600);
    assert_string_equal(session->zone, "Europe/Berlin");
    assert_int_equal(session->clock, CLOCK_SYNCED);
    assert_string_equal(session->routine, "legs-up-the-wall");
    assert_string_equal(session->variant, "wall");
    assert_int_equal(session->planned_s, 600);
    assert_int_equal(session->held_s, 700);
    assert_int_equal(session->overtime_s, 100);
    assert_int_equal(session->outcome, OUTCOME_FINISHED);
    assert_null(session->note);
    assert_string_equal(session->boot_id, "");
    assert_int_equal(session->paused_at_boot_ms, -1);
    assert_string_equal(rows.sessions[1].uuid, B);
    assert_string_equal(rows.sessions[1].note, "a \"b\",\r\nc");
    rows_clear(&rows);
    assert_int_equal(rows.session_count, 0);
}

static void test_both_formats(void **state) {
    (void)state;
    assert_two_rows(HEADER "\r\n" A REST "\r\n" B REST "\"a \"\"b\"\",\r\nc\"\r\n");
    assert_two_rows(HEADER "\n" A REST "\n" B REST "\"a \"\"b\"\",\r\nc\""); // LF, and no end of the last line
    assert_two_rows("\xef\xbb\xbf" HEADER "\n" A REST "\n" B REST "\"a \"\"b\"\",\r\nc\""); // a byte order mark
    assert_two_rows(HEADER "\n\"" A "\"" REST "\"\"\n" B REST "\"a \"\"b\"\",\r\nc\"\n");   // quotes without need
    assert_two_rows(JSON(A, "null") "\n" JSON(B, "\"a \\\"b\\\",\\r\\nc\"") "\n");
    assert_two_rows("\n \t" JSON(A, "\"\"") "\r\n\n" JSON(B, "\"a \\u0022b\\\",\\r\\nc\"") "\n \n");
}

// Each good: what counts as no fault.
static void test_what_is_not_checked(void **state) {
    (void)state;
    static const char *const rows_of[] = {
        "",
        HEADER,
        HEADER "\r\n",
        "{\"away\":\"2026-03-01\"}",
        "{\"away\":\"2026-03-01\"}\n{\"away\":\"2026-03-01\"}",
        // without a night; the night is not that of the start; long ahead; without zone and names
        HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,Europe/Berlin,unset,r,v,0,0,0,ended-early,",
        HEADER "\n" A ",1999-12-31,9999-12-31T23:59:59Z,-00:25:21,Mars/Base,rtc,,,1,2147483647,5,not-mine,",
        HEADER "\n" A ",9999-12-31,1970-01-01T00:00:00Z,+23:59,,restored,r,v,2147483647,1,9,interrupted,,",
    };
    for (size_t i = 0; i < sizeof rows_of / sizeof *rows_of; i++) {
        struct rows rows;
        struct rows_fault fault;
        int error = read_text(rows_of[i], &rows, &fault);
        bool last = i == sizeof rows_of / sizeof *rows_of - 1; // one comma too many
        if (error != (last ? -EINVAL : 0)) {
            fail_msg("%s: %s", rows_of[i], error == 0 ? "was taken" : fault.sentence);
        }
        if (error == 0) {
            rows_clear(&rows);
        }
    }
}

static void test_what_ran_is_interrupted(void **state) {
    (void)state;
    struct rows rows;
    struct rows_fault fault;
    assert_int_equal(read_text(HEADER "\n" A ",2026-03-01,2026-03-01T20:40:00Z,+01:00,UTC,set,r,v,600,60,0,running,\n"
                                      "A0000000-0000-4000-8000-00000000000C"
                                      ",2026-03-01,2026-03-01T20:40:00Z,-03:30,UTC,set,r,v,600,60,0,not-mine,\n",
                               &rows, &fault),
                     0);
    assert_int_equal(rows.sessions[0].outcome, OUTCOME_INTERRUPTED);
    assert_int_equal(rows.sessions[1].outcome, OUTCOME_NOT_MINE);
    assert_int_equal(rows.sessions[1].outcome_was, OUTCOME_FINISHED);
    assert_int_equal(rows.sessions[1].utc_offset_s, -12600);
    assert_string_equal(rows.sessions[1].uuid, "a0000000-0000-4000-8000-00000000000c"); // RFC 9562: either case is read
    rows_clear(&rows);
}

static const struct {
    const char *text;
    int64_t line;
    const char *says;
} faults[] = {
    {"no,header\n", 1, "header"},
    {"\n" HEADER "\n", 1, "header"},
    {HEADER ",more\n", 1, "header"},
    {"[" JSON(A, "null") "]", 1, "header"},
    {HEADER "\n" A ",2026-03-01\n", 2, "The row has 2 fields; 13"},
    {HEADER "\n\n", 2, "The row has 1 field; 13"},
    {HEADER "\n" A REST "\n" B REST ",\n", 3, "14 fields"},
    {HEADER "\nabc" REST "\n", 2, "uuid: \"abc\" is no UUID."},
    {HEADER "\n" REST "\n", 2, "uuid: \"\""},
    {HEADER "\n" A REST "\"two\nlines\"\n" A REST "\n", 4, "The uuid stands in the file before."},
    {HEADER "\n" A REST "\n" A REST "\nx\n", 3, "stands in the file before"},
    {HEADER "\n" A REST "\nx\n" A REST "\n", 3, "1 field"},
    {HEADER "\n" A ",2026-02-29,2026-03-01T20:40:00Z,+01:00,UTC,set,r,v,1,1,1,finished,", 2, "night: \"2026-02-29\""},
    {HEADER "\n" A ",,2026-02-29T20:40:00Z,+01:00,UTC,set,r,v,1,1,1,finished,", 2, "started_utc"},
    {HEADER "\n" A ",,2026-03-01T24:00:00Z,+01:00,UTC,set,r,v,1,1,1,finished,", 2, "started_utc"},
    {HEADER "\n" A ",,2026-03-01T20:40Z,+01:00,UTC,set,r,v,1,1,1,finished,", 2, "started_utc"},
    {HEADER "\n" A ",,2026-03-01T20:40:00,+01:00,UTC,set,r,v,1,1,1,finished,", 2, "started_utc"},
    {HEADER "\n" A ",,2026-03-01T20:40:00+00:00,+01:00,UTC,set,r,v,1,1,1,finished,", 2, "started_utc"},
    {HEADER "\n" A ",,2026-03-01T20:40:60Z,+01:00,UTC,set,r,v,1,1,1,finished,", 2, "started_utc"},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,01:00,UTC,set,r,v,1,1,1,finished,", 2, "utc_offset"},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+1:00,UTC,set,r,v,1,1,1,finished,", 2, "utc_offset"},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:60,UTC,set,r,v,1,1,1,finished,", 2, "utc_offset"},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00:,UTC,set,r,v,1,1,1,finished,", 2, "utc_offset"},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,Z,UTC,set,r,v,1,1,1,finished,", 2, "utc_offset"},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,UTC,good,r,v,1,1,1,finished,", 2, "clock: \"good\" is none of unset"},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,UTC,set,r,v,1,1,1,done,", 2, "outcome: \"done\""},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,UTC,set,r,v,-1,1,1,finished,", 2, "planned_s: \"-1\""},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,UTC,set,r,v,1,1.5,1,finished,", 2, "held_s: \"1.5\""},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,UTC,set,r,v,1,1,,finished,", 2, "overtime_s: \"\""},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,UTC,set,r,v,1,1, 1,finished,", 2, "overtime_s: \" 1\""},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,UTC,set,r,v,99999999999999999999,1,1,finished,", 2, "planned_s"},
    {HEADER "\n" A ",,2026-03-01T20:40:00Z,+01:00,"
            "a-zone-that-is-longer-than-any-in-the-tz-database-has-ever-been-so-far,set,r,v,1,1,1,finished,",
     2, "zone: \"a-zone"},
    {HEADER "\n" A REST "\"open\nto the end\n", 2, "never closed"},
    {HEADER "\n" A REST "\"closed\"behind\n", 2, "stands where none can"},
    {HEADER "\n" A REST "in \"the\" middle\n", 2, "stands where none can"},
    {HEADER "\n" A REST "one\rtwo\n", 2, "stands where none can"},
    {HEADER "\n" A REST "\xff\n", 2, "no UTF-8"},
    {HEADER "\n" A REST "\"one\n\xc3\"\n", 2, "no UTF-8"},
    {JSON(A, "null") "\n{\"uuid\":1\n", 2, "no JSON object"},
    {JSON(A, "null") "\nuuid\n", 2, "no JSON object"},
    {JSON(A, "null") " " JSON(B, "null"), 1, "no JSON object"},
    {"\n\n" JSON(A, "\"x\\u0000y\""), 3, "no JSON object"},
    {JSON(A, "\"\\ud83d\""), 1, "no JSON object"},
    {JSON(A, "\"\xff\""), 1, "no JSON object"},
    {JSON(A, "1"), 1, "note is missing, or is no text"},
    {JSON(A, "null,\"more\":1"), 1, "13 fields"},
    {"{\"uuid\":\"" A "\"," MEMBERS "}", 1, "13 fields"},
    {"{\"uuid\":\"" A "\"," MEMBERS ",\"notes\":null}", 1, "note is missing"},
    {"{\"uuid\":\"" A "\"," MEMBERS ",\"note\":null,\"note\":null}", 1, "no JSON object"},
    {JSON(A, "null") "\n" JSON(B, "null") "\n" JSON(A, "null"), 3, "stands in the file before"},
    {"{\"away\":\"2026-02-30\"}", 1, "away: \"2026-02-30\""},
    {"{\"away\":null}", 1, "away: \"\""},
    {"{\"away\":\"2026-03-01\",\"uuid\":\"" A "\"}", 1, "one field"},
};

static void test_faults(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct rows rows;
        struct rows_fault fault = {.line = -1};
        if (read_text(faults[i].text, &rows, &fault) != -EINVAL) {
            fail_msg("was taken: %s", faults[i].text);
        }
        if (fault.line != faults[i].line || strstr(fault.sentence, faults[i].says) == NULL) {
            fail_msg("%s: %d: %s", faults[i].text, (int)fault.line, fault.sentence);
        }
        assert_null(strpbrk(fault.sentence, "\r\n"));
        assert_int_equal(fault.sentence[strlen(fault.sentence) - 1], '.');
    }
    // NUL, which no C string shows, in each format.
    static const char csv[] = HEADER "\n" A REST "a\0b\n", quoted[] = HEADER "\n" A REST "\"a\0b\"\n";
    static const char json[] = "{\"away\":\"2026-03-01\0\"}";
    struct rows rows;
    struct rows_fault fault;
    assert_int_equal(rows_read(csv, sizeof csv - 1, &rows, &fault), -EINVAL);
    assert_int_equal(fault.line, 2);
    assert_int_equal(rows_read(quoted, sizeof quoted - 1, &rows, &fault), -EINVAL);
    assert_int_equal(fault.line, 2);
    assert_int_equal(rows_read(json, sizeof json - 1, &rows, &fault), -EINVAL);
    assert_int_equal(fault.line, 1);
}

// ---- round trips ----

static char *print_rows(const struct rows *rows, bool json, size_t *size) {
    char *text = NULL;
    FILE *to = open_memstream(&text, size);
    assert_non_null(to);
    if (!json) {
        rows_print_csv_header(to);
    }
    for (size_t i = 0; i < rows->session_count; i++) {
        if (!json) {
            rows_print_csv(to, &rows->sessions[i]);
            continue;
        }
        JsonBuilder *builder = json_builder_new();
        rows_build_json(builder, &rows->sessions[i]);
        char *line = object_print(builder);
        fprintf(to, "%s\n", line);
        g_free(line);
    }
    assert_int_equal(fclose(to), 0);
    return text;
}

static uint32_t random_number(uint32_t *seed) {
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

// Every kind of character but NUL: controls, quotes, all planes.
static char *random_note(uint32_t *seed) {
    GString *note = g_string_new("");
    for (uint32_t length = random_number(seed) % 12; length > 0; length--) {
        static const char special[] = "\",\\\r\n\t\x01\x1f\x7f /";
        uint32_t kind = random_number(seed) % 4;
        gunichar wide = random_number(seed) % 0x10ffff + 1;
        if (kind == 0) {
            g_string_append_c(note, special[random_number(seed) % (sizeof special - 1)]);
        } else if (kind < 3) {
            g_string_append_unichar(note, g_unichar_validate(wide) ? wide : 0x2028);
        } else {
            g_string_append_c(note, (char)(1 + random_number(seed) % 127));
        }
    }
    char *text = note->len > 0 ? strdup(note->str) : NULL;
    g_string_free(note, TRUE);
    return text;
}

static void test_round_trip(void **state) {
    (void)state;
    enum { SESSIONS = 500, FIRST = -719162, DATES = 3652059 }; // from 0001-01-01 to 9999-12-31
    static struct session_record sessions[SESSIONS];
    uint32_t seed = 1;
    for (int i = 0; i < SESSIONS; i++) {
        struct session_record *session = &sessions[i];
        *session = (struct session_record){
            .night = random_number(&seed) % 8 == 0 ? NIGHT_NONE : (int32_t)(random_number(&seed) % DATES) + FIRST,
            .started_utc_s = ((int64_t)(random_number(&seed) % DATES) + FIRST) * 86400 + random_number(&seed) % 86400,
            .utc_offset_s = (int32_t)(random_number(&seed) % 172799) - 86399,
            .clock = (enum clock_quality)(random_number(&seed) % (CLOCK_SYNCED + 1)),
            .planned_s = random_number(&seed),
            .held_s = random_number(&seed) % 2000,
            .overtime_s = random_number(&seed) % 2000,
            .outcome = (enum outcome)(OUTCOME_FINISHED + random_number(&seed) % 4),
            .note = random_note(&seed),
        };
        snprintf(session->uuid, sizeof session->uuid, "%08x-0000-4000-8000-%012x", random_number(&seed), (unsigned)i);
        snprintf(session->zone, sizeof session->zone, "Zone/%u,\"%c", i, i % 26 + 'A');
        snprintf(session->routine, sizeof session->routine, "Übung %d", i);
    }
    const struct rows all = {.sessions = sessions, .session_count = SESSIONS};
    for (int json = 0; json < 2; json++) {
        size_t first_size, second_size;
        struct rows rows;
        struct rows_fault fault;
        char *first = print_rows(&all, json, &first_size);
        if (rows_read(first, first_size, &rows, &fault) != 0) {
            fail_msg("%d: %s %.600s", (int)fault.line, fault.sentence, first);
        }
        char *second = print_rows(&rows, json, &second_size);
        assert_int_equal(first_size, second_size);
        assert_memory_equal(first, second, first_size);
        rows_clear(&rows);
        free(first);
        free(second);
    }
    for (int i = 0; i < SESSIONS; i++) {
        free(sessions[i].note);
    }
}

// Cut off anywhere, a file is read or refused, never read beyond its end (as asan sees).
static void test_every_cut(void **state) {
    (void)state;
    static const char *const texts[] = {
        HEADER "\r\n" A REST "\"a \"\"b\"\",\r\nc\"\r\n" B REST "\r\n",
        JSON(A, "\"\\ud83d\\ude00 \\\"x\"") "\n" JSON(B, "null") "\n{\"away\":\"2026-03-01\"}\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t size = 0; size <= strlen(texts[i]); size++) {
            char *cut = malloc(size + 1); // not one byte more is there to be read
            memcpy(cut, texts[i], size);
            struct rows rows;
            struct rows_fault fault;
            if (rows_read(cut, size, &rows, &fault) == 0) {
                rows_clear(&rows);
            }
            free(cut);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_formats),
        cmocka_unit_test(test_what_is_not_checked),
        cmocka_unit_test(test_what_ran_is_interrupted),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
