// SPDX-License-Identifier: BSD-2-Clause
//! Every shape that travels, against echo_host.c: what comes back is judged here, `done` tells which case failed.
#![no_std]
use callgate::{echo, Error, Event, Lent};
use core::sync::atomic::{AtomicU32, Ordering};
use echo::{Deep, Line, Match, Point, AB};

callgate::entry!(main);

type Outcome = Result<bool, Error>;

const POINT: Point = Point { type_: i64::MIN + 1, in_: u32::MAX, on: true, end: [1, 2, 65535], fn_: AB::END };

fn scalars() -> Outcome {
    let (i, j, k, l, m, n, o, p) = echo::small(-128, 1, false, 0.5, -1e300, AB::END, Deep::LOW, Match::SELF)?;
    Ok((i, j, k, l, m) == (-127, 65534, true, -0.5, 1e300) && n == AB::END && o == Deep::HIGH && p == Match::CRATE)
}

fn wide() -> Outcome {
    Ok(echo::value(i64::MAX) == -i64::MAX && echo::value(-(1 << 40)) == 1 << 40 && echo::less(100) == -100 && echo::AB == u64::MAX && echo::LOW == i64::MIN)
}

fn optional() -> Outcome {
    let all = echo::type_(u64::MAX - 1, -2, "größe", Some(u64::MAX))?;
    let none = echo::type_(1 << 63, i64::MIN, "", None)?;
    let other = echo::type_(0, -1, "12345678901234567890", Some(0))?;
    Ok(all == (1, -1, Some(0), Some(true)) && none == (!(1 << 63), i64::MIN + 1, None, None) && other == (u64::MAX, 0, Some(-1), Some(false)))
}

fn too_long() -> Outcome {
    Ok(echo::type_(0, 0, "123456789012345678901", None) == Err(Error::RANGE) && Error::RANGE.number() < 0 && echo::type_(0, 0, "a\0b", None) == Err(Error::FORMAT))
}

fn text() -> Outcome {
    let mut room = *b"gr\xc3\xb6\xc3\x9fe..........";
    let long = echo::in_(2, &mut room, 7)? == "größe!!";
    Ok(long && echo::in_(9, &mut room, 7)?.len() == 16 && echo::in_(10, &mut room, 7) == Err(Error::SPACE) && echo::in_(0, &mut room, 17) == Err(Error::RANGE) && echo::in_(0, &mut [], 0)?.is_empty())
}

fn lists() -> Outcome {
    let (mut words, mut flags) = ([u64::MAX, 1 << 40, 3, 0], [true, false]);
    let (sums, turned) = echo::words(&mut words, 3, &mut flags, 2)?;
    let good = sums == [u64::MAX, 1 << 40, 3, (1 << 40) + 2] && turned == [false, true];
    Ok(good && echo::words(&mut [0; 4], 4, &mut [], 0) == Err(Error::SPACE))
}

fn points() -> Outcome {
    let mut room = [Point::default(); 3];
    let (n, list) = echo::await_(&[-1.5, 3e9], Some(5.0), &mut room)?;
    let good = n == Some(2.5) && list.len() == 2 && (list[0].type_, list[0].on, list[0].end) == (-1, true, [0, 0, 1]);
    let good = good && (list[1].type_, list[1].in_, list[1].end, list[1].fn_) == (3_000_000_000, 1, [0, 0, 2], AB::END);
    Ok(good && matches!(echo::await_(&[], None, &mut [])?, (None, [])))
}

fn records() -> Outcome {
    let back = echo::loop_(&Line { ends: [POINT, Point::default()], ok: true })?;
    let bad = echo::loop_(&Line { ends: [Point { fn_: AB { raw: 3 }, ..POINT }; 2], ok: true });
    Ok(back == Line { ends: [Point::default(), POINT], ok: false } && bad == Err(Error::VALUE))
}

fn bytes() -> Outcome {
    let mut room = [0; 8];
    let good = echo::bytes(b"\x00\xffz", &mut room)? == b"z\xff\x00" && room[3] == 0;
    Ok(good && echo::bytes(b"", &mut room) == Err(echo::ERR_TYPE) && echo::ERR_TYPE.text() == "No \"type\"; \\ ${x} */ `")
}

fn owned() -> Outcome {
    let (one, end) = echo::fn_(7)?;
    {
        let _dropped = echo::fn_(8)?;
        echo::fn_(9)?.0.close()?;
        if echo::count() != 2 {
            return Ok(false);
        }
    }
    Ok(end == AB::FN && echo::count() == 1 && echo::end(one)? == 7 && echo::count() == 0 && echo::fn_(255).is_err_and(|error| error == echo::ERR_TYPE))
}

fn handles() -> Outcome {
    let (one, _) = echo::fn_(3)?;
    let spot = echo::find(0)?;
    let (new, lent, n) = echo::maybe(Some(one.lent()), Some(echo::fn_(4)?.0), spot)?;
    let good = n == 4003 && lent.is_some() && lent != spot && lent == echo::find(1)? && echo::find(2)?.is_none() && echo::count() == 2;
    Ok(good && new.map(echo::end) == Some(Ok(5)) && echo::maybe(None, None, None)? == (None, None, 0) && echo::count() == 1)
}

/// A handle that a call refuses is closed, not lost.
fn refused() -> Outcome {
    let (one, _) = echo::fn_(1)?;
    let stale = one.lent();
    one.close()?;
    Ok(echo::end(stale.take()) == Err(Error::HANDLE) && echo::post(stale, &POINT) == Err(Error::HANDLE) && echo::count() == 0)
}

/// A record that no host gave is nobody's friend, but still made of values that Rust has.
fn forged() -> Outcome {
    struct Record {
        api: u16,
        id: u16,
        handle: u32,
        data: [u8; 64],
    }
    let record = Record { api: 79, id: 1, handle: 5, data: [2; 64] };
    Ok(matches!(callgate::event!(&record), Event::EchoIn(from, data) if from.id() == 5 && data.in_ as u8 == 1 && data.type_.on as u8 == 1 && data.end.raw == 2))
}

fn main() -> Result<(), Error> {
    let cases: [fn() -> Outcome; 13] = [scalars, wide, optional, too_long, text, lists, points, records, bytes, owned, handles, refused, forged];
    for (number, case) in (1..).zip(cases) {
        if case() != Ok(true) {
            return echo::done(number);
        }
    }
    echo::post(echo::fn_(42)?.0.keep(), &POINT)
}

static SEEN: AtomicU32 = AtomicU32::new(0);

callgate::handlers! {
    /// The record lies in the block that the host fills.
    fn on_echo_in(_: Lent<echo::Box>, point: &Point, serial: u64, end: AB, is_in: bool) {
        let good = *point == POINT && serial == u64::MAX - 1 && end == AB::END && is_in;
        SEEN.store(good.into(), Ordering::Relaxed);
    }
    fn on_echo_fn(from: Lent<echo::Box>) {
        let good = SEEN.load(Ordering::Relaxed) == 1 && echo::end(from.take()) == Ok(42);
        let _ = echo::done(if good { 0 } else { 14 });
    }
}
