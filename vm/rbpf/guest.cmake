# SPDX-License-Identifier: BSD-2-Clause
# How C guests are compiled for this VM: read by callgate_guest(). The object becomes an image.
set(CALLGATE_GUEST_FLAGS --target=bpf -c)
set(CALLGATE_GUEST_COMPILED .o)
set(CALLGATE_GUEST_SUFFIX .rbf)
set(CALLGATE_GUEST_PACK ON)
