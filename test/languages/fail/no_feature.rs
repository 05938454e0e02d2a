// error[E0432]
//! An API that is no feature is not there: its digest would be missing.
#![no_std]
use callgate::coap;
pub fn format() -> coap::Format {
    coap::Format { raw: 0 }
}
