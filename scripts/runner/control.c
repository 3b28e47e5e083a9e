#include "control.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NEWS_INTERVAL_MS = 20, ACCEPT_PAUSE_MS = 200, TEXT_BYTES = 512, GRACE_DIGITS_MAX = 9 };

int control_open(struct control *control, const struct run *run, struct sentence *error) {
  control->run = run;
  for (int i = 0; i < CLIENT_COUNT; i++) control->clients[i].socket = -1;
  return listener_open(&control->listener, run->options->socket, run->options->trusted_uid, error);
}

void control_prepare(const struct control *control, struct pollfd *fds, int64_t now_ms) {
  fds[0] = (struct pollfd){.fd = now_ms < control->accept_at_ms ? -1 : control->listener.socket, .events = POLLIN};
  for (int i = 0; i < CLIENT_COUNT; i++) {
    const struct client *client = &control->clients[i];
    fds[i + 1].fd = client->socket;
    fds[i + 1].events = client->out_length > 0 ? POLLIN | POLLOUT : POLLIN;
    fds[i + 1].revents = 0;
  }
}

static void send_output(const struct control *control, struct client *client) {
  char text[TEXT_BYTES];
  client->is_output_stale = false;
  snprintf(text, sizeof text, "out size=%" PRIu64 " dropped=%" PRIu64 "\n", control->log_bytes,
           control->dropped_bytes);
  client_send(client, text);
}

static void send_hello(const struct control *control, struct client *client) {
  const struct run *run = control->run;
  char text[TEXT_BYTES], code[NUMBER_BYTES], number[NUMBER_BYTES];
  snprintf(text, sizeof text,
           "hello version=1 run=%s marker=%s pid=%d start=%llu state=%s size=%" PRIu64 " dropped=%" PRIu64
           " exit_code=%s exit_signal=%s oom_kills=%" PRIu64 " oom_source=%s\n",
           run->options->run, run->options->marker, (int)run->pid, run->start_ticks, run_phase_word(run),
           control->log_bytes, control->dropped_bytes, run_number(run->exit_code, code),
           run_number(run->exit_signal, number), run->oom.kills, oom_source_word(&run->oom));
  client_send(client, text);
}

static void welcome(struct control *control, int socket) {
  struct client refused;
  for (int i = 0; i < CLIENT_COUNT; i++) {
    if (control->clients[i].socket >= 0) continue;
    client_open(&control->clients[i], socket);
    send_hello(control, &control->clients[i]);
    return;
  }
  client_open(&refused, socket);
  client_send(&refused, "error too many clients\n");
  client_close(&refused);
}

static void accept_waiting(struct control *control, int64_t now_ms) {
  int socket;
  while ((socket = listener_accept(&control->listener)) >= 0) welcome(control, socket);
  /* The waiting connection keeps the listener readable: without a pause poll would return for ever. */
  if (socket == -2) control->accept_at_ms = now_ms + ACCEPT_PAUSE_MS;
}

static bool parse_grace(const char *text, int64_t *grace_ms) {
  size_t length = strspn(text, "0123456789");
  if (length == 0 || length > GRACE_DIGITS_MAX || text[length]) return false;
  *grace_ms = 0;
  for (; *text; text++) *grace_ms = *grace_ms * 10 + (*text - '0');
  return true;
}

static void on_line(struct client *client, const char *line, void *context) {
  const struct control *control = context;
  static const char stop[] = "stop grace_ms=";
  struct command command = {.grace_ms = -1};
  bool is_stop = strncmp(line, stop, sizeof stop - 1) == 0 && parse_grace(line + sizeof stop - 1, &command.grace_ms);
  if (is_stop || strcmp(line, "kill") == 0)
    control->on_command(command, control->context);
  else
    client_send(client, "error unknown command\n");
}

void control_serve(struct control *control, const struct pollfd *fds, int64_t now_ms) {
  for (int i = 0; i < CLIENT_COUNT; i++) {
    struct client *client = &control->clients[i];
    short events = fds[i + 1].revents;
    if (client->socket < 0 || events == 0) continue;
    if (events & POLLOUT) client_flush(client);
    if (client->out_length == 0 && client->is_output_stale) send_output(control, client);
    if (client->socket >= 0 && (events & (POLLIN | POLLHUP | POLLERR))) client_receive(client, on_line, control);
  }
  if (fds[0].revents) accept_waiting(control, now_ms);
}

void control_mark_output(struct control *control) { control->has_news = true; }

int64_t control_next_ms(const struct control *control, int64_t now_ms) {
  if (control->has_news) return control->next_news_ms;
  return control->accept_at_ms > now_ms ? control->accept_at_ms : INT64_MAX;
}

bool control_is_news_due(const struct control *control, int64_t now_ms) {
  return control->has_news && now_ms >= control->next_news_ms;
}

void control_announce_output(struct control *control, uint64_t log_bytes, uint64_t dropped_bytes, int64_t now_ms) {
  control->has_news = false;
  control->next_news_ms = now_ms + NEWS_INTERVAL_MS;
  control->log_bytes = log_bytes;
  control->dropped_bytes = dropped_bytes;
  for (int i = 0; i < CLIENT_COUNT; i++) {
    struct client *client = &control->clients[i];
    if (client->socket < 0) continue;
    if (client->out_length == 0)
      send_output(control, client);
    else
      client->is_output_stale = true;
  }
}

/* Says what may not be replaced; news about the output that wait are older and go first. */
static void broadcast(struct control *control, const char *text) {
  for (int i = 0; i < CLIENT_COUNT; i++) {
    struct client *client = &control->clients[i];
    if (client->socket >= 0 && client->is_output_stale) send_output(control, client);
    client_send(client, text);
  }
}

void control_announce_main(struct control *control) {
  const struct run *run = control->run;
  char text[TEXT_BYTES], code[NUMBER_BYTES], number[NUMBER_BYTES];
  snprintf(text, sizeof text, "main exit_code=%s exit_signal=%s oom_kills=%" PRIu64 " oom_source=%s\n",
           run_number(run->exit_code, code), run_number(run->exit_signal, number), run->oom.kills,
           oom_source_word(&run->oom));
  broadcast(control, text);
}

void control_announce_ended(struct control *control, int survivors) {
  const struct run *run = control->run;
  char text[TEXT_BYTES], code[NUMBER_BYTES], number[NUMBER_BYTES];
  snprintf(text, sizeof text,
           "ended exit_code=%s exit_signal=%s dropped=%" PRIu64 " survivors=%d oom_kills=%" PRIu64 " oom_source=%s\n",
           run_number(run->exit_code, code), run_number(run->exit_signal, number), run->dropped_bytes, survivors,
           run->oom.kills, oom_source_word(&run->oom));
  broadcast(control, text);
}

bool control_is_flushed(const struct control *control) {
  for (int i = 0; i < CLIENT_COUNT; i++) {
    if (control->clients[i].socket >= 0 && control->clients[i].out_length > 0) return false;
  }
  return true;
}

void control_close(struct control *control) {
  for (int i = 0; i < CLIENT_COUNT; i++) client_close(&control->clients[i]);
  listener_close(&control->listener);
}
