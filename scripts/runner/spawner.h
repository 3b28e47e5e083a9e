#ifndef AIKORE_RUNNER_SPAWNER_H
#define AIKORE_RUNNER_SPAWNER_H

/*
 * A small process that starts runners for AiKore: forking it costs a fraction of what forking a Node process of a
 * hundred megabytes does, and whatever loses its parent below it is reaped here. README.md has the protocol.
 * Returns the exit code, when AiKore's end of the connection is closed.
 */
int spawner_main(void);

#endif
