/*
 * A load generator for one small request: N keep-alive connections, each with one request under way.
 *   load PORT CONNECTIONS DURATION_MS PAYLOAD_BYTES <REQUEST
 * PAYLOAD_BYTES above 0: the request is a WebSocket handshake, after which messages of that size are echoed.
 * Prints one line of JSON; latencies in microseconds.
 */
#include "connection.h"
#include "latencies.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define MAX_CONNECTIONS 1024
#define MAX_REQUEST_BYTES 8192
#define MAX_ERRORS 1000

struct result {
  struct latencies latencies;
  uint64_t errors;
  /* The status of the first answer, and how many had another one. */
  int status;
  uint64_t other_statuses;
};

static struct connection connections[MAX_CONNECTIONS];

static bool begin(struct connection *connection, const struct wish *wish, int poller) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = connection}};
  if (!connection_open(connection, wish)) return false;
  if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->socket, &event) < 0) return false;
  return connection_ask(connection, wish);
}

static void note_answer(struct result *result, const struct connection *connection) {
  latencies_add(&result->latencies, (uint32_t)(now_us() - connection->sent_at_us));
  if (result->status == 0) result->status = connection->status;
  if (result->status != connection->status) result->other_statuses++;
}

/* False when the connection has to be opened anew. */
static bool serve(struct connection *connection, const struct wish *wish, struct result *result) {
  enum outcome outcome = connection_take(connection, wish);
  if (outcome == OUTCOME_WAIT) return true;
  if (outcome == OUTCOME_BROKEN) return false;
  if (outcome == OUTCOME_ANSWERED) note_answer(result, connection);
  return connection_ask(connection, wish);
}

static void run(int count, const struct wish *wish, uint64_t duration_us, struct result *result) {
  struct epoll_event events[64];
  int poller = epoll_create1(EPOLL_CLOEXEC);
  uint64_t end_us = now_us() + duration_us;
  for (int i = 0; i < count; i++) {
    if (!begin(&connections[i], wish, poller)) result->errors++;
  }
  while (now_us() < end_us && result->errors < MAX_ERRORS) {
    int ready = epoll_wait(poller, events, 64, 50);
    for (int i = 0; i < ready; i++) {
      struct connection *connection = events[i].data.ptr;
      if (serve(connection, wish, result)) continue;
      result->errors++;
      connection_close(connection);
      begin(connection, wish, poller);
    }
  }
  for (int i = 0; i < count; i++) connection_close(&connections[i]);
}

static void print(const struct result *result, double seconds) {
  const struct latencies *all = &result->latencies;
  printf("{\"answers\":%zu,\"errors\":%llu,\"status\":%d,\"otherStatuses\":%llu,\"seconds\":%.4f,", all->count,
         (unsigned long long)result->errors, result->status, (unsigned long long)result->other_statuses, seconds);
  printf("\"p50Us\":%u,\"p95Us\":%u,\"p99Us\":%u,\"maxUs\":%u}\n", latencies_at(all, 0.5),
         latencies_at(all, 0.95), latencies_at(all, 0.99), latencies_at(all, 1));
}

int main(int count, char **values) {
  static char request[MAX_REQUEST_BYTES];
  struct wish wish = {.request = request};
  struct result result = {.status = 0};
  if (count != 5) {
    fputs("load PORT CONNECTIONS DURATION_MS PAYLOAD_BYTES <REQUEST\n", stderr);
    return 2;
  }
  int wanted = atoi(values[2]);
  wish.port = atoi(values[1]);
  wish.payload_bytes = (size_t)atoi(values[4]);
  wish.request_length = fread(request, 1, sizeof request, stdin);
  if (wanted < 1 || wanted > MAX_CONNECTIONS || wish.payload_bytes > 125) return 2;
  for (int i = 0; i < wanted; i++) connections[i].socket = -1;
  uint64_t began_us = now_us();
  run(wanted, &wish, (uint64_t)atoi(values[3]) * 1000, &result);
  double seconds = (double)(now_us() - began_us) / 1e6;
  latencies_sort(&result.latencies);
  print(&result, seconds);
  return 0;
}
