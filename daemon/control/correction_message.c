// A correction as the parameters of a Varlink method, both ways by one table.
#include "daemon/control/correction_inside.h"

#include "daemon/diary/text/object.h"

#include <string.h>

static const char *const methods[CORRECTION_KINDS] = {
    [CORRECTION_ADD] = "Add",      [CORRECTION_EDIT] = "Edit",     [CORRECTION_DELETE] = "Delete",
    [CORRECTION_AWAY] = "SetAway", [CORRECTION_IMPORT] = "Import",
};

const char *correction_method(enum correction_kind kind) {
    return methods[kind];
}

enum {
    ADD = 1 << CORRECTION_ADD,
    EDIT = 1 << CORRECTION_EDIT,
    DELETE = 1 << CORRECTION_DELETE,
    AWAY = 1 << CORRECTION_AWAY,
    IMPORT = 1 << CORRECTION_IMPORT,
};

#define AT(member) offsetof(struct correction, member)

static const struct member {
    const char *name;
    enum object_type type;
    size_t at;
    int kinds;  // which have it
    int needed; // … and cannot do without
} members[] = {
    {"id", OBJECT_TEXT, AT(id), EDIT | DELETE, EDIT | DELETE},
    {"night", OBJECT_TEXT, AT(night), ADD | EDIT, 0},
    {"started", OBJECT_TEXT, AT(started), ADD | EDIT, 0},
    {"held_s", OBJECT_INTEGER, AT(held_s), ADD | EDIT, ADD},
    {"planned_s", OBJECT_INTEGER, AT(planned_s), ADD | EDIT, 0},
    {"outcome", OBJECT_TEXT, AT(outcome), ADD | EDIT, 0},
    {"variant", OBJECT_TEXT, AT(variant), ADD | EDIT, 0},
    {"routine", OBJECT_TEXT, AT(routine), ADD | EDIT, 0},
    {"note", OBJECT_TEXT, AT(note), ADD | EDIT, 0},
    {"first", OBJECT_TEXT, AT(first), AWAY, AWAY},
    {"last", OBJECT_TEXT, AT(last), AWAY, 0},
    {"clear", OBJECT_YES_NO, AT(clear), AWAY, 0},
    {"text", OBJECT_TEXT, AT(text), IMPORT, IMPORT},
};

enum { MEMBERS = sizeof members / sizeof *members };

static const struct member *find_member(const char *name, enum correction_kind kind) {
    for (int i = 0; i < MEMBERS; i++) {
        if (strcmp(members[i].name, name) == 0 && (members[i].kinds & 1 << kind) != 0) {
            return &members[i];
        }
    }
    return NULL;
}

// What is said of a member, by its type.
union said {
    const char *text;
    int64_t number;
    bool yes;
};

// False: nothing.
static bool is_said(const struct member *member, const struct correction *correction, union said *said) {
    const char *field = (const char *)correction + member->at;
    switch (member->type) {
    case OBJECT_TEXT:
        memcpy(&said->text, field, sizeof said->text);
        return said->text != NULL;
    case OBJECT_INTEGER:
        memcpy(&said->number, field, sizeof said->number);
        return said->number >= 0;
    case OBJECT_YES_NO:
        memcpy(&said->yes, field, sizeof said->yes);
        return said->yes;
    case OBJECT_NULL:
    case OBJECT_OTHER:
        break;
    }
    return false;
}

bool correction_says(const struct correction *correction, const char *name, const char **text, int64_t *number) {
    union said said;
    const struct member *member = find_member(name, correction->kind);
    if (member == NULL || member->type == OBJECT_YES_NO || !is_said(member, correction, &said)) {
        return false;
    }
    if (member->type == OBJECT_TEXT) {
        *text = said.text;
    } else {
        *number = said.number;
    }
    return true;
}

bool correction_says_any(const struct correction *correction) {
    for (int i = 0; i < MEMBERS; i++) {
        union said said;
        if (members[i].kinds == (ADD | EDIT) && is_said(&members[i], correction, &said)) {
            return true;
        }
    }
    return false;
}

static void add_member(const struct member *member, const struct correction *correction, JsonBuilder *builder) {
    union said said;
    if (!is_said(member, correction, &said)) {
        return;
    }
    if (member->type == OBJECT_TEXT) {
        object_add_text(builder, member->name, said.text);
    } else if (member->type == OBJECT_INTEGER) {
        object_add_integer(builder, member->name, said.number);
    } else {
        object_add_yes(builder, member->name, said.yes);
    }
}

void correction_build(const struct correction *correction, JsonBuilder *builder) {
    for (int i = 0; i < MEMBERS; i++) {
        if ((members[i].kinds & 1 << correction->kind) != 0) {
            add_member(&members[i], correction, builder);
        }
    }
}

// A negative number is not taken for one that was not said.
static bool take_member(const struct member *member, JsonObject *object, struct correction *correction) {
    char *field = (char *)correction + member->at;
    const char *text = object_text(object, member->name);
    int64_t number = object_integer(object, member->name, 0);
    bool yes = object_yes(object, member->name, false);
    if (object_type_of(object, member->name) != member->type) {
        return false;
    }
    switch (member->type) {
    case OBJECT_TEXT:
        memcpy(field, &text, sizeof text);
        return true;
    case OBJECT_INTEGER:
        memcpy(field, &number, sizeof number);
        return number >= 0;
    case OBJECT_YES_NO:
        memcpy(field, &yes, sizeof yes);
        return true;
    case OBJECT_NULL:
    case OBJECT_OTHER:
        break;
    }
    return false;
}

bool correction_read(enum correction_kind kind, JsonObject *object, struct correction *correction,
                     const char **member) {
    struct correction read = correction_of(kind);
    JsonObjectIter iterator;
    const char *name;
    json_object_iter_init(&iterator, object);
    while (json_object_iter_next(&iterator, &name, NULL)) {
        const struct member *known = find_member(name, kind);
        bool null = object_type_of(object, name) == OBJECT_NULL;
        if (known == NULL || (!null && !take_member(known, object, &read))) {
            *member = name;
            return false;
        }
    }
    for (int i = 0; i < MEMBERS; i++) {
        if ((members[i].needed & 1 << kind) != 0 && object_type_of(object, members[i].name) == OBJECT_NULL) {
            *member = members[i].name;
            return false;
        }
    }
    *correction = read;
    return true;
}
