// karani.conf: whatever stands in it, the settings are complete and within their bounds.
#include "daemon/settings/config.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct config *config = NULL;
    char where[CONFIG_WHERE_SIZE];
    config_read(&config, input_path(data, size), false, input_complaint, NULL);
    assert(config != NULL);
    assert(config->minutes >= 1 && config->minutes <= 30);
    assert(config->rest_nights >= 0 && config->rest_nights <= 6);
    assert(config->counts_from_s >= 0 && config->counts_from_s <= 3600);
    assert(config->invite_min >= 0 && config->invite_min < 24 * 60);
    assert(config->morning_min >= 0 && config->morning_min < 24 * 60);
    assert(config->partials_per_full >= 1 && config->partials_per_full <= 15);
    config_where(config, "night", "invite", where);
    config_free(config);
    return 0;
}
