// The owner's lasting choices: minutes, variant, the answer to the health page; and their texts in the diary.
#include "daemon/core/device/state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const health_words[] = {
    [HEALTH_NEVER_ASKED] = "never-asked",
    [HEALTH_NONE_APPLIES] = "none-applies",
    [HEALTH_ONE_APPLIES] = "one-applies",
    [HEALTH_AGREED] = "agreed",
};

void device_store(struct device *device, enum device_setting setting, const char *format, ...) {
    struct effect item = {.kind = EFFECT_SETTING, .setting = {.key = setting}};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(item.setting.value, sizeof item.setting.value, format, arguments);
    va_end(arguments);
    device_emit(device, &item);
}

// A choice is stored as "CHOSEN CONFIGURED": it wins until the config's own value changes. Then the config's value
// is stored as chosen, so that a later return to the old value does not bring the old choice back.
void device_choose_minutes(struct device *device, int minutes) {
    device->choices.minutes = minutes;
    device_store(device, DEVICE_SETTING_MINUTES, "%d %d", minutes, device->setup.config->minutes);
}

void device_choose_variant(struct device *device, enum variant variant) {
    device->choices.variant = variant;
    device_store(device, DEVICE_SETTING_VARIANT, "%s %s", variant_name(variant),
                 variant_name(device->setup.config->variant));
}

// Stored as "ANSWER UTC_S", with UNDATED behind it if the time was not known.
static const char undated[] = " undated";

static void store_health(struct device *device) {
    const struct device_choices *choices = &device->choices;
    device_store(device, DEVICE_SETTING_HEALTH, "%s %" PRId64 "%s", health_words[choices->health],
                 choices->health_utc_s, choices->health_undated ? undated : "");
}

void device_answer_health(struct device *device, enum health_answer answer, struct moment at) {
    device->choices.health = answer;
    device->choices.health_utc_s = clock_utc_s(&device->clock, at);
    device->choices.health_undated = !clock_is_known(&device->clock);
    store_health(device);
}

// The year of an answer begins when the time is first known: a board without a clock chip may lie years behind until
// then, and would ask again at once.
void device_date_health(struct device *device, struct moment at) {
    if (!device->choices.health_undated || !clock_is_known(&device->clock)) {
        return;
    }
    device->choices.health_utc_s = clock_utc_s(&device->clock, at);
    device->choices.health_undated = false;
    store_health(device);
}

static void begin_minutes(struct device *device, const char *text) {
    int chosen = 0, configured = 0;
    device->choices.minutes = device->setup.config->minutes;
    if (sscanf(text, "%d %d", &chosen, &configured) != 2 || chosen < 1 || chosen > 30) {
        return;
    }
    if (configured == device->setup.config->minutes) {
        device->choices.minutes = chosen;
    } else {
        device_choose_minutes(device, device->setup.config->minutes);
    }
}

static void begin_variant(struct device *device, const char *text) {
    char chosen[16] = "", configured[16] = "";
    enum variant variant, before;
    device->choices.variant = device->setup.config->variant;
    if (sscanf(text, "%15s %15s", chosen, configured) != 2 || !variant_parse(chosen, &variant) ||
        !variant_parse(configured, &before)) {
        return;
    }
    if (before == device->setup.config->variant) {
        device->choices.variant = variant;
    } else {
        device_choose_variant(device, device->setup.config->variant);
    }
}

static void begin_health(struct device *device, const char *text) {
    char word[16] = "";
    int64_t at_utc_s = 0;
    if (sscanf(text, "%15s %" SCNd64, word, &at_utc_s) != 2) {
        return;
    }
    for (size_t i = 0; i < sizeof health_words / sizeof *health_words; i++) {
        if (strcmp(word, health_words[i]) == 0) {
            device->choices.health = (enum health_answer)i;
            device->choices.health_utc_s = at_utc_s;
            device->choices.health_undated = strstr(text, undated) != NULL;
        }
    }
}

void device_choices_begin(struct device *device, const struct device_start *start) {
    begin_minutes(device, start->settings[DEVICE_SETTING_MINUTES]);
    begin_variant(device, start->settings[DEVICE_SETTING_VARIANT]);
    begin_health(device, start->settings[DEVICE_SETTING_HEALTH]);
}
