#!/usr/bin/env bash
# All of Parus's own set-up on Debian 12. Installs only what is missing.
#
#   tools/setup.sh packages ROLE…   Debian packages of tools/packages.txt with these roles
#   tools/setup.sh ort [FOLDER]     ONNX Runtime's library, default the user's cache folder
#   tools/setup.sh list ROLE…       only say which packages those are
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

ORT_VERSION=1.30.0
# sha256 of the library by where it came from and processor: the two publishers
# build it with different options.
declare -A ORT_SHA256=(
  [npm-x64]=ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23
  [npm-arm64]=1f549d46250b005580b597f4164984aaf75b3bcb9f3aeb07c7f8a8fe60b23c76
  [pypi-x64]=c902c70b3003c0e99fada202f37478c515ae9bba7944c2b2abd0017bae0c82ed
)

say() { echo "setup: $*" >&2; }
die() { say "$*"; exit 1; }

# list prints name and version pattern of the packages with one of the roles.
list() {
  awk -v roles=" $* " '!/^[ \t]*(#|$)/ { n = split($3, of, ","); for (i = 1; i <= n; i++) if (index(roles, " " of[i] " ")) { print $1, $2; next } }' "$here/packages.txt"
}

packages() {
  local name version missing=()
  command -v dpkg-query >/dev/null || die "this is no Debian: install the counterparts of tools/packages.txt by hand, then run make build"
  while read -r name version; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ]; then
      local have; have=$(dpkg-query -W -f '${Version}' "$name")
      # shellcheck disable=SC2254
      case $have in $version) ;; *) say "$name $have is installed, tested with $version" ;; esac
    elif [ "$version" = '*' ]; then
      missing+=("$name")
    else
      missing+=("$name=$version")
    fi
  done < <(list "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  local root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "as root, run: apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${root[@]}" apt-get update -q >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

# right FILE WAY… checks the file against the pinned sums.
right() {
  local file=$1 sum; shift
  [ -f "$file" ] || return 1
  sum=$(sha256sum "$file" | cut -d' ' -f1)
  for way; do [ "$sum" = "${ORT_SHA256[$way]:-none}" ] && return 0; done
  return 1
}

ort() {
  local folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/parus} cpu
  local lib=$folder/libonnxruntime.so.1
  case $(uname -m) in
    x86_64) cpu=x64 ;;
    aarch64) cpu=arm64 ;;
    *) say "no ONNX Runtime library is known for $(uname -m): Parus runs in pure Go"; return 0 ;;
  esac
  right "$lib" "npm-$cpu" "pypi-$cpu" && return 0
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$folder"
  say "fetching ONNX Runtime $ORT_VERSION"
  local got='' way=npm-$cpu
  if command -v npm >/dev/null && npm install --silent --ignore-scripts --no-audit --no-fund --no-save --prefix "$work" "onnxruntime-node@$ORT_VERSION" >&2; then
    got=$(find "$work/node_modules/onnxruntime-node" -path "*/linux/$cpu/libonnxruntime.so.1" | head -n 1)
  elif [ "$cpu" = x64 ] && python3 -m pip --version >/dev/null 2>&1; then
    say "npm could not; trying PyPI"
    way=pypi-$cpu
    python3 -m pip download -q --no-deps --only-binary=:all: --python-version 3.12 --platform manylinux_2_28_x86_64 \
      -d "$work" "onnxruntime==$ORT_VERSION" >&2 || die "neither npm nor PyPI gave ONNX Runtime"
    python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])' "$work"/*.whl "$work/wheel"
    got=$work/wheel/onnxruntime/capi/libonnxruntime.so.$ORT_VERSION
  fi
  [ -n "$got" ] || die "ONNX Runtime could not be fetched with npm (nor pip). PARUS_NO_ORT=1 goes on without it: the season then runs in pure Go"
  right "$got" "$way" || die "the library fetched has another sha256 than the one pinned in tools/setup.sh: not installed"
  cp "$got" "$lib.part.$$"
  mv -f "$lib.part.$$" "$lib"
  say "ONNX Runtime lies in $lib"
}

case ${1:-} in
  packages) shift; packages "$@" ;;
  list) shift; list "$@" ;;
  ort) shift; [ -n "${PARUS_NO_ORT:-}" ] || ort "$@" ;;
  *) sed -n '2,6p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
