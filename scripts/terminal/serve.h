#ifndef AIKORE_TERMINAL_SERVE_H
#define AIKORE_TERMINAL_SERVE_H

#include "session.h"

/* To be called once, before anything can have ended. */
void serve_prepare(struct session *session);

/* Runs until no process of the terminal is left and its viewers know all of it. */
void serve(struct session *session);

#endif
