// A diary for tests of karanictl, and what it prints of it as JSON.
#ifndef KARANI_TESTS_SUPPORT_CTL_KARANICTL_DIARY_H
#define KARANI_TESTS_SUPPORT_CTL_KARANICTL_DIARY_H

#include "daemon/diary/diary.h"
#include "tests/support/ctl/karanictl_fixture.h"

#include <json-glib/json-glib.h>

// Seven nights, worked through by hand in the tests.
void write_diary(const struct desk *desk);
JsonNode *parse(const struct desk *desk);

#endif
