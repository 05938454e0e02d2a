// SPDX-License-Identifier: BSD-2-Clause
//! What the example does not have: bytes, two texts in one call, an event that is waited for, one whose handler takes a record, an error of the gate.
#![no_std]
use callgate::{event, log, saul, store, timer, Error, Event, Lent, Text};

callgate::entry!(main);

fn main() -> Result<(), Error> {
    let mut room = [0; 16];
    store::put("größe", b"abc")?;
    let value = store::get("größe", &mut room)?;
    log::print(Text::<40>::new().push_number(value.len() as i64).push(if value == b"abc" { " bytes again" } else { " other bytes" }).as_str())?;
    match store::get("none", &mut room) {
        Err(store::ERR_NOT_FOUND) => log::print(store::ERR_NOT_FOUND.text())?,
        _ => log::print("no error")?,
    }
    match saul::find(saul::Class::ACT_SWITCH, 0) {
        Err(Error::GUARD) => log::print(Error::GUARD.text())?,
        _ => log::print("no error")?,
    }

    let alarm = timer::once(10)?;
    let record = event::wait(5000)?;
    match callgate::event!(&record) {
        Event::TimerFired(from, data) if from == alarm.lent() => log::print(Text::<40>::new().push("waited, ").push_number(data.count.into()).as_str())?,
        _ => log::print("another event")?,
    }
    alarm.close()?;
    match event::wait(0) {
        Err(event::ERR_TIMEOUT) => log::print(event::ERR_TIMEOUT.text())?,
        _ => log::print("an event")?,
    }

    saul::watch(saul::find(saul::Class::SENSE_TEMP, 0)?, 20, 0)?.keep();
    Ok(())
}

callgate::handlers! {
    fn on_saul_changed(watch: Lent<saul::Watch>, data: &saul::Phydat, dims: u8) {
        let mut line = Text::<80>::new();
        line.push("changed ").push_number(data.val[0].into()).push(" ").push_number(data.scale.into()).push(" ").push_number(dims.into());
        let _ = log::print(line.as_str());
        drop(watch.take());
        let _ = log::print("end");
    }
}
