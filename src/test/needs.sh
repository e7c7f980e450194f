#!/usr/bin/env bash
# What the tests need from the system: found, else installed with apt-get where we are root, else told.
set -u
need() { # command package
  command -v "$1" >/dev/null 2>&1 && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "tests need $1: installing $2"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2"; } >/dev/null 2>&1
    command -v "$1" >/dev/null 2>&1 && return 0
  fi
  echo "tests need '$1', which was neither found nor could be installed: install Debian's package '$2'" >&2
  return 1
}
found=0
need chromium chromium || found=1
need curl curl || found=1
need redis-server redis-server || found=1
exit $found
