# SPDX-License-Identifier: BSD-2-Clause
# How guests are made for this VM: read by callgate_guest(). They are texts for our assembler, which `callgate pack` runs.
set(CALLGATE_GUEST_SOURCE .evs)
set(CALLGATE_GUEST_SUFFIX .evm)
set(CALLGATE_GUEST_PACK ON)
