// What the commands of karanictl share: complaints, their options, the diary, the local time, JSON on one line.
#include "daemon/ctl/command.h"

#include "daemon/ctl/correct/correct.h"
#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ZONE_NAME_SIZE = 64 };

// The row that a command asks for is one of its own.
static const struct option_given *find(const struct ctl *ctl, const char *option) {
    assert(ctl->command == NULL || options_find(ctl->command->options, option) != NULL);
    return options_given(ctl->given, option);
}

bool ctl_has(const struct ctl *ctl, const char *option) {
    return find(ctl, option) != NULL;
}

const char *ctl_text(const struct ctl *ctl, const char *option) {
    const struct option_given *given = find(ctl, option);
    return given != NULL ? given->text : NULL;
}

int64_t ctl_number(const struct ctl *ctl, const char *option, int64_t otherwise) {
    const struct option_given *given = find(ctl, option);
    return given != NULL ? given->number : otherwise;
}

static void complain(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
static void complain(const char *format, va_list arguments) {
    char *sentence = g_strdup_vprintf(format, arguments);
    char *line = rows_in_a_line(sentence); // what it quotes is any text
    fprintf(stderr, "karanictl: %s\n", line);
    g_free(line);
    g_free(sentence);
}

int ctl_complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    return EXIT_FAILURE;
}

int ctl_complain_of_usage(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    return CTL_EXIT_USAGE;
}

void ctl_complain_of_config(void *context, const struct complaint *complaint) {
    (void)context;
    char *sentence = complaint_format(complaint);
    ctl_complain("%s", sentence != NULL ? sentence : complaint->sentence);
    free(sentence);
}

bool ctl_open_diary(const struct ctl *ctl, struct diary **diary) {
    char sentence[512];
    if (diary_open_read(diary, ctl->state_dir, sentence, sizeof sentence) != 0) {
        ctl_complain("%s", sentence);
        return false;
    }
    if (diary_health(*diary) == DIARY_NEWER) {
        ctl_complain("The diary in %s was written by a newer Karani: this one tells what it knows of it, and writes "
                     "nothing.",
                     ctl->state_dir);
    }
    return true;
}

struct zone *ctl_zone(const struct ctl *ctl) {
    struct zone *zone = ctl->config->zone != NULL ? zone_open(ctl->config->zone) : NULL;
    if (zone == NULL) {
        if (ctl->config->zone != NULL) {
            ctl_complain("There is no time zone \"%s\" here: the system's is used.", ctl->config->zone);
        }
        char name[ZONE_NAME_SIZE];
        paths_system_zone(PATHS_ETC, name, sizeof name);
        zone = zone_open(name);
    }
    if (zone == NULL) {
        ctl_complain("The system's time zone is not known: UTC is used.");
        zone = zone_open("UTC"); // which GLib always has
    }
    return zone;
}

// A clock that is only guessed at is no better than the system's: a diary may know nights that lie ahead.
int64_t ctl_local_s(const struct ctl *ctl, struct diary *diary) {
    struct zone *zone = ctl_zone(ctl);
    struct karani_clock clock = {.quality = CLOCK_UNSET, .zone = zone};
    if (diary != NULL) {
        clock = ctl_clock_begin(diary, zone);
    }
    if (!clock_is_known(&clock)) {
        clock.offset_ms = 0;
    }
    int64_t local_s = clock_local_s(&clock, (struct moment){.system_ms = ctl->now_utc_s * 1000});
    zone_unref(zone);
    return local_s;
}

void ctl_print_json(JsonBuilder *builder) {
    char *text = object_print(g_object_ref(builder));
    puts(text);
    g_free(text);
}

void ctl_add_text(JsonBuilder *builder, const char *name, const char *text) {
    object_add_text(builder, name, text);
}

void ctl_add_number(JsonBuilder *builder, const char *name, int64_t number) {
    object_add_integer(builder, name, number);
}
