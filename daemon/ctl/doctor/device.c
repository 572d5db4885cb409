// The doctor looks at the device: clock, panel and board.
#include "daemon/ctl/doctor/doctor.h"

#include "daemon/ctl/correct/correct.h"
#include "daemon/settings/board.h"
#include "daemon/settings/setup.h"
#include "display/panel/rows.h"

#include <unistd.h>

static const char *member(const struct patient *patient, const char *name) {
    return patient->status == NULL ? NULL : json_object_get_string_member_with_default(patient->status, name, NULL);
}

// As the daemon says, or as one that is started now would begin. False when the diary cannot be asked.
static bool find_clock(const struct patient *patient, enum clock_quality *quality) {
    const char *name = member(patient, "clock");
    struct diary *diary;
    char sentence[DOCTOR_TEXT_SIZE];
    if (name != NULL) {
        return clock_quality_parse(name, quality);
    }
    if (diary_open_read(&diary, patient->ctl->state_dir, sentence, sizeof sentence) != 0) {
        return false; // the part that is the diary tells of it
    }
    *quality = ctl_clock_begin(diary, NULL).quality;
    diary_close(diary);
    return true;
}

void doctor_clock(const struct patient *patient, struct finding *finding) {
    enum clock_quality quality;
    if (!find_clock(patient, &quality)) {
        finding_remark(finding, "what the device takes it for is not known");
        return;
    }
    if (quality == CLOCK_UNSET || quality == CLOCK_RESTORED) {
        finding_set(finding, "The time is not known after a power cut: set it on the device's page clock or with "
                             "karanictl clock set, or give it a clock chip or a network.");
    }
    finding_remark(finding, "%s", clock_quality_name(quality));
}

void doctor_panel(const struct patient *patient, struct finding *finding) {
    finding_take_trouble(finding, patient, "panel");
    if (patient->setup == NULL) {
        finding_set(finding, "Which panel it is cannot be told: see board.");
        return;
    }
    const char *wanted = patient->ctl->config->panel;
    if (wanted != NULL && panel_row_find(wanted) == NULL) {
        finding_set(finding, "There is no panel \"%s\": karanictl panels lists them; until then it is %s.", wanted,
                    patient->setup->row->name);
    }
    const char *spidev = patient->setup->board->spidev;
    if (access(spidev, F_OK) < 0) {
        finding_set(finding,
                    "%s is not there: switch SPI on (raspi-config, or dtparam=spi=on in config.txt) and start "
                    "anew.",
                    spidev);
    }
    if (patient->status == NULL && patient->ctl->status_path != NULL) {
        finding_set(finding, "Nothing drives it, since the device does not run: systemctl start karani.service, and "
                             "journalctl -u karani says why it ended.");
    }
    finding_remark(finding, "%s", patient->setup->row->name);
}

void doctor_board(const struct patient *patient, struct finding *finding) {
    finding_take_trouble(finding, patient, "board"); // buttons that are missing are worse than a setting
    if (patient->complaint[0] != '\0') {
        finding_set(finding, "%s", patient->complaint);
    }
    if (patient->setup == NULL) {
        finding_set(finding, "No set-up can be made: install Karani again.");
        return;
    }
    finding_remark(finding, "%s", patient->setup->board->name);
}
