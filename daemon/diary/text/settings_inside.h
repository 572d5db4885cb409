// What the readers of stored settings share: settings.c and settings_older.c.
#ifndef KARANI_DAEMON_DIARY_TEXT_SETTINGS_INSIDE_H
#define KARANI_DAEMON_DIARY_TEXT_SETTINGS_INSIDE_H

#include "daemon/diary/text/settings.h"

// The texts of before version 1 of the objects, told apart by position. False when it is none; what it says need not
// make sense.
bool settings_read_older(struct device_settings *settings, enum device_setting key, const char *text);
bool restored_read_older(struct diary_restored *restored, const char *text);

#endif
