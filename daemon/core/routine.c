// The names of the variants.
#include "daemon/core/routine.h"

#include <string.h>

static const char *const variant_names[VARIANT_COUNT] = {
    [VARIANT_WALL] = "wall",       [VARIANT_HIPS] = "hips",   [VARIANT_KNEES] = "knees",
    [VARIANT_FARTHER] = "farther", [VARIANT_CHAIR] = "chair",
};

const char *variant_name(enum variant variant) {
    return variant_names[variant];
}

bool variant_parse(const char *name, enum variant *variant) {
    for (int i = 0; i < VARIANT_COUNT; i++) {
        if (strcmp(variant_names[i], name) == 0) {
            *variant = (enum variant)i;
            return true;
        }
    }
    return false;
}
