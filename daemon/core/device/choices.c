// The owner's lasting choices: minutes, variant, the answer to the health page.
#include "daemon/core/device/state.h"

void device_store(struct device *device, enum device_setting setting, const struct device_settings *value) {
    struct effect item = {.kind = EFFECT_SETTING, .setting = {.key = setting, .value = *value}};
    item.setting.value.has[setting] = true;
    device_emit(device, &item);
}

// A choice is stored with what was configured then: it wins until the config's own value changes. Then the config's
// value is stored as chosen, so that a later return to the old value does not bring the old choice back.
void device_choose_minutes(struct device *device, int minutes) {
    device->choices.minutes = minutes;
    device_store(
        device, DEVICE_SETTING_MINUTES,
        &(struct device_settings){.minutes = {.chosen = minutes, .configured = device->setup.config->minutes}});
}

void device_choose_variant(struct device *device, enum variant variant) {
    device->choices.variant = variant;
    device_store(
        device, DEVICE_SETTING_VARIANT,
        &(struct device_settings){.variant = {.chosen = variant, .configured = device->setup.config->variant}});
}

static void store_health(struct device *device) {
    const struct device_choices *choices = &device->choices;
    device_store(device, DEVICE_SETTING_HEALTH,
                 &(struct device_settings){.health = {.answer = choices->health,
                                                      .at_utc_s = choices->health_utc_s,
                                                      .undated = choices->health_undated}});
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

static void begin_minutes(struct device *device, const struct device_settings *known) {
    int configured = device->setup.config->minutes;
    device->choices.minutes = configured;
    if (!known->has[DEVICE_SETTING_MINUTES]) {
        return;
    }
    if (known->minutes.configured == configured) {
        device->choices.minutes = known->minutes.chosen;
    } else {
        device_choose_minutes(device, configured);
    }
}

static void begin_variant(struct device *device, const struct device_settings *known) {
    enum variant configured = device->setup.config->variant;
    device->choices.variant = configured;
    if (!known->has[DEVICE_SETTING_VARIANT]) {
        return;
    }
    if (known->variant.configured == configured) {
        device->choices.variant = known->variant.chosen;
    } else {
        device_choose_variant(device, configured);
    }
}

static void begin_health(struct device *device, const struct device_settings *known) {
    if (!known->has[DEVICE_SETTING_HEALTH]) {
        return;
    }
    device->choices.health = known->health.answer;
    device->choices.health_utc_s = known->health.at_utc_s;
    device->choices.health_undated = known->health.undated;
}

void device_choices_begin(struct device *device, const struct device_start *start) {
    begin_minutes(device, &start->settings);
    begin_variant(device, &start->settings);
    begin_health(device, &start->settings);
}
