// The evenings that tests save in a diary.
#ifndef KARANI_TESTS_SUPPORT_DIARY_DIARY_EVENINGS_H
#define KARANI_TESTS_SUPPORT_DIARY_DIARY_EVENINGS_H

#include "daemon/core/record.h"

#define BOOT "11111111-1111-4111-8111-111111111111"

enum {
    EVENING_UTC_S = 1772397600, // 2026-03-01 20:40:00, a Sunday
    EVENING_NIGHT = 20513,
    DAY_S = 86400,
};

// The n-th evening's session, every field of it different from its neighbour's.
struct session_record evening(int n);

#endif
