// Where things are: settings, state, data beside the program, fonts, the system's zone. Every program asks here.
#ifndef KARANI_DAEMON_SETTINGS_PATHS_H
#define KARANI_DAEMON_SETTINGS_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#define PATHS_CONFIG "/etc/karani/karani.conf"
#define PATHS_STATE  "/var/lib/karani"
#define PATHS_STATUS "/run/karani/status.json"
#define PATHS_GLASS  "/run/karani/glass.png"
#define PATHS_SOCKET "/run/karani/io.karani"
#define PATHS_FONTS  "/usr/share/fonts/opentype/b612"
#define PATHS_ETC    "/etc"
#define PATHS_HAT    "/sys/firmware/devicetree/base/hat/product"

enum { PATHS_DIRECTORIES = 3 }; // the owner's, the shipped one, NULL

// Absolute paths; the strings are owned.
struct paths {
    char *share;                       // PREFIX/share, beside the program's own bin
    char *boards[PATHS_DIRECTORIES];   // NULL-terminated: searched in this order
    char *routines[PATHS_DIRECTORIES]; // likewise
    char *pictures;                    // PREFIX/share/karani/pictures
    char *locale;                      // PREFIX/share/locale: for bindtextdomain()
    const char *hat;                   // what a HAT says its name is, not owned; NULL: not to be asked
};

// Finds the data beside the running program: dirname(/proc/self/exe)/../share. `owners_too` puts /etc/karani/boards
// and /etc/karani/routines in front, and asks the HAT; the simulator takes nothing from /etc or the machine. Nothing is
// opened: a missing directory is told by who reads it. 0 or -errno.
int paths_find(struct paths **paths, bool owners_too);

// The same for a program that lies at `program`, an absolute path. 0, -EINVAL (no directory above it), -ENOMEM.
int paths_find_beside(struct paths **paths, const char *program, bool owners_too);

void paths_free(struct paths *paths); // accepts NULL

// The path of NAME.routine in the first of the directories that has it, malloc'd; where none has it, the path in the
// last one, so that the complaint of who opens it names the shipped place. NULL when memory is out.
char *paths_routine(const struct paths *paths, const char *name);

// Whether the glass's font is in `font_dir` (PATHS_FONTS). False, with one sentence that says what to install.
bool paths_have_font(const char *font_dir, char *sentence, size_t sentence_size);

// The name of the system's zone ("Europe/Berlin"), as localtime(5) keeps it: from the link ETC/localtime; where that is
// a plain file, from Debian's ETC/timezone; "UTC" where neither says. `etc_dir` is PATHS_ETC but in tests.
void paths_system_zone(const char *etc_dir, char *name, size_t name_size);

#endif
