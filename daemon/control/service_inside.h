// What the files of the service share.
#ifndef KARANI_DAEMON_CONTROL_SERVICE_INSIDE_H
#define KARANI_DAEMON_CONTROL_SERVICE_INSIDE_H

#include "daemon/control/service.h"

extern const char service_description[]; // of io.karani

#endif
