#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store.h"

static enum MHD_Result answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **state) {
    char body[64];
    (void)cls, (void)method, (void)version, (void)data, (void)size, (void)state;
    if (strcmp(url, "/health") == 0) snprintf(body, sizeof body, "ok\n");
    else snprintf(body, sizeof body, "visit %d\n", store_count());
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

static void stop(int number) {
    (void)number;
    _exit(0);
}

int main(void) {
    const char *port = getenv("PORT");
    signal(SIGTERM, stop);
    if (store_open(getenv("COUNTER_DB")) != 0) return 1;
    if (!MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, port ? atoi(port) : 9090, 0, 0, answer, 0, MHD_OPTION_END)) return 1;
    printf("counter is listening\n");
    fflush(stdout);
    for (;;) pause();
}
