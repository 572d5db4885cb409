// Finding the chip and telling what went wrong, the same for every libgpiod.
#include "display/wire/gpio_inside.h"

#include <errno.h>
#include <glob.h>
#include <gpiod.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

// The labels of the header's chip on a Raspberry Pi 5, on a 4, and on all before (device trees of the kernel).
static const char *const own_labels[] = {"pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"};

static bool is_wanted(struct gpiod_chip *chip, const char *label) {
    if (label != NULL) {
        return gpio_chip_is_labelled(chip, label);
    }
    for (size_t i = 0; i < sizeof own_labels / sizeof *own_labels; i++) {
        if (gpio_chip_is_labelled(chip, own_labels[i])) {
            return true;
        }
    }
    return false;
}

struct gpiod_chip *gpio_open_chip(const struct gpio_place *place, int *result, char *sentence, size_t sentence_size) {
    glob_t paths;
    struct gpiod_chip *found = NULL;
    bool denied = false;
    if (glob("/dev/gpiochip*", 0, NULL, &paths) == 0) {
        for (size_t i = 0; i < paths.gl_pathc && found == NULL; i++) {
            struct gpiod_chip *chip = gpiod_chip_open(paths.gl_pathv[i]);
            denied |= chip == NULL && errno == EACCES;
            if (chip != NULL && is_wanted(chip, place->chip_label)) {
                found = chip;
            } else if (chip != NULL) {
                gpiod_chip_close(chip);
            }
        }
        globfree(&paths);
    }
    if (found != NULL) {
        return found;
    }
    *result = denied ? -EACCES : -ENODEV;
    if (denied) {
        snprintf(sentence, sentence_size, "The GPIO chips may not be opened; add this user to the group gpio.");
    } else if (place->chip_label != NULL) {
        snprintf(sentence, sentence_size, "There is no GPIO chip labelled %s; gpiodetect lists the labels.",
                 place->chip_label);
    } else {
        snprintf(sentence, sentence_size,
                 "No GPIO chip of a Raspberry Pi is here; name another one in the board file.");
    }
    return NULL;
}

int gpio_refuse(int error, const struct gpio_place *place, const char *owner, char *sentence, size_t sentence_size) {
    char line[80];
    if (place->name != NULL) {
        snprintf(line, sizeof line, "GPIO line %.60s", place->name);
    } else {
        snprintf(line, sizeof line, "GPIO line %d", place->offset);
    }
    if (error == -EBUSY) {
        snprintf(sentence, sentence_size, "%s is in use by %s; free it, or choose another line.", line,
                 owner != NULL && *owner != '\0' ? owner : "somebody else");
    } else if (error == -ENOENT) {
        snprintf(sentence, sentence_size, "There is no %s on this chip; gpioinfo lists the lines.", line);
    } else {
        snprintf(sentence, sentence_size, "%s cannot be used: %s.", line, strerror(-error));
    }
    return error;
}

bool gpio_is_readable(int fd) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}
