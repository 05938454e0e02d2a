// error: `on_timer_gone` is no handler of an event
//! Only events have handlers.
#![no_std]
callgate::handlers! {
    fn on_timer_gone(_count: u32) {}
}
