#!/bin/sh
# Collects the words of the device into karani.pot and brings every language's catalogue up to date with it.
# Run from the top of the tree after a text in the sources has changed; needs Debian's package gettext.
set -eu
pot=assets/languages/karani.pot
find display daemon -name '*.c' | LC_ALL=C sort |
    xgettext --files-from=- --output=$pot --language=C --from-code=UTF-8 --package-name=karani \
        --keyword= --keyword=gettext --keyword=ngettext:1,2 --keyword=N_ --add-comments=TRANSLATORS --no-location
# The date would make every run a change.
sed -i '/^"POT-Creation-Date:/d; s/^# SOME DESCRIPTIVE TITLE\.$/# The words of the device./; /^# Copyright (C) YEAR/d; /^# FIRST AUTHOR/d; s/^#, fuzzy$//; s/charset=CHARSET/charset=UTF-8/' $pot
for catalogue in assets/languages/*.po; do
    [ -e "$catalogue" ] && msgmerge --quiet --update --backup=none --no-fuzzy-matching "$catalogue" $pot
done
