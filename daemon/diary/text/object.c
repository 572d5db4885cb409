// The grammar of JSON (RFC 8259), checked before json-glib reads it; members by type.
#include "daemon/diary/text/object.h"

#include <string.h>

// Invariant: there is no NUL from `at` to `end`.
struct scan {
    char *at;
    const char *end;
    guint members; // of the outermost object, as often as they come
};

static bool take(struct scan *scan, char wanted) {
    bool there = scan->at < scan->end && *scan->at == wanted;
    scan->at += there;
    return there;
}

static void skip_space(struct scan *scan) {
    while (scan->at < scan->end && strchr(" \t\r\n", *scan->at) != NULL) {
        scan->at++;
    }
}

static bool take_word(struct scan *scan, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0) {
        return false;
    }
    scan->at += length;
    return true;
}

// *fits: no more than surely go into 64 bits.
static bool take_digits(struct scan *scan, bool *fits) {
    enum { DIGITS_MAX = 18 };
    const char *first = scan->at;
    while (scan->at < scan->end && g_ascii_isdigit(*scan->at)) {
        scan->at++;
    }
    *fits = *fits && scan->at - first <= DIGITS_MAX;
    return scan->at > first;
}

static bool take_exponent(struct scan *scan, bool *fits) {
    if (!take(scan, 'e') && !take(scan, 'E')) {
        return true;
    }
    if (!take(scan, '+')) {
        (void)take(scan, '-');
    }
    return take_digits(scan, fits);
}

// Of a longer number json-glib would make another one. It has no meaning to anybody here: a fraction, which is none
// either, takes its place.
static bool take_number(struct scan *scan) {
    static const char stand_in[] = "0.5";
    bool fits = true;
    char *first = scan->at;
    (void)take(scan, '-');
    if (!take(scan, '0') && !take_digits(scan, &fits)) {
        return false;
    }
    if (take(scan, '.') && !take_digits(scan, &fits)) {
        return false;
    }
    if (!take_exponent(scan, &fits)) {
        return false;
    }
    if (!fits) {
        memset(first, ' ', (size_t)(scan->at - first));
        memcpy(first, stand_in, sizeof stand_in - 1);
    }
    return true;
}

