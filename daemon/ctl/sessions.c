// karanictl add, edit, delete, away: corrections of single sessions and nights.
#include "daemon/ctl/correct/correct.h"

#include <stdio.h>
#include <stdlib.h>

// What the options say of a session.
static struct correction said(const struct ctl *ctl, enum correction_kind kind) {
    struct correction correction = correction_of(kind);
    correction.night = ctl->night;
    correction.started = ctl->started;
    correction.outcome = ctl->outcome;
    correction.variant = ctl->variant;
    correction.routine = ctl->routine;
    correction.note = ctl->note;
    correction.held_s = ctl->minutes > 0 ? ctl->minutes * 60 : ctl->held_s;
    correction.planned_s = ctl->planned_s;
    return correction;
}

static int complain_of_minutes(void) {
    (void)ctl_complain("--minutes and --held say the same thing; give one of them.");
    return CTL_EXIT_USAGE;
}

static int add(const struct ctl *ctl) {
    const struct correction correction = said(ctl, CORRECTION_ADD);
    struct correction_result result;
    if (ctl->minutes > 0 && ctl->held_s >= 0) {
        return complain_of_minutes();
    }
    if (correction.held_s < 0 || (correction.night == NULL && correction.started == NULL)) {
        (void)ctl_complain("add needs --night or --started, and --minutes or --held.");
        return CTL_EXIT_USAGE;
    }
    int exit_status = ctl_correct(ctl, &correction, NULL, &result);
    if (exit_status == EXIT_SUCCESS) {
        printf("Added: %s\n", result.uuid);
    }
    return exit_status;
}

static int edit(const struct ctl *ctl) {
    struct correction correction = said(ctl, CORRECTION_EDIT);
    struct correction_result result;
    correction.id = ctl->arguments[0];
    if (ctl->minutes > 0 && ctl->held_s >= 0) {
        return complain_of_minutes();
    }
    int exit_status = ctl_correct(ctl, &correction, NULL, &result);
    if (exit_status == EXIT_SUCCESS) {
        printf("%s: %s\n", result.verdict == CORRECTION_DONE ? "Corrected" : "It was so already", result.uuid);
    }
    return exit_status;
}

static int delete_session(const struct ctl *ctl) {
    struct correction correction = correction_of(CORRECTION_DELETE);
    struct correction_result result;
    correction.id = ctl->arguments[0];
    int exit_status = ctl_correct(ctl, &correction, NULL, &result);
    if (exit_status == EXIT_SUCCESS) {
        printf("Taken out: %s\n", result.uuid);
    }
    return exit_status;
}

static int away(const struct ctl *ctl) {
    struct correction correction = correction_of(CORRECTION_AWAY);
    struct correction_result result;
    correction.first = ctl->arguments[0];
    correction.last = ctl->arguments[1];
    correction.clear = ctl->clear;
    int exit_status = ctl_correct(ctl, &correction, NULL, &result);
    if (exit_status == EXIT_SUCCESS) {
        printf("%zu night%s %s.\n", result.nights, result.nights == 1 ? "" : "s",
               ctl->clear ? "no longer marked away" : "newly marked away");
    }
    return exit_status;
}

const struct ctl_command ctl_add = {
    .name = "add",
    .synopsis = "--night DATE --minutes N [OPTION]...",
    .purpose = "adds a session that Karani has not seen",
    .takes = CTL_TAKES_SESSION,
    .run = add,
};

const struct ctl_command ctl_edit = {
    .name = "edit",
    .synopsis = "ID [OPTION]...",
    .purpose = "corrects what is said of a session",
    .takes = CTL_TAKES_SESSION,
    .arguments_min = 1,
    .arguments_max = 1,
    .run = edit,
};

const struct ctl_command ctl_delete = {
    .name = "delete",
    .synopsis = "ID",
    .purpose = "takes a session out; the diary's changes keep it",
    .arguments_min = 1,
    .arguments_max = 1,
    .run = delete_session,
};

const struct ctl_command ctl_away = {
    .name = "away",
    .synopsis = "[--clear] FIRST [LAST]",
    .purpose = "marks nights away, or takes the marks off",
    .takes = CTL_TAKES_CLEAR,
    .arguments_min = 1,
    .arguments_max = 2,
    .run = away,
};
