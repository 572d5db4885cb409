// The doctor looks at what is kept: the storage under the diary, and the diary with its backups.
#include "daemon/ctl/doctor/doctor.h"

#include "daemon/diary/text/object.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum {
    ROOM_MIN_KIB = 4 * 1024, // a year of evenings, and two backups of ten years
    DAY_S = 24 * 60 * 60,
    BACKUP_OLD_DAYS = 21, // three of them were due
};

// A directory that is not there may have been mistyped: that goes before where it would lie.
static void look_at_directory(const char *state_dir, struct finding *finding) {
    struct stat status;
    int error = stat(state_dir, &status) < 0 ? errno : S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
    if (error == ENOTDIR) {
        finding_set(finding, "%s is no directory: give the one that the diary lies in with --state.", state_dir);
    } else if (error == ENOENT) {
        finding_set(finding, "There is no state directory %s: karani.service makes it when it starts.", state_dir);
    }
}

static void look_at_room(const char *state_dir, struct finding *finding) {
    struct statvfs room;
    if (statvfs(state_dir, &room) < 0) {
        return;
    }
    uint64_t free_kib = (uint64_t)room.f_bavail * room.f_frsize / 1024;
    if (free_kib < ROOM_MIN_KIB) {
        finding_set(finding, "There are %" PRIu64 " KiB left for %s: make room on the card.", free_kib, state_dir);
    }
    if (room.f_files > 0 && room.f_favail == 0) {
        finding_set(finding, "There is no room for one more file in %s: remove some from the card.", state_dir);
    }
    finding_remark(finding, "%" PRIu64 " MiB free", free_kib / 1024);
}

void doctor_storage(const struct patient *patient, struct finding *finding) {
    const char *state_dir = patient->ctl->state_dir;
    const char *place = diary_place_sentence(diary_place(state_dir));
    look_at_directory(state_dir, finding);
    if (place != NULL) {
        finding_set(finding, "%s", place);
    }
    look_at_room(state_dir, finding);
    finding_take_trouble(finding, patient, "storage");
    if (patient->status != NULL && !object_yes(patient->status, "kept", true)) {
        finding_set(finding, "The device cannot save what is new: check the card, and who may write to %s.", state_dir);
    }
}

static void tell_restored(const struct diary_restored *restored, const struct patient *patient,
                          struct finding *finding) {
    char aside[192] = "";
    if (restored->quarantine[0] != '\0') {
        snprintf(aside, sizeof aside, " The damaged one is %.80s/%s.", patient->ctl->state_dir, restored->quarantine);
    }
    if (restored->complete) {
        finding_remark(finding, "it was damaged once and repaired, with all %" PRId64 " sessions.%s", restored->kept,
                       aside);
    } else if (!restored->told) {
        finding_set(finding,
                    "It was damaged and restored: %" PRId64 " sessions are kept, %" PRId64
                    " are known to be lost, later ones may be; add what you remember with karanictl add.%s",
                    restored->kept, restored->lost, aside);
    } else {
        finding_remark(finding,
                       "it was damaged once: %" PRId64 " sessions were kept, %" PRId64 " are known to be lost.%s",
                       restored->kept, restored->lost, aside);
    }
}

static int count_session(void *context, const struct session_record *session) {
    (void)session;
    ++*(int64_t *)context;
    return 0;
}

// By the diary's own time: the system's may be anything.
static void look_at_backups(const struct patient *patient, struct diary *diary, struct finding *finding) {
    struct diary_care_time last;
    int64_t now_s;
    bool made = diary_care_last(diary, DIARY_CARE_BACKUP, &last) == 0;
    if (patient->ctl->config->backups == 0 || !made || diary_last_time(diary, &now_s) != 0) {
        return;
    }
    if ((now_s - last.at_utc_s) / DAY_S > BACKUP_OLD_DAYS) {
        finding_set(finding,
                    "The last backup is %" PRId64 " days old: is there room on the card? karanictl backup FILE "
                    "makes one.",
                    (now_s - last.at_utc_s) / DAY_S);
    }
}

