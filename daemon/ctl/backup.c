// karanictl backup: a copy of the diary into a file of the owner's, also beside the running device.
#include "daemon/ctl/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tell(const struct ctl *ctl, int error) {
    const char *file = ctl->arguments[0];
    char sentence[256];
    switch (error) {
    case 0:
        printf("The diary is in %s: whole, checked and on its disk.\n", file);
        return EXIT_SUCCESS;
    case -ENODATA:
        if (diary_is_missing(ctl->state_dir, sentence, sizeof sentence)) {
            return ctl_complain("%s", sentence);
        }
        return ctl_complain("There is no diary in %s yet, so nothing was written.", ctl->state_dir);
    case -EEXIST:
        return ctl_complain("\"%s\" is no backup of Karani's and is left as it is; give another name.", file);
    case -EISDIR:
        return *file == '\0' ? ctl_complain("The file's name is empty; give the copy a file's name.")
                             : ctl_complain("\"%s\" is a directory; give the copy a file's name in it.", file);
    case -ENOTUNIQ:
        return ctl_complain("\"%s\" is the name of a file of the diary's own; give another name.", file);
    case -EUCLEAN:
        return ctl_complain("The diary is damaged: karanictl doctor says more.");
    default:
        return ctl_complain("%s cannot be written: %s.", file, strerror(-error));
    }
}

static int run(const struct ctl *ctl) {
    struct diary *diary;
    if (!ctl_open_diary(ctl, &diary)) {
        return EXIT_FAILURE;
    }
    int error = diary_backup(diary, ctl->arguments[0]);
    diary_close(diary);
    return tell(ctl, error);
}

const struct command backup_command = {
    .name = "backup",
    .operands = "FILE",
    .summary = "a copy of the diary, checked, into a file",
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
