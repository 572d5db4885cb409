// Directories of the simulator: made, thrown away, found where the desktop keeps state.
#ifndef KARANI_DAEMON_SIM_DIRS_H
#define KARANI_DAEMON_SIM_DIRS_H

// Makes the directory and those above it. 0 (also when it is there already) or -errno.
int dirs_make(const char *path);

// Makes an empty directory that belongs to nobody else; NULL when that cannot be. The path is malloc'd.
char *dirs_make_temporary(void);

// Deletes a directory with all that is in it. Accepts NULL.
void dirs_throw_away(const char *path);

// Where the user's state is kept (XDG Base Directory Specification): $XDG_STATE_HOME/karani, else
// ~/.local/state/karani; NULL without a home. The path is malloc'd.
char *dirs_find_state(void);

#endif
