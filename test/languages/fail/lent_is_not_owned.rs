// error[E0308]
//! What an event tells of is not the handler's to give away.
#![no_std]
callgate::handlers! {
    fn on_timer_fired(alarm: callgate::Lent<callgate::timer::Alarm>, _count: u32) {
        let _ = callgate::timer::cancel(alarm);
    }
}
