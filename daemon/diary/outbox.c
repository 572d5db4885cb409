// What waits for the diary, and when it is tried again.
#include "daemon/diary/outbox.h"

#include "daemon/diary/inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- sessions and changes ----

// The one that waited longest.
static void drop_waiting_change(struct diary *diary) {
    free(diary->outbox.changes[0].what);
    free(diary->outbox.changes[0].before);
    free(diary->outbox.changes[0].after);
    diary->outbox.change_count--;
    memmove(&diary->outbox.changes[0], &diary->outbox.changes[1],
            diary->outbox.change_count * sizeof diary->outbox.changes[0]);
}

void diary_forget_waiting(struct diary *diary) {
    for (size_t i = 0; i < diary->outbox.session_count; i++) {
        free(diary->outbox.sessions[i].note);
    }
    diary->outbox.session_count = 0;
    while (diary->outbox.change_count > 0) {
        drop_waiting_change(diary);
    }
}

size_t diary_pending(const struct diary *diary) {
    // A change waits with its rows, where it has any.
    return diary->outbox.session_count > 0 ? diary->outbox.session_count : diary->outbox.change_count;
}

int diary_retry(struct diary *diary) {
    if (diary->outbox.session_count == 0 && diary->outbox.change_count == 0) {
        return 0;
    }
    int error = diary_write_waiting(diary, NULL);
    if (error == 0) {
        diary_forget_waiting(diary);
    }
    return error;
}

static void drop_waiting(struct diary *diary, size_t index) {
    free(diary->outbox.sessions[index].note);
    diary->outbox.session_count--;
    memmove(&diary->outbox.sessions[index], &diary->outbox.sessions[index + 1],
            (diary->outbox.session_count - index) * sizeof diary->outbox.sessions[0]);
}

// The newest state of each uuid waits, at the place that its first one took; when the room is used up, the row that
// waited longest is given up.
static int keep_waiting(struct diary *diary, const struct session_record *session) {
    char *note = session->note == NULL ? NULL : strdup(session->note);
    if (session->note != NULL && note == NULL) {
        return -ENOMEM;
    }
    size_t at = 0;
    while (at < diary->outbox.session_count && strcmp(diary->outbox.sessions[at].uuid, session->uuid) != 0) {
        at++;
    }
    if (at == DIARY_PENDING_MAX) {
        drop_waiting(diary, 0);
        at--;
    }
    if (at == diary->outbox.session_count) {
        diary->outbox.session_count++;
    } else {
        free(diary->outbox.sessions[at].note);
    }
    diary->outbox.sessions[at] = *session;
    diary->outbox.sessions[at].note = note;
    return 0;
}

int diary_save(struct diary *diary, const struct session_record *session) {
    int error = diary_write_waiting(diary, session);
    if (error == 0) {
        diary_forget_waiting(diary);
        return 0;
    }
    int kept = keep_waiting(diary, session);
    return kept < 0 ? kept : error;
}

static bool copy_text(const char *text, char **copy) {
    *copy = text == NULL ? NULL : strdup(text);
    return text == NULL || *copy != NULL;
}

static int keep_change_waiting(struct diary *diary, const struct diary_change *change) {
    if (diary->outbox.change_count == DIARY_PENDING_MAX) {
        drop_waiting_change(diary);
    }
    struct waiting_change *waiting = &diary->outbox.changes[diary->outbox.change_count++];
    *waiting = (struct waiting_change){.at_utc_s = change->at_utc_s};
    if (copy_text(change->what, &waiting->what) && copy_text(change->before, &waiting->before) &&
        copy_text(change->after, &waiting->after)) {
        return 0;
    }
    free(waiting->what);
    free(waiting->before);
    free(waiting->after);
    diary->outbox.change_count--;
    return -ENOMEM;
}

int diary_correct_later(struct diary *diary, const struct session_record *sessions, size_t count,
                        const struct diary_change *change) {
    int error = keep_change_waiting(diary, change);
    for (size_t i = 0; i < count; i++) {
        int kept = keep_waiting(diary, &sessions[i]);
        error = error == 0 ? kept : error;
    }
    return error;
}

// ---- choices and marks ----

static bool something_waits(const struct outbox *outbox) {
    bool waits = outbox->session_count > 0 || outbox->change_count > 0 || outbox->mark_count > 0;
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        waits = waits || outbox->setting_waits[i];
    }
    return waits;
}

static bool try_settings(struct diary *diary) {
    struct outbox *outbox = &diary->outbox;
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        const char *key = device_setting_name((enum device_setting)i);
        if (outbox->setting_waits[i] && diary_set(diary, key, outbox->settings[i]) < 0) {
            return false;
        }
        outbox->setting_waits[i] = false;
    }
    return true;
}

static void drop_oldest_mark(struct outbox *outbox) {
    outbox->mark_count--;
    memmove(&outbox->marks[0], &outbox->marks[1], outbox->mark_count * sizeof outbox->marks[0]);
}

static bool try_marks(struct diary *diary) {
    while (diary->outbox.mark_count > 0) {
        const struct waiting_mark *mark = &diary->outbox.marks[0];
        if (diary_set_away(diary, mark->night, mark->away, mark->at_utc_s) < 0) {
            return false;
        }
        drop_oldest_mark(&diary->outbox);
    }
    return true;
}

// ---- the retry ----

static void tell(struct diary *diary, enum outbox_event event) {
    if (diary->outbox.listener != NULL) {
        diary->outbox.listener(diary->outbox.context, event);
    }
}

