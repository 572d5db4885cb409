// What is stored in the diary beside its rows, as text: one object each with a version and named members (RFC 8259),
// {"v":1,"chosen":12,"configured":10}. A later version may have members more: they are passed over, and what is known
// here is read as long as it has its type. Older texts, which told values apart by their position, are still read. What
// makes no sense (an unknown name, a time that no clock can show) is as if it were not there.
#ifndef KARANI_DAEMON_DIARY_TEXT_SETTINGS_H
#define KARANI_DAEMON_DIARY_TEXT_SETTINGS_H

#include "daemon/core/device/settings.h"
#include "daemon/diary/diary.h"

#include <stdbool.h>

enum { SETTINGS_TEXT_SIZE = 512 };

// Writes the text of one setting; the others are not looked at.
void settings_print(const struct device_settings *settings, enum device_setting key, char text[SETTINGS_TEXT_SIZE]);

// Reads the text of one setting (NULL: there is none) into its part; the others stay. Whether there is one is in
// settings->has.
void settings_read(struct device_settings *settings, enum device_setting key, const char *text);

// The last restoration, but for its time, which stands beside it. False, and nothing written, when the text is none.
void restored_print(const struct diary_restored *restored, char text[SETTINGS_TEXT_SIZE]);
bool restored_read(struct diary_restored *restored, const char *text);

#endif