// What no session lies in is looked at, too.
static bool is_whole(struct diary *diary, int64_t *sessions, struct finding *finding) {
    int error = diary_check(diary);
    if (error == 0) {
        error = diary_each_session(diary, count_session, sessions);
    }
    if (error == -EUCLEAN) {
        finding_set(finding, "The diary is damaged: start karani.service anew, which puts this one aside and brings "
                             "back what it can.");
    } else if (error == -EBUSY || error == -ENOMEM) {
        finding_set(finding, "%s", diary_health_sentence(diary_health(diary)));
    } else if (error != 0) {
        finding_set(finding, "The diary cannot be read to its end: restart karani.service, which restores it.");
    }
    return error == 0;
}

static void look_inside(const struct patient *patient, struct diary *diary, struct finding *finding) {
    struct diary_beside beside = {0};
    struct diary_restored restored;
    int64_t sessions = 0;
    if (!is_whole(diary, &sessions, finding)) {
        return;
    }
    // What became of a damaged diary, the diary tells itself.
    if (patient->status != NULL && !object_yes(patient->status, "kept", true)) {
        finding_take_trouble(finding, patient, "diary");
    }
    look_at_backups(patient, diary, finding);
    int error = diary_look_beside(patient->ctl->state_dir, &beside);
    if (error == -ENOENT) {
        finding_remark(finding, "nothing is kept yet");
        return;
    }
    if (error != 0) {
        finding_set(finding, "The state directory %s cannot be listed: %s.", patient->ctl->state_dir, strerror(-error));
        return;
    }
    if (diary_last_restored(diary, &restored) == 0) {
        tell_restored(&restored, patient, finding);
    }
    finding_remark(finding, "%" PRId64 " session%s, %d backup%s, %d damaged diar%s put aside", sessions,
                   sessions == 1 ? "" : "s", beside.backups, beside.backups == 1 ? "" : "s", beside.quarantined,
                   beside.quarantined == 1 ? "y" : "ies");
}

// Where it cannot be read.
static const char *what_to_do(int error) {
    switch (error) {
    case -EUCLEAN:
        return " Start karani.service anew: it puts this one aside and brings back what it can.";
    case -EINVAL:
        return " What lies there or beside it is no file: take that away, or put the diary itself in its place.";
    case -EACCES:
    case -EROFS:
        return " See permissions.";
    case -ENOTDIR:
        return " See storage.";
    case -EBUSY: // it says so itself
    case -ENOMEM:
        return "";
    default:
        return " Check the card and its file system.";
    }
}

// SQLite is told to follow no link, and opens nothing but a file.
static bool is_no_file(const char *state_dir, struct finding *finding) {
    char path[PATH_MAX];
    struct stat status;
    snprintf(path, sizeof path, "%s/diary.db", state_dir);
    if (lstat(path, &status) < 0 || S_ISREG(status.st_mode)) {
        return false;
    }
    if (S_ISLNK(status.st_mode)) {
        finding_set(finding,
                    "%s is a symbolic link, which is not followed: move it away, and put the diary itself there.",
                    path);
    } else {
        finding_set(finding, "%s is %s: move it away, and start karani.service anew.", path,
                    S_ISDIR(status.st_mode) ? "a directory" : "no file");
    }
    return true;
}

void doctor_diary(const struct patient *patient, struct finding *finding) {
    char sentence[DOCTOR_TEXT_SIZE];
    struct diary *diary = NULL;
    if (diary_is_missing(patient->ctl->state_dir, sentence, sizeof sentence)) {
        finding_set(finding, "%s", sentence);
        return;
    }
    if (is_no_file(patient->ctl->state_dir, finding)) {
        return;
    }
    int error = diary_open_read(&diary, patient->ctl->state_dir, sentence, sizeof sentence);
    if (error != 0) {
        finding_set(finding, "%s%s", sentence, what_to_do(error));
        return;
    }
    if (diary_health(diary) == DIARY_NEWER) {
        finding_set(finding, "A newer Karani has written it: it is read, and nothing new is kept; install that Karani "
                             "again.");
    }
    look_inside(patient, diary, finding);
    diary_close(diary);
}
