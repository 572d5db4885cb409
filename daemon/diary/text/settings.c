// Settings and the last restoration as objects with a version and names.
#include "daemon/diary/text/settings.h"

#include "daemon/diary/text/object.h"
#include "daemon/diary/text/settings_inside.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1 };

// ---- what makes sense ----

// No clock of a device shows a time after 2099, so none is ever wrong by more than lies between 1970 and then.
static const int64_t TIME_MOST_S = INT64_C(4102444800); // 2100-01-01 00:00 UTC

static bool is_within(int64_t number, int64_t most) {
    return number >= -most && number <= most;
}

static bool is_minutes(int64_t minutes) {
    return minutes >= 1 && minutes <= DEVICE_MINUTES_MAX;
}

static bool settings_make_sense(const struct device_settings *settings, enum device_setting key) {
    const struct device_clock_kept *clock = &settings->clock;
    const int64_t most_ms = TIME_MOST_S * 1000;
    switch (key) {
    case DEVICE_SETTING_MINUTES:
        return is_minutes(settings->minutes.chosen) && is_minutes(settings->minutes.configured);
    case DEVICE_SETTING_VARIANT:
        return true; // of known names
    case DEVICE_SETTING_HEALTH:
        return is_within(settings->health.at_utc_s, 2 * TIME_MOST_S);
    case DEVICE_SETTING_CLOCK:
        return is_within(clock->right_offset_ms, most_ms) && is_within(clock->offset_ms, most_ms) &&
               is_within(clock->doubtful_base_ms, 2 * most_ms);
    case DEVICE_SETTING_BOOT:
        return settings->boot.left_way_out_ms == INT64_MIN ||
               (settings->boot.left_way_out_ms >= 0 && settings->boot.left_way_out_ms <= most_ms);
    case DEVICE_SETTING_COUNT:
        break;
    }
    return false;
}

static bool restored_makes_sense(const struct diary_restored *restored) {
    return restored->kept >= 0 && restored->kept <= INT_MAX && restored->salvaged >= 0 &&
           restored->salvaged <= restored->kept && restored->lost >= 0 && restored->lost <= INT_MAX;
}

// ---- members ----

static bool take_integer(JsonObject *object, const char *name, int64_t *number) {
    *number = object_integer(object, name, 0);
    return object_type_of(object, name) == OBJECT_INTEGER;
}

static bool take_int(JsonObject *object, const char *name, int *number) {
    int64_t wide;
    bool is_int = take_integer(object, name, &wide) && wide >= INT_MIN && wide <= INT_MAX;
    *number = is_int ? (int)wide : 0;
    return is_int;
}

static bool take_yes(JsonObject *object, const char *name, bool *yes) {
    *yes = object_yes(object, name, false);
    return object_type_of(object, name) == OBJECT_YES_NO;
}

// A text that has room.
static bool take_text(JsonObject *object, const char *name, char *text, size_t size) {
    const char *found = object_text(object, name);
    return found != NULL && (size_t)snprintf(text, size, "%s", found) < size;
}

// The same, or null for "".
static bool take_name(JsonObject *object, const char *name, char *text, size_t size) {
    text[0] = '\0';
    return object_type_of(object, name) == OBJECT_NULL || take_text(object, name, text, size);
}

static bool take_variant(JsonObject *object, const char *name, enum variant *variant) {
    const char *found = object_text(object, name);
    return found != NULL && variant_parse(found, variant);
}

// Names that are not known here are a later version's, or gone.
static bool take_told(JsonObject *object, bool told[PAGE_TROUBLE_COUNT]) {
    JsonNode *node = json_object_get_member(object, "told");
    if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node)) {
        return false;
    }
    JsonArray *names = json_node_get_array(node);
    for (guint i = 0; i < json_array_get_length(names); i++) {
        JsonNode *name = json_array_get_element(names, i);
        enum page_trouble cause;
        if (JSON_NODE_HOLDS_VALUE(name) && json_node_get_value_type(name) == G_TYPE_STRING &&
            page_trouble_parse(json_node_get_string(name), &cause)) {
            told[cause] = true;
        }
    }
    return true;
}

