/* SPDX-License-Identifier: BSD-2-Clause */
/* example/own_event/guest.c - a light that each press of the button switches: cg_main runs once, the handler for each event. */
#include <callgate/button.h>

static bool is_on;

CG_ENTRY int cg_main(void)
{
    button_listener_t listener;
    return button_listen(&listener); /* stays open: closing it would end the presses */
}

void on_button_pressed(button_listener_t listener, uint32_t count)
{
    is_on = !is_on;
    (void)button_light(is_on);
    if (count == 3) {
        button_listener_close(listener);
    }
}
