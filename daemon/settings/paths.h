// Where things are: settings, state, data beside the program, fonts, the system's zone. Every program asks here.
#ifndef KARANI_DAEMON_SETTINGS_PATHS_H
#define KARANI_DAEMON_SETTINGS_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#define PLACES_CONFIG "/etc/karani/karani.conf"
#define PLACES_STATE  "/var/lib/karani"
#define PLACES_STATUS "/run/karani/status.json"
#define PLACES_GLASS  "/run/karani/glass.png"
#define PLACES_SOCKET "/run/karani/io.karani"
#define PLACES_FONTS  "/usr/share/fonts/opentype/b612"
#define PLACES_ETC    "/etc"
#define PLACES_HAT    "/sys/firmware/devicetree/base/hat/product"

enum { PLACES_DIRECTORIES = 3 }; // the owner's, the shipped one, NULL

// Absolute paths; the strings are owned.
struct places {
    char *share;                        // PREFIX/share, beside the program's own bin
    char *boards[PLACES_DIRECTORIES];   // NULL-terminated: searched in this order
    char *routines[PLACES_DIRECTORIES]; // likewise
    char *pictures;                     // PREFIX/share/karani/pictures
    char *locale;                       // PREFIX/share/locale: for bindtextdomain()
    const char *hat;                    // what a HAT says its name is, not owned; NULL: not to be asked
};

// Finds the data beside the running program: dirname(/proc/self/exe)/../share. `owners_too` puts /etc/karani/boards
// and /etc/karani/routines in front, and asks the HAT; the simulator takes nothing from /etc or the machine. Nothing is
// opened: a missing directory is told by who reads it. 0 or -errno.
int places_find(struct places **places, bool owners_too);

// The same for a program that lies at `program`, an absolute path. 0, -EINVAL (no directory above it), -ENOMEM.
int places_find_beside(struct places **places, const char *program, bool owners_too);

void places_free(struct places *places); // accepts NULL

// The path of NAME.routine in the first of the directories that has it, malloc'd; where none has it, the path in the
// last one, so that the complaint of who opens it names the shipped place. NULL when memory is out.
char *places_routine(const struct places *places, const char *name);

// Whether the glass's font is in `font_dir` (PLACES_FONTS). False, with one sentence that says what to install.
bool places_have_font(const char *font_dir, char *error, size_t error_size);

// The name of the system's zone ("Europe/Berlin"), as localtime(5) keeps it: from the link ETC/localtime; where that is
// a plain file, from Debian's ETC/timezone; "UTC" where neither says. `etc_dir` is PLACES_ETC but in tests.
void places_system_zone(const char *etc_dir, char *name, size_t name_size);

#endif
