// error[E0308]
//! A handler has the parameters of its event.
#![no_std]
callgate::handlers! {
    fn on_timer_fired(_alarm: callgate::Lent<callgate::timer::Alarm>, _count: u64) {}
}
