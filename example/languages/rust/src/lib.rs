// SPDX-License-Identifier: BSD-2-Clause
//! Read a sensor, say what it says, and be told of time: the same program as in ../../c and ../../assembly.
#![no_std]

use callgate::{log, random, saul, timer, Error, Lent, Text};

callgate::entry!(main);

fn main() -> Result<(), Error> {
    let sensor = saul::find(saul::Class::SENSE_TEMP, 0)?;
    let mut name = [0; saul::NAME_MAX as usize];
    let name = saul::name(sensor, &mut name)?;
    let (data, _dims) = saul::read(sensor)?;
    let mut line = Text::<80>::new();
    line.push(name).push(" says ").push_number(data.val[0].into()).push("e").push_number(data.scale.into());
    line.push(if data.unit == saul::Unit::TEMP_C { " C" } else { "" });
    log::print(line.as_str())?;

    match saul::find(saul::Class::SENSE_TEMP, 1) {
        Err(error) if error == saul::ERR_NOT_FOUND => {
            log::print(Text::<80>::new().push("there is no second one: ").push(error.text()).as_str())?;
        }
        _ => {}
    }

    let mut noise = [0; 4];
    match random::fill(&mut noise) {
        Ok(bytes) => log::print(Text::<80>::new().push_number(bytes.len() as i64).push(" random bytes").as_str())?,
        Err(_) => log::print("no random bytes")?,
    }
    timer::every(20)?.keep();
    Ok(())
}

callgate::handlers! {
    fn on_timer_fired(alarm: Lent<timer::Alarm>, count: u32) {
        if count >= 3 {
            let is_gone = timer::cancel(alarm.take()).is_err();
            let _ = log::print(if is_gone { "the alarm is gone" } else { "three ticks, enough" });
        }
    }
}
