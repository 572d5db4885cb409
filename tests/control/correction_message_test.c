// Tests of corrections as messages: what is said comes back, and what cannot be said is named.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/control/correction.h"
#include "daemon/control/service_inside.h"
#include "daemon/diary/text/object.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define A "a0000000-0000-4000-8000-00000000000a"

static JsonObject *as_message(const struct correction *correction) {
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    correction_build(correction, builder);
    json_builder_end_object(builder);
    char *text = object_print(builder);
    JsonObject *object = object_parse(text, strlen(text));
    g_free(text);
    assert_non_null(object);
    return object;
}

static bool same(const char *one, const char *other) {
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

static void test_message_there_and_back(void **state) {
    (void)state;
    const struct correction cases[] = {
        {.kind = CORRECTION_ADD, .night = "2026-03-01", .held_s = 0, .planned_s = -1},
        {.kind = CORRECTION_ADD, .started = "2026-03-01 20:00", .held_s = 600, .planned_s = 700, .note = ""},
        {.kind = CORRECTION_EDIT,
         .id = A,
         .night = "n",
         .started = "s",
         .outcome = "o",
         .variant = "v",
         .routine = "r",
         .note = "\"é\n",
         .held_s = 1,
         .planned_s = 2},
        {.kind = CORRECTION_DELETE, .id = A, .held_s = -1, .planned_s = -1},
        {.kind = CORRECTION_AWAY, .first = "f", .held_s = -1, .planned_s = -1},
        {.kind = CORRECTION_AWAY, .first = "f", .last = "l", .clear = true, .held_s = -1, .planned_s = -1},
        {.kind = CORRECTION_IMPORT, .text = "{}\n", .held_s = -1, .planned_s = -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct correction *sent = &cases[i];
        JsonObject *object = as_message(sent);
        struct correction got;
        const char *member;
        assert_true(correction_read(sent->kind, object, &got, &member));
        assert_true(same(got.id, sent->id) && same(got.night, sent->night) && same(got.started, sent->started) &&
                    same(got.outcome, sent->outcome) && same(got.variant, sent->variant) &&
                    same(got.routine, sent->routine) && same(got.note, sent->note) && same(got.first, sent->first) &&
                    same(got.last, sent->last) && same(got.text, sent->text));
        assert_int_equal(got.kind, sent->kind);
        assert_int_equal(got.held_s, sent->held_s);
        assert_int_equal(got.planned_s, sent->planned_s);
        assert_int_equal(got.clear, sent->clear);
        json_object_unref(object);
    }
}

static void test_message_refused(void **state) {
    (void)state;
    static const struct {
        enum correction_kind kind;
        const char *text;
        const char *member; // NULL: it is good
    } cases[] = {
        {CORRECTION_ADD, "{}", "held_s"},
        {CORRECTION_ADD, "{\"held_s\":null}", "held_s"},
        {CORRECTION_ADD, "{\"held_s\":600,\"night\":null}", NULL},
        {CORRECTION_ADD, "{\"held_s\":600,\"first\":\"2026-03-01\"}", "first"},
        {CORRECTION_ADD, "{\"held_s\":-1}", "held_s"},
        {CORRECTION_ADD, "{\"held_s\":\"600\"}", "held_s"},
        {CORRECTION_ADD, "{\"held_s\":600.0}", "held_s"},
        {CORRECTION_ADD, "{\"held_s\":600,\"note\":[]}", "note"},
        {CORRECTION_EDIT, "{\"note\":\"x\"}", "id"},
        {CORRECTION_AWAY, "{\"first\":\"x\",\"clear\":1}", "clear"},
        {CORRECTION_IMPORT, "{\"text\":{}}", "text"},
        {CORRECTION_DELETE, "{\"id\":true}", "id"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        JsonObject *object = object_parse(cases[i].text, strlen(cases[i].text));
        struct correction correction;
        const char *member = NULL;
        assert_non_null(object);
        assert_int_equal(correction_read(cases[i].kind, object, &correction, &member), cases[i].member == NULL);
        if (cases[i].member != NULL) {
            assert_string_equal(member, cases[i].member);
        }
        json_object_unref(object);
    }
}

// Reads a call of that method with this member alone: NULL when it is taken, or what is missed or refused.
static const char *refused_of(enum correction_kind kind, const char *name, const char *type) {
    char text[64];
    const char *value = strncmp(type, "int", 3) == 0 ? "1" : strncmp(type, "bool", 4) == 0 ? "true" : "\"x\"";
    snprintf(text, sizeof text, "{\"%s\":%s}", name, value);
    JsonObject *object = object_parse(text, strlen(text));
    struct correction correction;
    const char *member = NULL;
    bool taken = correction_read(kind, object, &correction, &member);
    json_object_unref(object);
    return taken ? NULL : member;
}

// Each parameter of a method in the interface's own description is one that the method takes, by its type.
static void test_the_interface_says_what_is_taken(void **state) {
    (void)state;
    for (int kind = 0; kind < CORRECTION_KINDS; kind++) {
        char head[32], name[16], type[16];
        int parameters = 0, length;
        snprintf(head, sizeof head, "method %s(", correction_method((enum correction_kind)kind));
        const char *at = strstr(service_description, head);
        assert_non_null(at);
        at += strlen(head);
        while (sscanf(at, " %15[a-z_]: %15[a-z?]%n", name, type, &length) == 2) {
            const char *refused = refused_of((enum correction_kind)kind, name, type + (type[0] == '?'));
            if (refused != NULL && strcmp(refused, name) == 0) {
                fail_msg("%s takes no %s", head, name);
            }
            parameters++;
            at += length;
            at += strspn(at, ",");
        }
        static const int COUNTS[CORRECTION_KINDS] = {8, 9, 1, 3, 1};
        assert_int_equal(parameters, COUNTS[kind]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message_there_and_back),
        cmocka_unit_test(test_message_refused),
        cmocka_unit_test(test_the_interface_says_what_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
