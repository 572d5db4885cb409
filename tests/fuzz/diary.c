// A damaged diary: diary.db and its log in any state are opened by the daemon and by a reader, walked and written to.
// An input is the length of the database in four digits of base 64 from ' ' on, the database, and the log.
#include "daemon/diary/diary.h"
#include "tests/fuzz/diary_files.h"

#include <errno.h>

static int take_session(void *context, const struct session_record *session) {
    (void)context;
    assert(session->outcome <= OUTCOME_NOT_MINE && session->clock <= CLOCK_SYNCED);
    return 0;
}

static int take_held(void *context, int32_t night, int64_t held_s) {
    *(int64_t *)context ^= night ^ held_s;
    return 0;
}

static int take_night(void *context, int32_t night) {
    *(int64_t *)context ^= night;
    return 0;
}

static void walk(struct diary *diary) {
    int64_t number = 0;
    char *value = NULL;
    if (diary == NULL) {
        return;
    }
    diary_each_session(diary, take_session, NULL);
    diary_each_held(diary, take_held, &number);
    diary_each_away(diary, take_night, &number);
    diary_last_time(diary, &number);
    if (diary_get(diary, "minutes", &value) == 0) {
        free(value);
    }
    assert(diary_check(diary) != -EUCLEAN || diary_health(diary) == DIARY_DAMAGED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *state_dir = diary_files_put(data, size);
    struct diary *diary = NULL;
    char sentence[512] = "";
    if (diary_open_read(&diary, state_dir, sentence, sizeof sentence) != 0) {
        assert(sentence[0] != '\0');
    }
    walk(diary);
    diary_close(diary);
    diary = NULL;
    if (diary_open(&diary, state_dir, NULL, sentence, sizeof sentence) == 0) {
        struct session_record session = diary_files_session(99);
        assert(diary_save(diary, &session) == 0 || diary_pending(diary) == 1);
        diary_close_interrupted(diary, "");
    }
    walk(diary);
    diary_close(diary);
    return 0;
}