// The four digits behind "\u"; -1 when they are others.
static int take_code_unit(struct scan *scan) {
    int unit = 0;
    for (int i = 0; i < 4; i++, scan->at++) {
        int digit = scan->at < scan->end ? g_ascii_xdigit_value(*scan->at) : -1;
        if (digit < 0) {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

// NUL would end the text before its end; half a surrogate pair is no character.
static bool take_code_point(struct scan *scan) {
    int unit = take_code_unit(scan);
    if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff)) {
        return false;
    }
    if (unit < 0xd800 || unit > 0xdfff) {
        return true;
    }
    int low = take_word(scan, "\\u") ? take_code_unit(scan) : -1;
    return low >= 0xdc00 && low <= 0xdfff;
}

static bool take_text(struct scan *scan) {
    if (!take(scan, '"')) {
        return false;
    }
    while (scan->at < scan->end && *scan->at != '"') {
        unsigned char next = (unsigned char)*scan->at++;
        if (next < 0x20) {
            return false;
        }
        if (next != '\\') {
            continue;
        }
        if (take(scan, 'u')) {
            if (!take_code_point(scan)) {
                return false;
            }
        } else if (scan->at == scan->end || strchr("\"\\/bfnrt", *scan->at++) == NULL) {
            return false;
        }
    }
    return take(scan, '"');
}

static bool take_value(struct scan *scan, int depth);

// What stands between brackets, separated by commas.
static bool take_list(struct scan *scan, char close, int depth) {
    skip_space(scan);
    if (take(scan, close)) {
        return true;
    }
    do {
        skip_space(scan);
        if (close == '}') {
            if (!take_text(scan)) {
                return false;
            }
            skip_space(scan);
            if (!take(scan, ':')) {
                return false;
            }
            scan->members += depth == 1;
        }
        if (!take_value(scan, depth)) {
            return false;
        }
        skip_space(scan);
    } while (take(scan, ','));
    return take(scan, close);
}

// The recursion ends at OBJECT_DEPTH_MAX.
static bool take_value(struct scan *scan, int depth) {
    skip_space(scan);
    if (scan->at == scan->end) {
        return false;
    }
    switch (*scan->at) {
    case '{':
    case '[':
        return depth < OBJECT_DEPTH_MAX && take_list(scan, *scan->at++ == '{' ? '}' : ']', depth + 1);
    case '"':
        return take_text(scan);
    case 't':
        return take_word(scan, "true");
    case 'f':
        return take_word(scan, "false");
    case 'n':
        return take_word(scan, "null");
    default:
        return take_number(scan);
    }
}

static JsonObject *build(const char *text, size_t size, guint members) {
    JsonParser *parser = json_parser_new();
    JsonObject *object = NULL;
    if (json_parser_load_from_data(parser, text, (gssize)size, NULL)) {
        JsonNode *root = json_parser_get_root(parser);
        if (root != NULL && JSON_NODE_HOLDS_OBJECT(root) &&
            json_object_get_size(json_node_get_object(root)) == members) {
            object = json_node_dup_object(root);
        }
    }
    g_object_unref(parser);
    return object;
}

JsonObject *object_parse(const char *text, size_t size) {
    if (!g_utf8_validate(text, (gssize)size, NULL)) {
        return NULL;
    }
    char *own = g_strndup(text, size);
    struct scan scan = {.at = own, .end = own + size};
    bool sound = take_value(&scan, 0);
    skip_space(&scan);
    JsonObject *object = sound && scan.at == scan.end ? build(own, size, scan.members) : NULL;
    g_free(own);
    return object;
}

enum object_type object_type_of(JsonObject *object, const char *name) {
    JsonNode *node = json_object_get_member(object, name);
    if (node == NULL || JSON_NODE_HOLDS_NULL(node)) {
        return OBJECT_NULL;
    }
    if (!JSON_NODE_HOLDS_VALUE(node)) {
        return OBJECT_OTHER;
    }
    switch (json_node_get_value_type(node)) {
    case G_TYPE_STRING:
        return OBJECT_TEXT;
    case G_TYPE_INT64:
        return OBJECT_INTEGER;
    case G_TYPE_BOOLEAN:
        return OBJECT_YES_NO;
    default:
        return OBJECT_OTHER;
    }
}

const char *object_text(JsonObject *object, const char *name) {
    return object_type_of(object, name) == OBJECT_TEXT ? json_object_get_string_member(object, name) : NULL;
}

int64_t object_integer(JsonObject *object, const char *name, int64_t otherwise) {
    return object_type_of(object, name) == OBJECT_INTEGER ? json_object_get_int_member(object, name) : otherwise;
}

bool object_yes(JsonObject *object, const char *name, bool otherwise) {
    return object_type_of(object, name) == OBJECT_YES_NO ? json_object_get_boolean_member(object, name) : otherwise;
}

void object_add_text(JsonBuilder *builder, const char *name, const char *text) {
    json_builder_set_member_name(builder, name);
    if (text != NULL) {
        json_builder_add_string_value(builder, text);
    } else {
        json_builder_add_null_value(builder);
    }
}

void object_add_integer(JsonBuilder *builder, const char *name, int64_t number) {
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, number);
}

void object_add_yes(JsonBuilder *builder, const char *name, bool yes) {
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, yes);
}

// json-glib 1.6 escapes the control characters but one: U+001F, which only a text can hold.
static char *escape_rest(char *text) {
    size_t length = strlen(text), found = 0;
    for (const char *c = strchr(text, 0x1f); c != NULL; c = strchr(c + 1, 0x1f)) {
        found++;
    }
    if (found == 0) {
        return text;
    }
    static const char escape[] = "\\u001f";
    char *whole = g_malloc(length + found * (sizeof escape - 2) + 1);
    char *to = whole;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == 0x1f) {
            to = g_stpcpy(to, escape);
        } else {
            *to++ = *c;
        }
    }
    *to = '\0';
    g_free(text);
    return whole;
}

char *object_print(JsonBuilder *builder) {
    JsonNode *root = json_builder_get_root(builder);
    char *text = json_to_string(root, FALSE);
    json_node_unref(root);
    g_object_unref(builder);
    return escape_rest(text);
}
