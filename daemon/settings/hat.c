// Which board a HAT's EEPROM stands for.
//
// No public source read shows a HAT EEPROM on one of the boards that Karani knows. Pimoroni's Inky boards have an
// EEPROM in a form of their own, which the firmware does not understand (inky/eeprom.py); PaPiRus has a real one
// ("PaPiRus ePaper HAT"), on glass that Karani does not drive. So the table holds the names under which the makers sell
// the boards, should one say so.
#include "daemon/settings/hat.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *product;
    const char *board;
} products[] = {
    {"2.7inch e-Paper HAT", "waveshare-2.7-keys"},
    {"Adafruit 2.13\" Monochrome E-Ink Bonnet", "adafruit-2.13-bonnet"},
    {"Inky pHAT", "inky-phat"},
    {"Inky wHAT", "inky-what"},
};

// A property of the device tree is text with a NUL behind it.
static bool is_plain(const char *product) {
    for (const char *at = product; *at; at++) {
        if (*at < ' ' || *at > '~') {
            return false;
        }
    }
    return *product != '\0';
}

bool hat_read_product(const char *path, char product[HAT_PRODUCT_SIZE]) {
    FILE *file = fopen(path, "re");
    if (!file) {
        return false;
    }
    char text[HAT_PRODUCT_SIZE + 1];
    size_t length = fread(text, 1, HAT_PRODUCT_SIZE, file);
    fclose(file);
    text[length] = '\0';
    if (strlen(text) >= HAT_PRODUCT_SIZE || strlen(text) + 1 < length || !is_plain(text)) {
        return false;
    }
    memcpy(product, text, strlen(text) + 1);
    return true;
}

const char *hat_board(const char *product) {
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        if (strcmp(products[i].product, product) == 0) {
            return products[i].board;
        }
    }
    return product;
}
