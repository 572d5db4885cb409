// The parts that can fail, by name: apart from the runtime, for who only tells of them.
#include "daemon/runtime/runtime.h"

static const char *const names[] = {
    [RUNTIME_PART_PANEL] = "panel", [RUNTIME_PART_DIARY] = "diary", [RUNTIME_PART_PAGE] = "page"};

const char *runtime_part_name(enum runtime_part part) {
    return names[part];
}
