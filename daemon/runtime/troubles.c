// Keeps what is wrong.
#include "daemon/runtime/troubles.h"

#include "daemon/core/device/device.h"
#include "daemon/diary/outbox.h"

#include <stdio.h>
#include <string.h>

void troubles_set(struct troubles *troubles, enum page_trouble cause, bool present, const char *sentence) {
    struct trouble *trouble = &troubles->of[cause];
    trouble->present = present;
    snprintf(trouble->sentence, sizeof trouble->sentence, "%s", present && sentence != NULL ? sentence : "");
}

void troubles_set_place(struct troubles *troubles, enum page_trouble cause, const struct page_place *place) {
    troubles_set(troubles, cause, place != NULL, NULL);
    troubles->of[cause].place = place;
}

bool troubles_has(const struct troubles *troubles, enum page_trouble cause) {
    return troubles->of[cause].present;
}

const char *troubles_sentence(const struct troubles *troubles, enum page_trouble cause) {
    const char *sentence = troubles->of[cause].sentence;
    return sentence[0] != '\0' ? sentence : NULL;
}

// In the order in which they are told.
enum page_trouble troubles_take_change(struct troubles *troubles) {
    static const enum page_trouble ORDER[] = {PAGE_TROUBLE_CONFIG,   PAGE_TROUBLE_ROUTINE, PAGE_TROUBLE_NOT_KEPT,
                                              PAGE_TROUBLE_DIARY,    PAGE_TROUBLE_NEWER,   PAGE_TROUBLE_LOST,
                                              PAGE_TROUBLE_RESTORED, PAGE_TROUBLE_PLACE,   PAGE_TROUBLE_PANEL};
    for (size_t i = 0; i < sizeof ORDER / sizeof ORDER[0]; i++) {
        struct trouble *trouble = &troubles->of[ORDER[i]];
        if (trouble->fed != trouble->present) {
            trouble->fed = trouble->present;
            return ORDER[i];
        }
    }
    return PAGE_TROUBLE_NONE;
}

bool troubles_all_is_saved(const struct troubles *troubles) {
    for (int i = 0; i < PAGE_TROUBLE_COUNT; i++) {
        if (troubles->of[i].present && device_trouble_keeps_from_saving((enum page_trouble)i)) {
            return false;
        }
    }
    return true;
}

// Where the diary itself is the reason why something waits, that one cause says it.
void troubles_note_diary(struct troubles *troubles, const struct diary *diary) {
    enum diary_health health = diary_health(diary);
    bool for_good = health == DIARY_DAMAGED || health == DIARY_NEWER;
    troubles_set(troubles, PAGE_TROUBLE_DIARY, health == DIARY_DAMAGED, NULL);
    troubles_set(troubles, PAGE_TROUBLE_NEWER, health == DIARY_NEWER, NULL);
    troubles_set(troubles, PAGE_TROUBLE_NOT_KEPT, !for_good && outbox_is_behind(diary), NULL);
    troubles->health = diary_health_sentence(health);
}

void troubles_note_restoration(struct troubles *troubles, struct diary *diary) {
    struct diary_restored restored;
    if (diary_last_restored(diary, &restored) != 0 || restored.told) {
        return;
    }
    troubles->sessions = (int)restored.kept;
    troubles_set(troubles, PAGE_TROUBLE_LOST, !restored.complete,
                 "The diary was damaged and is restored, but some of it may be lost; karanictl doctor says what is "
                 "kept.");
    troubles_set(troubles, PAGE_TROUBLE_RESTORED, restored.complete,
                 "The diary was damaged and is repaired, with all that it knew; karanictl doctor says more.");
}

void troubles_note_told(struct troubles *troubles, enum page_trouble cause, struct diary *diary) {
    bool of_restoration = cause == PAGE_TROUBLE_LOST || cause == PAGE_TROUBLE_RESTORED;
    if (!of_restoration ||
        !(troubles_has(troubles, PAGE_TROUBLE_LOST) || troubles_has(troubles, PAGE_TROUBLE_RESTORED))) {
        return;
    }
    troubles_set(troubles, PAGE_TROUBLE_LOST, false, NULL);
    troubles_set(troubles, PAGE_TROUBLE_RESTORED, false, NULL);
    diary_restored_told(diary); // else it is told once more in the next boot
    troubles_note_diary(troubles, diary);
}

const char *troubles_of_diary(const struct troubles *troubles) {
    const char *lost = troubles_sentence(troubles, PAGE_TROUBLE_LOST);
    const char *restored = troubles_sentence(troubles, PAGE_TROUBLE_RESTORED);
    return troubles->health != NULL ? troubles->health : lost != NULL ? lost : restored;
}