static void add_told(JsonBuilder *builder, const bool told[PAGE_TROUBLE_COUNT]) {
    json_builder_set_member_name(builder, "told");
    json_builder_begin_array(builder);
    for (int i = PAGE_TROUBLE_NONE + 1; i < PAGE_TROUBLE_COUNT; i++) {
        if (told[i]) {
            json_builder_add_string_value(builder, page_trouble_name((enum page_trouble)i));
        }
    }
    json_builder_end_array(builder);
}

static JsonBuilder *begin_object(void) {
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    object_add_integer(builder, "v", VERSION);
    return builder;
}

static void end_object(JsonBuilder *builder, char text[SETTINGS_TEXT_SIZE]) {
    json_builder_end_object(builder);
    char *printed = object_print(builder);
    snprintf(text, SETTINGS_TEXT_SIZE, "%s", printed);
    g_free(printed);
}

// NULL when the text is no object with a version; that a version is higher takes nothing from what is known here.
static JsonObject *parse_object(const char *text) {
    JsonObject *object = object_parse(text, strlen(text));
    if (object != NULL && object_integer(object, "v", 0) < VERSION) {
        json_object_unref(object);
        return NULL;
    }
    return object;
}

// ---- settings ----

static void add_setting(JsonBuilder *builder, const struct device_settings *settings, enum device_setting key) {
    switch (key) {
    case DEVICE_SETTING_MINUTES:
        object_add_integer(builder, "chosen", settings->minutes.chosen);
        object_add_integer(builder, "configured", settings->minutes.configured);
        break;
    case DEVICE_SETTING_VARIANT:
        object_add_text(builder, "chosen", variant_name(settings->variant.chosen));
        object_add_text(builder, "configured", variant_name(settings->variant.configured));
        break;
    case DEVICE_SETTING_HEALTH:
        object_add_text(builder, "answer", health_answer_name(settings->health.answer));
        object_add_integer(builder, "at_utc_s", settings->health.at_utc_s);
        object_add_yes(builder, "undated", settings->health.undated);
        break;
    case DEVICE_SETTING_CLOCK:
        object_add_integer(builder, "right_offset_ms", settings->clock.right_offset_ms);
        object_add_text(builder, "boot_id", settings->clock.boot_id);
        object_add_text(builder, "quality", clock_quality_name(settings->clock.quality));
        object_add_integer(builder, "offset_ms", settings->clock.offset_ms);
        object_add_integer(builder, "doubtful_base_ms", settings->clock.doubtful_base_ms);
        break;
    case DEVICE_SETTING_BOOT:
        object_add_text(builder, "boot_id", settings->boot.boot_id);
        object_add_yes(builder, "time_asked", settings->boot.time_asked);
        if (settings->boot.left_way_out_ms != INT64_MIN) {
            object_add_integer(builder, "left_way_out_ms", settings->boot.left_way_out_ms);
        }
        add_told(builder, settings->boot.told);
        break;
    case DEVICE_SETTING_COUNT:
        break;
    }
}

void settings_print(const struct device_settings *settings, enum device_setting key, char text[SETTINGS_TEXT_SIZE]) {
    JsonBuilder *builder = begin_object();
    add_setting(builder, settings, key);
    end_object(builder, text);
}

static bool take_clock(JsonObject *object, struct device_clock_kept *clock) {
    const char *quality = object_text(object, "quality");
    return take_integer(object, "right_offset_ms", &clock->right_offset_ms) &&
           take_text(object, "boot_id", clock->boot_id, sizeof clock->boot_id) && quality != NULL &&
           clock_quality_parse(quality, &clock->quality) && take_integer(object, "offset_ms", &clock->offset_ms) &&
           take_integer(object, "doubtful_base_ms", &clock->doubtful_base_ms);
}

static bool take_boot(JsonObject *object, struct device_boot_kept *boot) {
    bool left = object_type_of(object, "left_way_out_ms") != OBJECT_NULL;
    boot->left_way_out_ms = INT64_MIN;
    return take_text(object, "boot_id", boot->boot_id, sizeof boot->boot_id) &&
           take_yes(object, "time_asked", &boot->time_asked) &&
           (!left || take_integer(object, "left_way_out_ms", &boot->left_way_out_ms)) && take_told(object, boot->told);
}

