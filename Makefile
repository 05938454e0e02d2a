# SPDX-License-Identifier: BSD-2-Clause
# A thin front over the CMake presets. What each target does stands in tools/, so that this stays a list.
#   make         build the command: build/callgate
#   make demo    set up the machine, build, run the demo
#   make check   set up the machine, build and test with gcc, clang and the gate's SMALL form
#   make bench   set up the machine, build, count instructions and bytes
#   make tidy    check the style and the dependency law
#   make golden  rewrite the golden files of the tests; review them with git diff
#   make clean   remove what was built, but keep the fetched engines; make distclean removes those too
# `make`, `make tidy` and `make golden` install nothing: they use what is there.
.POSIX:
.PHONY: all demo check bench tidy golden clean distclean

all:
	@sh tools/build.sh release

demo:
	@sh tools/setup.sh demo
	@sh tools/build.sh release
	@sh example/building/run.sh build

check:
	@sh tools/check.sh

bench:
	@sh tools/setup.sh bench
	@sh tools/build.sh release
	@sh bench/run.sh build

tidy:
	@python3 -B tools/tidy.py --cc gcc --cc clang-19

golden:
	@sh tools/build.sh dev golden

clean:
	@sh tools/clean.sh

distclean:
	rm -rf build
