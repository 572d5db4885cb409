// Corrections of many rows at once: nights that are marked away, and files.
#include "daemon/control/correction_inside.h"

#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// ---- which nights are marked ----

// Nights, sorted, each once.
struct nights {
    int32_t *items;
    size_t count;
    size_t room;
};

static int add_night(void *context, int32_t night) {
    struct nights *nights = context;
    if (nights->count == nights->room) {
        size_t room = nights->room == 0 ? 64 : 2 * nights->room;
        int32_t *items = reallocarray(nights->items, room, sizeof *items);
        if (items == NULL) {
            return -ENOMEM;
        }
        nights->items = items;
        nights->room = room;
    }
    nights->items[nights->count++] = night;
    return 0;
}

static int compare_nights(const void *one, const void *other) {
    int32_t a = *(const int32_t *)one, b = *(const int32_t *)other;
    return (a > b) - (a < b);
}

static bool has_night(const struct nights *nights, int32_t night) {
    return nights->count > 0 && bsearch(&night, nights->items, nights->count, sizeof night, compare_nights) != NULL;
}

// ---- away ----

// A change for each night, as the glass keeps it. -ENOMEM: nothing was tried.
static int write_nights(struct diary *diary, const struct nights *nights, bool away, int64_t at_utc_s,
                        struct correction_result *result) {
    struct diary_change *changes = reallocarray(NULL, nights->count, sizeof *changes);
    char(*texts)[32] = reallocarray(NULL, nights->count, sizeof *texts);
    int error = changes == NULL || texts == NULL ? -ENOMEM : 0;
    for (size_t i = 0; i < nights->count && error == 0; i++) {
        char night[NIGHT_TEXT_SIZE];
        night_format(nights->items[i], night);
        snprintf(texts[i], sizeof texts[i], "{\"night\":\"%s\"}", night);
        changes[i] = (struct diary_change){
            .at_utc_s = at_utc_s,
            .what = "away",
            .before = away ? NULL : texts[i],
            .after = away ? texts[i] : NULL,
        };
    }
    if (error == 0) {
        const struct diary_amendment amendment = {
            .nights = nights->items,
            .night_count = nights->count,
            .away = away,
            .changes = changes,
            .change_count = nights->count,
        };
        correction_write(diary, &amendment, result);
    }
    free(changes);
    free(texts);
    return error;
}

void correction_away(struct diary *diary, const struct correction_values *values, bool away,
                     const struct correction_place *place, struct correction_result *result) {
    struct nights marked = {.items = NULL}, changed = {.items = NULL};
    int error = diary_each_away(diary, add_night, &marked); // in their order
    for (int32_t night = values->first; night <= values->last && error == 0; night++) {
        if (has_night(&marked, night) != away) {
            error = add_night(&changed, night);
        }
    }
    result->nights = changed.count;
    if (error == 0 && changed.count == 0) {
        result->verdict = CORRECTION_UNCHANGED;
    } else if (error == 0) {
        error = write_nights(diary, &changed, away, place->now_utc_s, result);
    }
    if (error != 0) {
        correction_cannot_read(diary, result);
    }
    free(marked.items);
    free(changed.items);
}

// ---- import ----

struct names {
    char (*items)[UUID_SIZE];
    size_t count;
    size_t room;
};

static int add_name(void *context, const struct session_record *session) {
    struct names *names = context;
    if (names->count == names->room) {
        size_t room = names->room == 0 ? 64 : 2 * names->room;
        char(*items)[UUID_SIZE] = reallocarray(names->items, room, sizeof *items);
        if (items == NULL) {
            return -ENOMEM;
        }
        names->items = items;
        names->room = room;
    }
    memcpy(names->items[names->count++], session->uuid, UUID_SIZE);
    return 0;
}

static int compare_names(const void *one, const void *other) {
    return strcmp(one, other);
}

static bool has_name(const struct names *names, const char *uuid) {
    return names->count > 0 && bsearch(uuid, names->items, names->count, UUID_SIZE, compare_names) != NULL;
}

// Moves the sessions that the diary has not to the front, in their order; returns how many they are.
static size_t sort_out_sessions(struct rows *rows, const struct names *known) {
    size_t fresh = 0;
    for (size_t i = 0; i < rows->session_count; i++) {
        if (has_name(known, rows->sessions[i].uuid)) {
            continue;
        }
        struct session_record session = rows->sessions[i];
        rows->sessions[i] = rows->sessions[fresh];
        rows->sessions[fresh++] = session;
    }
    return fresh;
}

// The same for nights, of which each is kept once.
static size_t sort_out_nights(struct rows *rows, const struct nights *marked) {
    size_t fresh = 0;
    if (rows->night_count > 0) {
        qsort(rows->nights, rows->night_count, sizeof *rows->nights, compare_nights);
    }
    for (size_t i = 0; i < rows->night_count; i++) {
        if (!has_night(marked, rows->nights[i]) && (fresh == 0 || rows->nights[fresh - 1] != rows->nights[i])) {
            rows->nights[fresh++] = rows->nights[i];
        }
    }
    return fresh;
}

static void write_import(struct diary *diary, const struct rows *rows, int64_t at_utc_s,
                         struct correction_result *result) {
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    object_add_integer(builder, "sessions", (int64_t)result->sessions);
    object_add_integer(builder, "away", (int64_t)result->nights);
    json_builder_end_object(builder);
    char *after = object_print(builder);
    const struct diary_change change = {.at_utc_s = at_utc_s, .what = "import", .after = after};
    const struct diary_amendment amendment = {
        .sessions = rows->sessions,
        .session_count = result->sessions,
        .nights = rows->nights,
        .night_count = result->nights,
        .away = true,
        .changes = &change,
        .change_count = 1,
    };
    correction_write(diary, &amendment, result);
    g_free(after);
}

static void import_rows(struct diary *diary, struct rows *rows, int64_t at_utc_s, struct correction_result *result) {
    struct names known = {.items = NULL};
    struct nights marked = {.items = NULL};
    int error = diary_each_session(diary, add_name, &known);
    if (error == 0) {
        error = diary_each_away(diary, add_night, &marked);
    }
    if (error == 0) {
        if (known.count > 0) {
            qsort(known.items, known.count, sizeof *known.items, compare_names);
        }
        result->sessions = sort_out_sessions(rows, &known);
        result->known = rows->session_count - result->sessions;
        result->nights = sort_out_nights(rows, &marked);
        if (result->sessions + result->nights > 0) {
            write_import(diary, rows, at_utc_s, result);
        } else {
            result->verdict = CORRECTION_UNCHANGED;
        }
    } else {
        correction_cannot_read(diary, result);
    }
    free(known.items);
    free(marked.items);
}

void correction_import(struct diary *diary, const struct correction *correction, const struct correction_place *place,
                       struct correction_result *result) {
    struct rows rows;
    struct rows_fault fault;
    int error = rows_read(correction->text, strlen(correction->text), &rows, &fault);
    if (error == 0) {
        import_rows(diary, &rows, place->now_utc_s, result);
        rows_clear(&rows);
    } else if (error == -EINVAL) {
        result->line = fault.line;
        (void)correction_fail(result, CORRECTION_BAD_ROW, "%s", fault.sentence);
    } else {
        (void)correction_fail(result, CORRECTION_NOT_KEPT, "Memory is short for a file of this size.");
    }
}