static bool take_health(JsonObject *object, struct device_settings *settings) {
    const char *answer = object_text(object, "answer");
    return answer != NULL && health_answer_parse(answer, &settings->health.answer) &&
           take_integer(object, "at_utc_s", &settings->health.at_utc_s) &&
           take_yes(object, "undated", &settings->health.undated);
}

static bool take_setting(JsonObject *object, enum device_setting key, struct device_settings *settings) {
    switch (key) {
    case DEVICE_SETTING_MINUTES:
        return take_int(object, "chosen", &settings->minutes.chosen) &&
               take_int(object, "configured", &settings->minutes.configured);
    case DEVICE_SETTING_VARIANT:
        return take_variant(object, "chosen", &settings->variant.chosen) &&
               take_variant(object, "configured", &settings->variant.configured);
    case DEVICE_SETTING_HEALTH:
        return take_health(object, settings);
    case DEVICE_SETTING_CLOCK:
        return take_clock(object, &settings->clock);
    case DEVICE_SETTING_BOOT:
        return take_boot(object, &settings->boot);
    case DEVICE_SETTING_COUNT:
        break;
    }
    return false;
}

static bool read_setting(const char *text, enum device_setting key, struct device_settings *settings) {
    if (text[0] != '{') {
        return settings_read_older(settings, key, text);
    }
    JsonObject *object = parse_object(text);
    bool read = object != NULL && take_setting(object, key, settings);
    if (object != NULL) {
        json_object_unref(object);
    }
    return read;
}

void settings_read(struct device_settings *settings, enum device_setting key, const char *text) {
    struct device_settings read = {.has = {false}}, none = read;
    read.has[key] = text != NULL && read_setting(text, key, &read) && settings_make_sense(&read, key);
    const struct device_settings *from = read.has[key] ? &read : &none;
    settings->has[key] = from->has[key];
    switch (key) {
    case DEVICE_SETTING_MINUTES:
        settings->minutes = from->minutes;
        break;
    case DEVICE_SETTING_VARIANT:
        settings->variant = from->variant;
        break;
    case DEVICE_SETTING_HEALTH:
        settings->health = from->health;
        break;
    case DEVICE_SETTING_CLOCK:
        settings->clock = from->clock;
        break;
    case DEVICE_SETTING_BOOT:
        settings->boot = from->boot;
        break;
    case DEVICE_SETTING_COUNT:
        break;
    }
}

// ---- the last restoration ----

void restored_print(const struct diary_restored *restored, char text[SETTINGS_TEXT_SIZE]) {
    JsonBuilder *builder = begin_object();
    object_add_text(builder, "quarantine", restored->quarantine[0] != '\0' ? restored->quarantine : NULL);
    object_add_text(builder, "backup", restored->backup[0] != '\0' ? restored->backup : NULL);
    object_add_integer(builder, "kept", restored->kept);
    object_add_integer(builder, "salvaged", restored->salvaged);
    object_add_integer(builder, "lost", restored->lost);
    object_add_yes(builder, "complete", restored->complete);
    object_add_yes(builder, "told", restored->told);
    end_object(builder, text);
}

static bool take_restored(JsonObject *object, struct diary_restored *restored) {
    return take_name(object, "quarantine", restored->quarantine, sizeof restored->quarantine) &&
           take_name(object, "backup", restored->backup, sizeof restored->backup) &&
           take_integer(object, "kept", &restored->kept) && take_integer(object, "salvaged", &restored->salvaged) &&
           take_integer(object, "lost", &restored->lost) && take_yes(object, "complete", &restored->complete) &&
           take_yes(object, "told", &restored->told);
}

bool restored_read(struct diary_restored *restored, const char *text) {
    struct diary_restored read = {.at_utc_s = restored->at_utc_s};
    bool understood;
    if (text[0] == '{') {
        JsonObject *object = parse_object(text);
        understood = object != NULL && take_restored(object, &read);
        if (object != NULL) {
            json_object_unref(object);
        }
    } else {
        understood = restored_read_older(&read, text);
    }
    understood = understood && restored_makes_sense(&read);
    if (understood) {
        *restored = read;
    }
    return understood;
}
