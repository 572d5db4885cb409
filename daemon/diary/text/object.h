// JSON objects: read by the letter of RFC 8259, their members by type, and written. json-glib builds the tree; by
// itself it also takes octal numbers, comments, a second value behind the first, members that come twice, text cut off
// at \u0000, and nesting that ends the stack.
#ifndef KARANI_DAEMON_DIARY_TEXT_OBJECT_H
#define KARANI_DAEMON_DIARY_TEXT_OBJECT_H

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OBJECT_DEPTH_MAX = 16 };

// The one object that the text is, with white space around it at most. NULL when it is anything else. The caller
// unrefs it.
JsonObject *object_parse(const char *text, size_t size);

// What a member is. A missing one counts as null, as Varlink has it; a number of more than 18 digits is no integer.
enum object_type { OBJECT_NULL, OBJECT_TEXT, OBJECT_INTEGER, OBJECT_YES_NO, OBJECT_OTHER };

enum object_type object_type_of(JsonObject *object, const char *name);

// NULL unless it is a text; borrowed.
const char *object_text(JsonObject *object, const char *name);

// `otherwise` unless it is an integer, or a boolean.
int64_t object_integer(JsonObject *object, const char *name, int64_t otherwise);
bool object_yes(JsonObject *object, const char *name, bool otherwise);

// ---- writing: members of the object that the builder is in ----

void object_add_text(JsonBuilder *builder, const char *name, const char *text); // NULL: null
void object_add_integer(JsonBuilder *builder, const char *name, int64_t number);
void object_add_yes(JsonBuilder *builder, const char *name, bool yes);

// What was built, on one line without its end; g_free() it. The builder is unref'd.
char *object_print(JsonBuilder *builder);

#endif
