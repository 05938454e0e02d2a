// error[E0382]
//! A call that takes a handle away leaves none to close.
#![no_std]
pub fn after(alarm: callgate::timer::Alarm) {
    let _ = callgate::timer::cancel(alarm);
    let _ = alarm.close();
}