static void try_later(struct diary *diary, int64_t boot_ms) {
    if (diary->outbox.retry_ms == INT64_MAX && diary->health != DIARY_NEWER) {
        diary->outbox.retry_ms = boot_ms + OUTBOX_RETRY_MS;
    }
}

int outbox_open(struct diary **diary, const char *state_dir, const char *vfs, const char *boot_id, int64_t boot_ms) {
    char sentence[256]; // names the path; diary_health_sentence says as much without it
    struct diary *opened = NULL;
    int error = diary_open(&opened, state_dir, vfs, sentence, sizeof sentence);
    if (opened == NULL) {
        return -ENOMEM;
    }
    opened->outbox.boot_id = boot_id;
    opened->outbox.retry_ms = INT64_MAX;
    if (error == 0) {
        error = diary_close_interrupted(opened, boot_id);
    }
    if (error < 0) {
        opened->outbox.unopened = true;
        try_later(opened, boot_ms);
    }
    diary_take_restored(opened); // nobody has read it yet
    *diary = opened;
    return 0;
}

void outbox_listen(struct diary *diary, outbox_listener *listener, void *context) {
    diary->outbox.listener = listener;
    diary->outbox.context = context;
}

static bool try_reopen(struct diary *diary) {
    struct outbox *outbox = &diary->outbox;
    if (outbox->unopened && diary_close_interrupted(diary, outbox->boot_id) == 0) {
        outbox->unopened = false;
        diary_take_restored(diary);
        tell(diary, OUTBOX_OPENED);
    }
    return !outbox->unopened;
}

void outbox_look(struct diary *diary) {
    if (diary_take_restored(diary)) {
        tell(diary, OUTBOX_RESTORED);
    }
    tell(diary, OUTBOX_TRIED);
}

// All of it, in its order.
static void try_all(struct diary *diary, int64_t boot_ms) {
    bool done = try_reopen(diary) && diary_retry(diary) == 0 && try_settings(diary) && try_marks(diary);
    diary->outbox.retry_ms = INT64_MAX;
    if (!done) {
        try_later(diary, boot_ms);
    }
    outbox_look(diary);
}

// No other attempt follows, so no time is needed; and who listened may be gone.
void diary_try_waiting(struct diary *diary) {
    diary->outbox.listener = NULL;
    if (diary->outbox.boot_id != NULL && something_waits(&diary->outbox)) {
        try_all(diary, 0);
    }
    diary_retry(diary);
}

bool outbox_catch_up(struct diary *diary, int64_t boot_ms) {
    bool behind = outbox_is_behind(diary);
    if (behind) {
        try_all(diary, boot_ms);
    }
    return behind;
}

bool outbox_tick(struct diary *diary, int64_t boot_ms) {
    if (boot_ms < diary->outbox.retry_ms) {
        return false;
    }
    try_all(diary, boot_ms);
    return true;
}

int64_t outbox_deadline(const struct diary *diary) {
    return diary->outbox.retry_ms;
}

// ---- what is given ----

bool outbox_save(struct diary *diary, const struct session_record *session, int64_t boot_ms) {
    bool written = diary_save(diary, session) == 0;
    if (written) {
        outbox_catch_up(diary, boot_ms);
    } else {
        try_later(diary, boot_ms);
    }
    outbox_look(diary);
    return written;
}

bool outbox_correct(struct diary *diary, const struct session_record *rows, size_t count,
                    const struct diary_change *change, int64_t boot_ms) {
    bool written = diary_correct(diary, rows, count, change) == 0;
    if (!written) {
        diary_correct_later(diary, rows, count, change);
        try_later(diary, boot_ms);
    }
    tell(diary, OUTBOX_TRIED);
    return written;
}

bool outbox_set_away(struct diary *diary, int32_t night, bool away, int64_t at_utc_s, int64_t boot_ms) {
    struct outbox *outbox = &diary->outbox;
    size_t n = 0;
    while (n < outbox->mark_count && outbox->marks[n].night != night) {
        n++;
    }
    if (n == OUTBOX_MARKS_MAX) {
        drop_oldest_mark(outbox);
        n--;
    }
    outbox->marks[n] = (struct waiting_mark){.night = night, .away = away, .at_utc_s = at_utc_s};
    outbox->mark_count = n == outbox->mark_count ? n + 1 : outbox->mark_count;
    try_all(diary, boot_ms);
    return outbox->mark_count == 0;
}

bool outbox_set(struct diary *diary, enum device_setting setting, const char *value, int64_t boot_ms) {
    snprintf(diary->outbox.settings[setting], SETTINGS_TEXT_SIZE, "%s", value);
    diary->outbox.setting_waits[setting] = true;
    try_all(diary, boot_ms);
    return !diary->outbox.setting_waits[setting];
}

// ---- what others ask ----

bool outbox_is_empty(const struct diary *diary) {
    return !something_waits(&diary->outbox);
}

bool outbox_is_behind(const struct diary *diary) {
    return diary->outbox.unopened || something_waits(&diary->outbox);
}

bool outbox_is_unopened(const struct diary *diary) {
    return diary->outbox.unopened;
}

const char *outbox_waiting(const struct diary *diary, enum device_setting setting) {
    return diary->outbox.setting_waits[setting] ? diary->outbox.settings[setting] : NULL;
}

int outbox_each_mark(const struct diary *diary, outbox_take_mark *take, void *context) {
    int taken = 0;
    for (size_t i = 0; i < diary->outbox.mark_count && taken == 0; i++) {
        taken = take(context, diary->outbox.marks[i].night, diary->outbox.marks[i].away);
    }
    return taken;
}
