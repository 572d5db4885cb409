// Tests of Varlink without input or output: messages cut out of bytes that come as they like, and their shape.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/control/varlink.h"
#include "daemon/diary/text/object.h"

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

// Fed in pieces of every size, the same three messages come out.
static void test_framing(void **state) {
    (void)state;
    static const char bytes[] = "one\0\0three of them";
    static const char *const wanted[] = {"one", "", "three of them"};
    for (size_t piece = 1; piece <= sizeof bytes; piece++) {
        struct varlink_stream stream = {.bytes = NULL};
        size_t found = 0;
        for (size_t at = 0; at < sizeof bytes; at += piece) {
            size_t count = sizeof bytes - at < piece ? sizeof bytes - at : piece;
            const char *text;
            size_t size;
            assert_int_equal(varlink_feed(&stream, bytes + at, count), 0);
            while (varlink_next(&stream, &text, &size)) {
                assert_true(found < 3);
                assert_int_equal(size, strlen(wanted[found]));
                assert_memory_equal(text, wanted[found], size + 1);
                found++;
                varlink_drop(&stream, size + 1);
            }
        }
        assert_int_equal(found, 3);
        assert_int_equal(varlink_left(&stream), 0);
        varlink_clear(&stream);
    }
}

// A message of the greatest length is taken, one byte more is not; what stands behind a whole one does not count.
static void test_bound(void **state) {
    (void)state;
    struct varlink_stream stream = {.bytes = NULL};
    char *bytes = malloc(VARLINK_MESSAGE_MAX + 1);
    const char *text;
    size_t size;
    memset(bytes, 'x', VARLINK_MESSAGE_MAX);
    bytes[VARLINK_MESSAGE_MAX] = '\0';
    assert_int_equal(varlink_feed(&stream, bytes, VARLINK_MESSAGE_MAX + 1), 0);
    assert_true(varlink_next(&stream, &text, &size));
    assert_int_equal(size, VARLINK_MESSAGE_MAX);
    varlink_drop(&stream, size + 1);
    assert_int_equal(varlink_feed(&stream, bytes, VARLINK_MESSAGE_MAX), 0);
    assert_false(varlink_next(&stream, &text, &size));
    assert_int_equal(varlink_feed(&stream, "x", 1), -EMSGSIZE);
    assert_int_equal(varlink_feed(&stream, "", 1), 0);
    assert_true(varlink_next(&stream, &text, &size));
    varlink_clear(&stream);
    free(bytes);
}

static const struct {
    const char *text;
    bool good;
    bool oneway, more, upgrade;
} calls[] = {
    {"{\"method\":\"a.b.C\"}", true, false, false, false},
    {"{\"method\":\"a.b.C\",\"parameters\":null,\"oneway\":null}", true, false, false, false},
    {"{\"method\":\"a.b.C\",\"parameters\":{\"x\":1},\"oneway\":true}", true, true, false, false},
    {"{\"method\":\"a.b.C\",\"more\":true,\"upgrade\":false}", true, false, true, false},
    {"{\"upgrade\":true,\"method\":\"a.b.C\",\"of\":\"the future\"}", true, false, false, true},
    {"", false, false, false, false},
    {"{}", false, false, false, false},
    {"{\"method\":null}", false, false, false, false},
    {"{\"method\":\"a.b.C\",\"parameters\":\"x\"}", false, false, false, false},
    {"{\"method\":\"a.b.C\",\"more\":1}", false, false, false, false},
};

static void test_calls(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct varlink_call call;
        if (varlink_read_call(calls[i].text, strlen(calls[i].text), &call) != calls[i].good) {
            fail_msg("%s", calls[i].text);
        }
        if (!calls[i].good) {
            continue;
        }
        assert_string_equal(call.method, "a.b.C");
        assert_non_null(call.parameters);
        assert_int_equal(call.oneway, calls[i].oneway);
        assert_int_equal(call.more, calls[i].more);
        assert_int_equal(call.upgrade, calls[i].upgrade);
        varlink_call_clear(&call);
    }
}

static void test_messages(void **state) {
    (void)state;
    JsonBuilder *builder = varlink_begin_call("a.b.C");
    object_add_integer(builder, "x", 1);
    char *text = varlink_end(builder);
    assert_string_equal(text, "{\"method\":\"a.b.C\",\"parameters\":{\"x\":1}}");
    g_free(text);
    text = varlink_end(varlink_begin_reply());
    assert_string_equal(text, "{\"parameters\":{}}");
    g_free(text);
    builder = varlink_begin_error("a.b.Bad");
    object_add_text(builder, "why", "so");
    text = varlink_end(builder);
    assert_string_equal(text, "{\"error\":\"a.b.Bad\",\"parameters\":{\"why\":\"so\"}}");
    struct varlink_reply reply;
    assert_true(varlink_read_reply(text, strlen(text), &reply));
    assert_string_equal(reply.error, "a.b.Bad");
    assert_string_equal(object_text(reply.parameters, "why"), "so");
    varlink_reply_clear(&reply);
    g_free(text);
    assert_true(varlink_read_reply("{}", 2, &reply));
    assert_null(reply.error);
    varlink_reply_clear(&reply);
    static const char *const bad[] = {"", "[]", "{\"error\":1}", "{\"parameters\":1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(varlink_read_reply(bad[i], strlen(bad[i]), &reply));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_framing),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
