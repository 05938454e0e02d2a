// error[E0382]
//! A handle that was closed is gone.
#![no_std]
pub fn twice(alarm: callgate::timer::Alarm) {
    let _ = alarm.close();
    let _ = alarm.close();
}
