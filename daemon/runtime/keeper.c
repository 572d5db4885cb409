// Writes to the diary, and remembers what could not be written: sessions wait in the diary itself, choices and away
// marks here.
#include "daemon/runtime/keeper_inside.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Whether the owner is to be told that the diary was restored.
static void look_at_restored(struct keeper *keeper) {
    struct diary_restored restored;

    if (diary_last_restored(keeper->diary, &restored) == 0 && !restored.told) {
        keeper->restored = restored;
        keeper->has_restored = true;
    }
    diary_take_restored(keeper->diary);
}

// A diary of a newer Karani stays one until that is installed again: nothing is worth waking for.
void keeper_try_later(struct keeper *keeper, int64_t boot_ms) {
    if (keeper->retry_ms == INT64_MAX && diary_health(keeper->diary) != DIARY_NEWER) {
        keeper->retry_ms = boot_ms + KEEPER_RETRY_MS;
    }
}

int keeper_open(struct keeper **keeper, const char *state_dir, const char *vfs, const char *boot_id, int64_t boot_ms) {
    struct keeper *opened = calloc(1, sizeof *opened);
    char sentence[256]; // names the path; diary_health_sentence says as much without it

    if (opened == NULL) {
        return -ENOMEM;
    }
    opened->boot_id = boot_id;
    opened->retry_ms = INT64_MAX;
    int error = diary_open(&opened->diary, state_dir, vfs, sentence, sizeof sentence);

    if (opened->diary == NULL) {
        free(opened);
        return -ENOMEM;
    }
    if (error == 0) {
        error = diary_close_interrupted(opened->diary, boot_id);
    }
    if (error < 0) {
        opened->unread = true;
        keeper_try_later(opened, boot_ms);
    }
    look_at_restored(opened);
    *keeper = opened;
    return 0;
}

void keeper_abandon(struct keeper *keeper) {
    if (keeper != NULL) {
        diary_abandon(keeper->diary);
        free(keeper);
    }
}

static bool something_waits(const struct keeper *keeper) {
    bool waits = diary_pending(keeper->diary) > 0 || keeper->mark_count > 0;

    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        waits = waits || keeper->setting_waits[i];
    }
    return waits;
}

// Before what waits is written over them: the clock and what belongs to the boot go on from what was stored, the
// owner's own choice since then wins.
static void read_late_choices(struct keeper *keeper) {
    keeper_read_choices(keeper, keeper->late, &keeper->late_last_known_s);
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        if (keeper->setting_waits[i] && i != DEVICE_SETTING_CLOCK && i != DEVICE_SETTING_BOOT) {
            memcpy(keeper->late[i], keeper->settings[i], DEVICE_SETTING_SIZE);
        }
    }
    keeper->choices_late = true;
}

// A diary that could not be opened is tried anew by the first thing that would have been written to it.
static bool try_reopen(struct keeper *keeper) {
    if (keeper->unread && diary_close_interrupted(keeper->diary, keeper->boot_id) == 0) {
        keeper->unread = false;
        keeper->reopened = true;
        read_late_choices(keeper);
        look_at_restored(keeper);
    }
    return !keeper->unread;
}

static bool try_settings(struct keeper *keeper) {
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        const char *key = device_setting_name((enum device_setting)i);

        if (keeper->setting_waits[i] && diary_set(keeper->diary, key, keeper->settings[i]) < 0) {
            return false;
        }
        keeper->setting_waits[i] = false;
    }
    return true;
}

static bool try_marks(struct keeper *keeper) {
    while (keeper->mark_count > 0) {
        const struct away_mark *mark = &keeper->marks[0];

        if (diary_set_away(keeper->diary, mark->night, mark->away, mark->at_utc_s) < 0) {
            return false;
        }
        keeper->mark_count--;
        memmove(&keeper->marks[0], &keeper->marks[1], keeper->mark_count * sizeof keeper->marks[0]);
    }
    return true;
}

// A diary that turned out to be damaged while it was written to has been restored on the way.
static void follow_restoration(struct keeper *keeper) {
    if (diary_take_restored(keeper->diary)) {
        keeper->reopened = true;
        look_at_restored(keeper);
    }
}

// Tries everything that waits, in the order of what would be missed most.
static void try_all(struct keeper *keeper, int64_t boot_ms) {
    bool done = try_reopen(keeper) && diary_retry(keeper->diary) == 0 && try_settings(keeper) && try_marks(keeper);

    keeper->retry_ms = INT64_MAX;
    if (!done) {
        keeper_try_later(keeper, boot_ms);
    }
    follow_restoration(keeper);
}

void keeper_close(struct keeper *keeper) {
    if (keeper != NULL) {
        if (something_waits(keeper)) {
            try_all(keeper, 0);
        }
        diary_close(keeper->diary);
        free(keeper);
    }
}

bool keeper_catch_up(struct keeper *keeper, int64_t boot_ms) {
    bool behind = keeper->unread || something_waits(keeper);

    if (behind) {
        try_all(keeper, boot_ms);
    }
    return behind;
}

