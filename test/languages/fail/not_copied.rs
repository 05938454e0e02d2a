// error[E0599]
//! Nobody owns a handle twice.
#![no_std]
pub fn copies(alarm: callgate::timer::Alarm) -> (callgate::timer::Alarm, callgate::timer::Alarm) {
    (alarm.clone(), alarm)
}
