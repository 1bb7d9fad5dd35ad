#!/bin/sh
# Builds the verifier with the program that proves it, or with `flash` the verifier alone for a Cortex-M3, to see its size:
# build.sh host|sanitized|arm|flash FILE. CFLAGS may set the sizes of the tables: -DSC_MAX_CODES=256
set -eu
here=$(dirname "$0")
verifier="$here/crypto.c $here/code.c $here/lock.c"
harness="$verifier $here/proof/harness.c"
flags="-std=c11 -Wall -Wextra -Werror -Os ${CFLAGS-}"
arm="-mcpu=cortex-m3 -mthumb -ffunction-sections -fdata-sections -Wl,--gc-sections -nostartfiles"
case $1 in
host) cc $flags $harness -o "$2" ;;
sanitized) cc $flags -g -fsanitize=address,undefined -fno-sanitize-recover=all $harness -o "$2" ;;
arm)
  arm-none-eabi-gcc $flags $arm --specs=rdimon.specs -T "$here/proof/mps2.ld" "$here/proof/startup.c" $harness -o "$2"
  ;;
flash)
  arm-none-eabi-gcc $flags $arm --specs=nano.specs -Wl,-e,sc_enter \
    -Wl,-u,sc_new,-u,sc_boot,-u,sc_store_time,-u,sc_derive,-u,sc_write $verifier -o "$2"
  ;;
*) exit 2 ;;
esac
