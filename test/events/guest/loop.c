/* SPDX-License-Identifier: BSD-2-Clause */
/* loop.c - a guest that waits in a loop, where others have handlers. */
#include <callgate/bell.h>
#include <callgate/event.h>

CG_ENTRY int cg_main(void)
{
    bell_bell_t one, two;
    event_record_t event;
    int failed = bell_hang(0, &one);
    failed = failed != 0 ? failed : bell_hang(1, &two);
    if (failed != 0 || bell_ring(one, 3) != 0 || bell_ring(two, 5) != 0) {
        return -1;
    }
    bell_report(event_wait(0, &event));
    bell_report(bell_rang_of(event.data).n);
    bell_report(event.lost);
    bell_bell_close(one);
    while ((failed = event_wait(5, &event)) == 0) {
        switch (CALLGATE_EVENT(&event)) {
        case BELL_EVENT_RANG:
            bell_report((event.handle == two.id ? 100u : 0) + bell_rang_of(event.data).n);
            break;
        default:
            bell_report(-1);
        }
        bell_report(event.lost);
        bell_report(event_lost());
    }
    return failed == EVENT_ERR_TIMEOUT ? 0 : failed;
}