bool keeper_save(struct keeper *keeper, const struct session_record *session, int64_t boot_ms) {
    bool written = diary_save(keeper->diary, session) == 0;

    if (written) {
        keeper_catch_up(keeper, boot_ms);
    } else {
        keeper_try_later(keeper, boot_ms);
    }
    follow_restoration(keeper);
    return written;
}

bool keeper_set_away(struct keeper *keeper, int32_t night, bool away, int64_t at_utc_s, int64_t boot_ms) {
    size_t n = 0;

    while (n < keeper->mark_count && keeper->marks[n].night != night) {
        n++;
    }
    if (n == AWAY_WAITING_MAX) {
        n--;
        memmove(&keeper->marks[0], &keeper->marks[1], n * sizeof keeper->marks[0]);
        keeper->mark_count = n;
    }
    keeper->marks[n] = (struct away_mark){.night = night, .away = away, .at_utc_s = at_utc_s};
    keeper->mark_count = n == keeper->mark_count ? n + 1 : keeper->mark_count;
    try_all(keeper, boot_ms);
    return keeper->mark_count == 0;
}

bool keeper_set(struct keeper *keeper, enum device_setting setting, const char *value, int64_t boot_ms) {
    snprintf(keeper->settings[setting], DEVICE_SETTING_SIZE, "%s", value);
    keeper->setting_waits[setting] = true;
    try_all(keeper, boot_ms);
    return !keeper->setting_waits[setting];
}

bool keeper_tick(struct keeper *keeper, int64_t boot_ms) {
    if (boot_ms >= care_deadline(&keeper->care) && care_do(&keeper->care, keeper->diary, keeper->boot_id, boot_ms)) {
        keeper->reopened = true;
        look_at_restored(keeper);
    }
    if (boot_ms < keeper->retry_ms) {
        return false;
    }
    try_all(keeper, boot_ms);
    return true;
}

int64_t keeper_deadline(const struct keeper *keeper) {
    int64_t care_ms = care_deadline(&keeper->care);

    return care_ms < keeper->retry_ms ? care_ms : keeper->retry_ms;
}

void keeper_note_care(struct keeper *keeper, const struct keeper_care *care, int64_t boot_ms) {
    care_note(&keeper->care, care, boot_ms);
    if (care->idle && !keeper->care.planned && !keeper->unread) {
        care_plan(&keeper->care, keeper->diary, keeper->boot_id, boot_ms);
    }
}

void keeper_told(struct keeper *keeper, enum page_trouble cause) {
    if ((cause == PAGE_TROUBLE_LOST || cause == PAGE_TROUBLE_RESTORED) && keeper->has_restored) {
        keeper->has_restored = false;
        diary_restored_told(keeper->diary); // else it is told once more in the next boot
    }
}

const char *keeper_sentence(const struct keeper *keeper) {
    const char *sentence = diary_health_sentence(diary_health(keeper->diary));

    if (sentence != NULL || !keeper->has_restored) {
        return sentence;
    }
    return keeper->restored.complete
               ? "The diary was damaged and is repaired, with all that it knew; karanictl doctor says more."
               : "The diary was damaged and is restored, but some of it may be lost; karanictl doctor says what is "
                 "kept.";
}

int keeper_restored_sessions(const struct keeper *keeper) {
    return (int)keeper->restored.kept;
}

bool keeper_take_choices(struct keeper *keeper, struct device_start *start) {
    bool late = keeper->choices_late;

    keeper->choices_late = false;
    if (late) {
        memcpy(start->settings, keeper->late, sizeof keeper->late);
        start->last_known_s = keeper->late_last_known_s;
    }
    return late;
}

bool keeper_take_reopened(struct keeper *keeper) {
    bool reopened = keeper->reopened;

    keeper->reopened = false;
    return reopened;
}

bool keeper_is_kept(const struct keeper *keeper) {
    return !something_waits(keeper);
}

bool keeper_has_trouble(const struct keeper *keeper, enum page_trouble cause) {
    enum diary_health health = diary_health(keeper->diary);
    bool for_good = health == DIARY_DAMAGED || health == DIARY_NEWER;

    switch (cause) {
    case PAGE_TROUBLE_DIARY:
        return health == DIARY_DAMAGED;
    case PAGE_TROUBLE_NEWER:
        return health == DIARY_NEWER;
    case PAGE_TROUBLE_NOT_KEPT:
        return !for_good && (keeper->unread || something_waits(keeper));
    case PAGE_TROUBLE_LOST:
        return keeper->has_restored && !keeper->restored.complete;
    case PAGE_TROUBLE_RESTORED:
        return keeper->has_restored && keeper->restored.complete;
    case PAGE_TROUBLE_NONE:
    case PAGE_TROUBLE_PLACE:
    case PAGE_TROUBLE_PANEL:
    case PAGE_TROUBLE_CONFIG:
    case PAGE_TROUBLE_ROUTINE:
    case PAGE_TROUBLE_CRASHES:
    case PAGE_TROUBLE_COUNT:
        return false;
    }
    return false;
}

struct diary *keeper_diary(struct keeper *keeper) {
    return keeper->diary;
}
