// Tests of reading JSON by the letter: what is an object, and what json-glib alone would have taken for one.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/diary/text/object.h"

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    bool sound;
} cases[] = {
    {"{}", true},
    {" \t\r\n{ \"a\" : [ 1 , 2.5e-3 , -0 , true , false , null , \"\" , {} , [] ] } ", true},
    {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"}", true},
    {"{\"a\":123456789012345678}", true},
    {"", false},
    {"1", false},
    {"[]", false},
    {"null", false},
    {"{", false},
    {"{}}", false},
    {"{}{}", false},
    {"{} x", false},
    {"{\"a\"}", false},
    {"{\"a\":}", false},
    {"{\"a\":1,}", false},
    {"{,}", false},
    {"{a:1}", false},
    {"{'a':1}", false},
    {"{\"a\":1 \"b\":2}", false},
    {"{\"a\":[1,]}", false},
    {"{\"a\":[1}", false},
    {"{\"a\":1,\"a\":2}", false},
    {"{\"a\":010}", false},
    {"{\"a\":0x10}", false},
    {"{\"a\":$10}", false},
    {"{\"a\":+1}", false},
    {"{\"a\":1.}", false},
    {"{\"a\":.5}", false},
    {"{\"a\":1e}", false},
    {"{\"a\":-}", false},
    {"{\"a\":-123456789012345678901234567890}", true}, // beyond 64 bits
    {"{\"a\":0.1234567890123456789012,\"b\":1e1234567890123456789012,\"c\":1e400}", true},
    {"{\"a\":01234567890123456789}", false},
    {"{\"a\":1234567890123456789.}", false},
    {"{\"a\":TRUE}", false},
    {"{\"a\":tru}", false},
    {"{\"a\":NaN}", false},
    {"/**/{\"a\":1}", false},
    {"var x = {\"a\":1};", false},
    {"\xef\xbb\xbf{\"a\":1}", false},
    {"{\"a\":\"b\nc\"}", false},
    {"{\"a\":\"\\x41\"}", false},
    {"{\"a\":\"\\u00\"}", false},
    {"{\"a\":\"\\u0000\"}", false},
    {"{\"a\":\"\\ud83d\"}", false},
    {"{\"a\":\"\\ud83dx\"}", false},
    {"{\"a\":\"\\ud83d\\u0041\"}", false},
    {"{\"a\":\"\\ude00\"}", false},
    {"{\"a\":\"\\\"}", false},
    {"{\"a\":\"", false},
    {"{\"a\":\"\xff\"}", false},
    {"{\"a\":\"\xed\xa0\xbd\"}", false}, // half a pair in UTF-8
};

static void test_grammar(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = strlen(cases[i].text);
        char *exact = malloc(size + 1); // not one byte more is there to be read
        memcpy(exact, cases[i].text, size);
        exact[size] = 'x';
        JsonObject *object = object_parse(exact, size);
        if ((object != NULL) != cases[i].sound) {
            fail_msg("%s was %s", cases[i].text, object != NULL ? "taken" : "refused");
        }
        if (object != NULL) {
            json_object_unref(object);
        }
        free(exact);
    }
    assert_null(object_parse("{\"a\":\"b\0c\"}", strlen("{\"a\":\"b") + 4));
}

// A number that may be beyond 64 bits is one, but no integer that anybody could take for another.
static void test_long_numbers(void **state) {
    (void)state;
    static const char *const numbers[] = {"9223372036854775807", "-1234567890123456789", "18446744073709552216",
                                          "123456789012345678901234567890", "1e1234567890123456789"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[80];
        snprintf(text, sizeof text, "{\"a\":%s,\"b\":[%s],\"c\":7}", numbers[i], numbers[i]);
        JsonObject *object = object_parse(text, strlen(text));
        assert_non_null(object);
        assert_int_equal(object_type_of(object, "a"), OBJECT_OTHER);
        assert_int_equal(object_integer(object, "a", -1), -1);
        assert_int_equal(object_integer(object, "c", -1), 7);
        json_object_unref(object);
    }
}

// As deep as it may be; deeper, as deep as would end a stack.
static void test_depth(void **state) {
    (void)state;
    char text[64];
    snprintf(text, sizeof text, "{\"a\":%.*s%.*s}", OBJECT_DEPTH_MAX - 1, "[[[[[[[[[[[[[[[[[[[[", OBJECT_DEPTH_MAX - 1,
             "]]]]]]]]]]]]]]]]]]]]");
    JsonObject *object = object_parse(text, strlen(text));
    assert_non_null(object);
    json_object_unref(object);
    snprintf(text, sizeof text, "{\"a\":%.*s%.*s}", OBJECT_DEPTH_MAX, "[[[[[[[[[[[[[[[[[[[[", OBJECT_DEPTH_MAX,
             "]]]]]]]]]]]]]]]]]]]]");
    assert_null(object_parse(text, strlen(text)));
    enum { DEEP = 1000000 };
    char *deep = malloc(DEEP);
    memset(deep, '[', DEEP);
    memcpy(deep, "{\"a\":", 5);
    assert_null(object_parse(deep, DEEP));
    free(deep);
}

static void test_members(void **state) {
    (void)state;
    static const char text[] = "{\"t\":\"x\",\"i\":-7,\"y\":true,\"d\":1.5,\"n\":null,\"o\":{\"t\":1}}";
    JsonObject *object = object_parse(text, sizeof text - 1);
    assert_non_null(object);
    static const struct {
        const char *name;
        enum object_type type;
    } members[] = {{"t", OBJECT_TEXT}, {"i", OBJECT_INTEGER}, {"y", OBJECT_YES_NO}, {"d", OBJECT_OTHER},
                   {"n", OBJECT_NULL}, {"o", OBJECT_OTHER},   {"none", OBJECT_NULL}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        assert_int_equal(object_type_of(object, members[i].name), members[i].type);
    }
    assert_string_equal(object_text(object, "t"), "x");
    assert_null(object_text(object, "i"));
    assert_int_equal(object_integer(object, "i", 3), -7);
    assert_int_equal(object_integer(object, "t", 3), 3);
    assert_true(object_yes(object, "y", false));
    assert_true(object_yes(object, "t", true));
    json_object_unref(object);
}

static void test_print(void **state) {
    (void)state;
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    object_add_text(builder, "a", "é\n\"\x1e\x1f|\x1f");
    object_add_text(builder, "b", NULL);
    object_add_integer(builder, "c", -1);
    object_add_yes(builder, "d", true);
    json_builder_end_object(builder);
    char *text = object_print(builder);
    assert_string_equal(text, "{\"a\":\"é\\n\\\"\\u001e\\u001f|\\u001f\",\"b\":null,\"c\":-1,\"d\":true}");
    g_free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grammar), cmocka_unit_test(test_long_numbers), cmocka_unit_test(test_depth),
        cmocka_unit_test(test_members), cmocka_unit_test(test_print),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
