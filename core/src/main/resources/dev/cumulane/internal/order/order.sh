# What every work order does, in POSIX sh. The facts of the attempt stand above: c_attempt, c_ticket, c_steps and
# their like, and the functions each_input, each_fetched, each_step, each_output, each_value, each_report, each_cache
# and variables, which call what they are given once for each item. Text that came from outside is there as octal escapes and becomes text by decode alone.
# All variables begin with c_, so that none meets one that the commands or the service know.

say() { printf '== %s\n' "$*"; }

now() { date +%s; }

# Puts the text that octal escapes stand for into c_text; the full stop keeps newlines at the end.
decode() {
  c_text=$(printf '%b.' "$1")
  c_text=${c_text%.}
}

# Text that may stand in JSON and in one line of a log, whatever it was before.
safe() { printf '%s' "$1" | tr -c 'A-Za-z0-9 ._/@:+,()=-' '?' | cut -c 1-200; }

# The first thing that goes wrong decides; a caller passes the refusal on by returning 1 itself.
fail() {
  [ "$c_cause" = COMPLETED ] || return 1
  c_cause=$1
  c_detail=$2
  return 1
}

unusable() {
  say "$1" >&2
  exit 64
}

# ---- processes

await() {
  c_code=0
  wait "$!" || c_code=$?
}

descendants() {
  ps -A -o pid= -o ppid= 2>/dev/null | awk -v top="$$" '
    { parent[$1] = $2 }
    END {
      for (one in parent) {
        up = one
        for (hops = 0; hops < 1000 && up != top && (up in parent); hops++) up = parent[up]
        if (up == top && one != top) print one
      }
    }'
}

# A sleep that a signal to us does not wait for.
pause() {
  sleep "$1" &
  await
}

any_alive() { kill -0 "$@" 2>/dev/null; }

# A signal ends the work and everything it started. There is no result then: whoever sent the signal says why.
stopped() {
  trap '' HUP INT TERM
  say "stopped by a signal"
  c_left=$(descendants)
  # shellcheck disable=SC2086  # a list of numbers
  if [ -n "$c_left" ]; then
    kill -TERM $c_left 2>/dev/null
    for c_second in 1 2 3 4 5; do
      any_alive $c_left || break
      sleep 1
    done
    kill -KILL $c_left 2>/dev/null
  fi
  exit 143
}

# ---- the store: get, put, create and read_back, with one case for each kind of address

open_store() {
  case ${CUMULANE_STORE-} in
    file:/*)
      c_store=directory
      c_root=${CUMULANE_STORE#file:}
      ;;
    https://* | http://127.0.0.1:* | http://localhost:*)
      c_store=signed
      if [ -z "$c_ticket" ]; then unusable "this order has no ticket, and so works on a directory alone"; fi
      if ! have curl; then
        say "curl is not on the PATH of this machine" >&2
        exit 69
      fi
      ;;
    *) unusable "CUMULANE_STORE is '$(safe "${CUMULANE_STORE-}")'; it has to be file: and the absolute path of a directory, or the address of ingress" ;;
  esac
}

# get DIGEST FILE: copies an object; whether its bytes are right is the caller's question.
get() {
  case $c_store in
    directory) cp "$c_root/objects/$(head_of "$1")/$1" "$2" 2>/dev/null ;;
    signed) if [ -n "$c_below" ]; then signed "read $c_below$1" "$2"; else signed "get $1" "$2"; fi ;;
  esac
}

# put DIGEST FILE: keeps the object, unless it is there.
put() {
  case $c_store in
    directory) directory_put "$1" "$2" ;;
    signed) signed_put "$1" "$2" ;;
  esac
}

# create KEY FILE: asks for the key to be created, if absent. Success means that it is ours; anything else says nothing: read the key back.
create() {
  case $c_store in
    directory)
      directory_create "$1" "$2"
      return 1
      ;;
    signed) signed_create "$1" "$2" ;;
  esac
}

# read_back KEY FILE: copies what the key holds; fails if there is no such key.
read_back() {
  case $c_store in
    directory) cat "$c_root/keys/$1" >"$2" 2>/dev/null ;;
    signed) signed "read $1" "$2" ;;
  esac
}

head_of() { printf '%.2s' "$1"; }

# Copies FILE to a name of its own in tmp/ and onto the disk; the name is in c_new.
directory_prepare() {
  c_count=$((c_count + 1))
  c_new=$c_root/tmp/$$.${c_token##*.}.$c_count
  if ! mkdir -p "$c_root/tmp" || ! cp "$1" "$c_new"; then
    rm -f "$c_new"
    return 1
  fi
  sync "$c_new" 2>/dev/null || :
}

directory_put() {
  c_to=$c_root/objects/$(head_of "$1")/$1
  if [ -f "$c_to" ]; then return 0; fi
  mkdir -p "${c_to%/*}" && directory_prepare "$2" && mv -f "$c_new" "$c_to" || return 1
  sync "${c_to%/*}" 2>/dev/null || :
}

# A hard link appears whole or not at all. Where the file system has none, noclobber lets one writer in, and a reader
# who comes too early sees a body that is nobody's token.
directory_create() {
  c_to=$c_root/keys/$1
  mkdir -p "${c_to%/*}" && directory_prepare "$2" || return 1
  if ! ln "$c_new" "$c_to" 2>/dev/null && [ ! -e "$c_to" ]; then
    if (
      set -C
      : >"$c_to"
    ) 2>/dev/null && ! cat "$c_new" >>"$c_to" 2>/dev/null; then
      rm -f "$c_to"
    fi
  fi
  rm -f "$c_new"
  sync "${c_to%/*}" 2>/dev/null || :
}

# ---- signed requests: ingress is shown the ticket and signs one request, which curl sends. All secrets go by files.

# call FILE ARGUMENT...: what came back is in the file, and in c_status the status: 000 if there was no whole answer.
call() {
  c_into=$1
  shift
  : >"$c_into"
  curl -q -g -s -S --proto =https,http --connect-timeout 20 --speed-limit 1 --speed-time 120 \
    -o "$c_into" -w '%{http_code}' "$@" </dev/null >"$c_scratch/status" 2>"$c_scratch/complaint" &
  await
  c_status=$(cat "$c_scratch/status")
  if [ "$c_code" != 0 ] || [ "${#c_status}" != 3 ]; then c_status=000; fi
}

# ask WISH: has a request signed; it is in c_scratch/signed then, as curl reads it.
ask() {
  c_refusal=
  printf '%s\n%s\n' "$c_ticket" "$1" >"$c_scratch/wish"
  call "$c_scratch/answer" --data-binary "@$c_scratch/wish" --url "$CUMULANE_STORE"
  case $c_status in
    200)
      if as_curl_reads <"$c_scratch/answer" >"$c_scratch/signed"; then return 0; fi
      c_refusal="ingress answers with what is no request"
      ;;
    40[0-7] | 41?) c_refusal="ingress answers $c_status: $(safe "$(head -n 1 <"$c_scratch/answer")")" ;;
  esac
  return 1
}

# Method and URL, then a header in each line. What could be more than one value for curl is none of ours.
as_curl_reads() {
  IFS=' ' read -r c_method c_line || return 1
  case $c_method:$c_line in
    *[\"\\]*) return 1 ;;
    GET:https://* | GET:http://* | PUT:https://* | PUT:http://*) printf 'url = "%s"\n' "$c_line" ;;
    *) return 1 ;;
  esac
  while IFS= read -r c_line; do
    case $c_line in
      *[\"\\]*) return 1 ;;
      *) printf 'header = "%s"\n' "$c_line" ;;
    esac
  done
}

# signed WISH FILE [ARGUMENT...]: until there is an answer that would stay the same. It is signed anew each time, since what is signed lives for minutes.
signed() {
  c_wish=$1
  c_found=$2
  shift 2
  for c_pause in 1 2 4 8 16 0; do
    if ask "$c_wish"; then call "$c_found" -K "$c_scratch/signed" "$@"; fi
    if [ -n "$c_refusal" ]; then return 1; fi
    case $c_status in
      2??) return 0 ;;
      000 | 408 | 429 | 5??) pause "$c_pause" ;;
      *) return 1 ;;
    esac
  done
  return 1
}

# An object may be there already: another has the same bytes, or an answer of ours was lost. Some stores say so by 409, which in others
# means that two met and the next one will know; Azure says to who may only create that he may not overwrite. Whoever reads it looks at
# its bytes.
signed_put() {
  c_wish="put $1 $(size_of "$2")"
  if [ -n "$c_below" ]; then c_wish="create $c_below$1 $(size_of "$2")"; fi
  for c_twice in 1 2; do
    if signed "$c_wish" "$c_scratch/said" -T "$2"; then return 0; fi
    case $c_refusal:$c_status in
      :412) return 0 ;;
      :403) grep -q -e '<Code>UnauthorizedBlobOverwrite<' -e '<Code>AuthorizationPermissionMismatch<' "$c_scratch/said"; return ;;
      :409) if [ "$c_twice" = 1 ]; then pause 1; fi ;;
      *) return 1 ;;
    esac
  done
  return 0
}

# Once: what the key holds is asked before it is tried again.
signed_create() {
  if ! ask "create $1 $(size_of "$2")"; then return 1; fi
  call "$c_scratch/said" -K "$c_scratch/signed" -T "$2"
  case $c_status in
    2??) return 0 ;;
    *) return 1 ;;
  esac
}

# Why the last request did not succeed, for people.
trouble() {
  if [ "$c_store" != signed ]; then
    printf 'the store takes no key'
  elif [ -n "$c_refusal" ]; then
    printf '%s' "$c_refusal"
  elif [ "$c_status" = 000 ]; then
    safe "$(head -n 1 <"$c_scratch/complaint")"
  else
    printf 'the last answer was %s' "$c_status"
  fi
}

# ---- claim and result

# wrote FILE TEXT: whether the file holds the text now; what a full disk takes only a part of must not become a key.
wrote() {
  printf '%s' "$2" >"$1" 2>/dev/null && [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

unwritten() {
  say "the $1 of attempt $c_attempt cannot be written: the disk takes no more" >&2
  exit 75
}

# Goes on only if this attempt is ours: what the claim holds decides, never what creating it answered.
claim() {
  wrote "$c_scratch/token" "$c_token" || unwritten claim
  for c_again in 1 1 2 4 8; do
    if create "claims/$c_attempt" "$c_scratch/token"; then return 0; fi
    if read_back "claims/$c_attempt" "$c_scratch/holder"; then
      if [ "$(cat "$c_scratch/holder")" = "$c_token" ]; then return 0; fi
      say "attempt $c_attempt is taken by someone else; nothing to do here"
      exit 0
    fi
    if [ -n "$c_refusal" ]; then break; fi
    pause "$c_again"
  done
  say "attempt $c_attempt cannot be claimed: $(trouble)" >&2
  exit 75
}

no_result_yet() {
  if read_back "results/$c_attempt.json" "$c_scratch/earlier"; then
    say "attempt $c_attempt has a result already; nothing to do here"
    exit 0
  fi
}

finish() {
  if [ "$c_cause" != COMPLETED ]; then
    c_artifacts=
    c_handed=
  fi
  c_result=$(
    printf '{"format":1,"attempt":"%s","token":"%s","cause":"%s","detail":"%s"' \
      "$c_attempt" "$c_token" "$c_cause" "$c_detail"
    if [ -n "$c_failed_step" ]; then printf ',"failed":{"step":%s,"exitCode":%s}' "$c_failed_step" "$c_exit_code"; fi
    printf ',"artifacts":[%s],"values":[%s]' "$c_artifacts" "$c_handed"
    if [ -n "$c_reports" ]; then printf ',"reports":%s' "$c_reports"; fi
    printf ',"times":{"startedAt":%s,"finishedAt":%s}}' "$c_started" "$(now)"
  )
  wrote "$c_scratch/result.json" "$c_result" || unwritten result
  for c_again in 1 1 2 4 8; do
    if create "results/$c_attempt.json" "$c_scratch/result.json"; then ended; fi
    if read_back "results/$c_attempt.json" "$c_scratch/kept"; then
      if [ "$(cat "$c_scratch/kept")" = "$(cat "$c_scratch/result.json")" ]; then ended; fi
      say "attempt $c_attempt was given another result meanwhile; this one is dropped"
      exit 0
    fi
    if [ -n "$c_refusal" ]; then break; fi
    pause "$c_again"
  done
  say "the result of attempt $c_attempt cannot be written: $(trouble)" >&2
  exit 75
}

ended() {
  say "ended: $c_cause${c_detail:+, $c_detail}"
  if [ "$c_cause" = COMPLETED ]; then exit 0; fi
  exit 1
}

# ---- tools

have() { command -v "$1" >/dev/null 2>&1; }

find_tools() {
  for c_tool in tar gzip find sort uniq awk sed grep tr cut head wc ls xargs touch chmod od; do
    have "$c_tool" || fail MISSING_TOOL "$c_tool is not on the PATH of this machine" || return 1
  done
  if [ "$c_checkout" = yes ]; then
    have git || fail MISSING_TOOL "git is not on the PATH of this machine" || return 1
  fi
  if have sha256sum; then
    c_sha=sha256sum
  elif have shasum; then
    c_sha=shasum
  elif have openssl; then
    c_sha=openssl
  else
    fail MISSING_TOOL "none of sha256sum, shasum, openssl is on the PATH of this machine" || return 1
  fi
  case $(tar --version 2>/dev/null) in
    *"GNU tar"*) c_tar=gnu ;;
    bsdtar*) c_tar=bsd ;;
    *) c_tar=plain ;;
  esac
}

digest_of() {
  case $c_sha in
    sha256sum) sha256sum <"$1" ;;
    shasum) shasum -a 256 <"$1" ;;
    openssl) openssl dgst -sha256 -r <"$1" ;;
  esac | cut -c 1-64
}

size_of() { wc -c <"$1" | tr -d ' '; }

# ---- the commit

# git without the caller's repository, hooks, helpers of other protocols, questions or processes that stay behind.
plain_git() (
  unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES \
    GIT_COMMON_DIR GIT_NAMESPACE GIT_PREFIX GIT_CEILING_DIRECTORIES
  GIT_ALLOW_PROTOCOL=file:git:http:https:ssh
  GIT_TERMINAL_PROMPT=0
  export GIT_ALLOW_PROTOCOL GIT_TERMINAL_PROMPT
  cd "$c_workspace" || exit 1
  exec git -c core.hooksPath=/dev/null -c protocol.ext.allow=never -c advice.detachedHead=false \
    -c gc.auto=0 -c maintenance.auto=false -c submodule.recurse=false "$@" </dev/null
)

fetch() {
  plain_git fetch --quiet --no-tags --no-recurse-submodules "$@" &
  await
  return "$c_code"
}

check_out() {
  if [ "$c_checkout" != yes ]; then return 0; fi
  decode "$c_repository"
  c_url=$c_text
  decode "$c_ref"
  c_via=$c_text
  say "checking out $c_commit"
  c_format=sha1
  if [ "${#c_commit}" = 64 ]; then c_format=sha256; fi
  plain_git init --quiet --template= --object-format="$c_format" \
    || fail CHECKOUT_FAILED "git cannot make a repository in the workspace" || return 1
  # A server may refuse to give a commit by its id alone: then all that its branches and tags hold is fetched.
  if ! fetch --depth 1 -- "$c_url" "$c_commit"; then
    fetch -- "$c_url" '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*' \
      || fail CHECKOUT_FAILED "the repository cannot be fetched" || return 1
    if plain_git check-ref-format "$c_via" && ! plain_git cat-file -e "$c_commit" 2>/dev/null; then
      fetch -- "$c_url" "+$c_via:refs/cumulane/ref" || :
    fi
  fi
  plain_git cat-file -e "$c_commit^{commit}" 2>/dev/null \
    || fail CHECKOUT_FAILED "the repository has no commit $c_commit" || return 1
  plain_git checkout --quiet --force --detach "$c_commit" &
  await
  # Some forges tell an annotated tag by the id of the tag itself, which names its commit as exactly.
  if [ "$c_code" != 0 ] || [ "$(plain_git rev-parse --verify HEAD)" != "$(plain_git rev-parse --verify "$c_commit^{commit}")" ]; then
    fail CHECKOUT_FAILED "commit $c_commit cannot be checked out" || return 1
  fi
}

# ---- inputs

# fetch_input STAGE NAME DIGEST SIZE PATH INTO: nothing is unpacked here; that waits until all inputs are known to be good.
fetch_input() {
  c_input=$c_scratch/input/$1.$2
  c_what="input $2 of stage $1"
  say "fetching $c_what"
  get "$3" "$c_input" || not_got "$c_what" || return 1
  if [ "$(size_of "$c_input")" != "$4" ] || [ "$(digest_of "$c_input")" != "$3" ]; then
    fail INPUT_CORRUPT "$c_what does not have the bytes that its digest names" || return 1
  fi
  check_listing "$c_input" || fail INPUT_CORRUPT "$c_what is refused: $c_reason" || return 1
}

# not_got WHAT: what is not there will not come; what could not be asked for may be there.
not_got() {
  if [ "$c_store" = signed ] && [ "$c_status" != 404 ]; then
    fail INTERNAL "$1 cannot be fetched: $(trouble)" || return 1
  fi
  fail INPUT_CORRUPT "$1 is not in the store" || return 1
}

# fetch_variable NAME DIGEST SIZE: a value of an earlier stage that is too large to stand here.
fetch_variable() {
  get "$2" "$c_scratch/fetched/$1" || not_got "the value of $1" || return 1
  if [ "$(size_of "$c_scratch/fetched/$1")" != "$3" ] || [ "$(digest_of "$c_scratch/fetched/$1")" != "$2" ]; then
    fail INPUT_CORRUPT "the value of $1 does not have the bytes that its digest names" || return 1
  fi
}

refused() {
  c_reason=$1
  return 1
}

# Reads an archive's list of contents. GNU tar shows bytes above 127 as octal escapes and any other odd byte with a
# backslash; a tar that mends a name instead of showing it says so on its standard error.
check_listing() {
  c_bytes=$(gzip -dc <"$1" 2>/dev/null | head -c "$((c_most_bytes + c_most_entries * 512 + 10241))" | wc -c)
  if [ "$c_bytes" -gt "$((c_most_bytes + c_most_entries * 512 + 10240))" ]; then
    refused "it holds more than $c_most_bytes bytes" || return 1
  fi
  # Some tar commands would read other formats as well.
  if ! gzip -t <"$1" 2>/dev/null; then refused "it is not one gzip file" || return 1; fi
  if ! tar -tzf "$1" >"$c_scratch/names" 2>"$c_scratch/warnings" \
    || ! tar -tvzf "$1" >"$c_scratch/long" 2>>"$c_scratch/warnings"; then
    refused "it is no readable archive" || return 1
  fi
  if [ -s "$c_scratch/warnings" ]; then refused "it has names that are not relative, or a damaged end" || return 1; fi
  if cut -c 1 "$c_scratch/long" | grep -q '[^-d]' || grep -q -e ' -> ' -e ' link to ' "$c_scratch/long"; then
    refused "it holds something that is neither a file nor a directory" || return 1
  fi
  sed 's/\\[23][0-7][0-7]/?/g' "$c_scratch/names" >"$c_scratch/plain"
  check_names "$c_scratch/plain"
}

# check_names FILE: one relative name a line.
check_names() {
  if [ "$(wc -l <"$1")" -gt "$c_most_entries" ]; then refused "it has more than $c_most_entries names" || return 1; fi
  if grep -q -e '[[:cntrl:]]' -e '[\\]' "$1"; then refused "it has names with control characters or backslashes" || return 1; fi
  # In tar's long list these stand before what a link leads to, and a hard link may look like a file otherwise.
  if grep -q -e ' -> ' -e ' link to ' "$1"; then refused "it has names that look like links" || return 1; fi
  if grep -q -e '^/' -e '^\.\.$' -e '^\.\./' -e '/\.\./' -e '/\.\.$' "$1"; then
    refused "it has names that lead out of the workspace" || return 1
  fi
  if grep -q -i -e '^\.git$' -e '^\.git/' -e '^\./\.git' "$1"; then refused "it has names in .git" || return 1; fi
  if awk -F/ 'length($0) > 1024 || NF > 33 { found = 1 } END { exit !found }' "$1"; then
    refused "it has names of more than 1024 bytes or 32 levels" || return 1
  fi
  if [ -n "$(sed 's|/$||' "$1" | tr 'A-Z' 'a-z' | sort | uniq -d | head -n 1)" ]; then
    refused "it has names that differ in upper and lower case alone" || return 1
  fi
}

# unpack_input STAGE NAME DIGEST SIZE PATH INTO: into a new directory, looked at once more there, then moved to its place.
unpack_input() {
  c_input=$c_scratch/input/$1.$2
  c_what="input $2 of stage $1"
  mkdir "$c_input.files" || return 1
  (cd "$c_input.files" && exec tar -xzmof "$c_input") &
  await
  if [ "$c_code" != 0 ]; then fail INPUT_CORRUPT "$c_what cannot be unpacked" || return 1; fi
  if [ -n "$(cd "$c_input.files" && odd_files .)" ]; then
    fail INPUT_CORRUPT "$c_what is refused: it holds something that is neither a file nor a directory" || return 1
  fi
  decode "$5"
  holds_only "$c_input.files" "$c_text" \
    || fail INPUT_CORRUPT "$c_what is refused: it is not $(safe "$c_text") alone" || return 1
  if [ -n "$6" ]; then
    mkdir -p "$c_input.tree/${6%/*}" && mv "$c_input.files" "$c_input.tree/$6" && mv "$c_input.tree" "$c_input.files" || return 1
  fi
  merge "$c_input.files" "$c_workspace" \
    || fail INPUT_CORRUPT "$c_what cannot be put in its place: something else is there" || return 1
  rm -rf "$c_input" "$c_input.files"
  say "unpacked $c_what"
}

# One of the files below a directory that no archive may hold, if there is one.
odd_files() {
  find "$1" \( ! -type f ! -type d \) -o \( -type f -links +1 \) -o \( -type f -perm -4000 \) -o \( -type f -perm -2000 \) \
    -o -name '*[[:cntrl:]]*' -o -name '*\\*' | head -n 1
}

# holds_only DIRECTORY PATH: whether each directory on the way to the path has one entry, and the path is there.
holds_only() {
  c_seen=$1
  c_rest=$2/
  while [ -n "$c_rest" ]; do
    if [ "$(ls -A "$c_seen")" != "${c_rest%%/*}" ]; then return 1; fi
    c_seen=$c_seen/${c_rest%%/*}
    c_rest=${c_rest#*/}
  done
}

# merge FROM INTO: never through a symbolic link that the commit brought.
merge() (
  for c_from in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ ! -e "$c_from" ]; then continue; fi
    c_into=$2/${c_from##*/}
    if [ -L "$c_into" ]; then
      exit 1
    elif [ ! -e "$c_into" ] || { [ -f "$c_from" ] && [ -f "$c_into" ]; }; then
      mv -f "$c_from" "$c_into" || exit 1
    elif [ -d "$c_from" ] && [ -d "$c_into" ]; then
      merge "$c_from" "$c_into" || exit 1
    else
      exit 1
    fi
  done
)

# ---- steps

set_variable() {
  decode "$2"
  export "$1=$c_text"
}

# set_fetched NAME DIGEST SIZE
set_fetched() {
  c_text=$(cat "$c_scratch/fetched/$1" && printf .)
  export "$1=${c_text%.}"
}

# What the commands see: the service's environment, the standard variables and those of the pipeline, nothing of ours.
commands_environment() {
  unset LC_ALL CUMULANE_TOKEN CUMULANE_STORE CUMULANE_SERVICE_ID GIT_ASKPASS SSH_ASKPASS
  if [ -n "$c_lc_all" ]; then export LC_ALL="$c_lc_all"; fi
  variables
  each_fetched set_fetched
  export CUMULANE_VALUES="$c_values"
}

# run_step NUMBER COMMAND SHOWN
run_step() {
  decode "$3"
  say "step $1 of $c_steps: $c_text"
  c_begun=$(now)
  decode "$2"
  c_command=$c_text
  (
    commands_environment
    cd "$c_workspace" && exec sh -ec -- "$c_command"
  ) </dev/null &
  await
  say "step $1 of $c_steps ended with exit code $c_code after $(($(now) - c_begun)) s"
  if [ "$c_code" != 0 ]; then
    c_failed_step=$1
    c_exit_code=$c_code
    fail COMMAND_FAILED "step $1 of $c_steps ended with exit code $c_code" || return 1
  fi
}

# ---- outputs and reports

through_link() {
  c_rest=$1/
  c_seen=$c_workspace
  while [ -n "$c_rest" ]; do
    c_seen=$c_seen/${c_rest%%/*}
    c_rest=${c_rest#*/}
    if [ -L "$c_seen" ]; then return 0; fi
  done
  return 1
}

look_for_output() {
  decode "$2"
  if [ ! -e "$c_workspace/$c_text" ] && [ ! -L "$c_workspace/$c_text" ]; then
    c_missing="$c_missing${c_missing:+, }$1 ($(safe "$c_text"))"
  fi
}

# pack_output NAME PATH
pack_output() {
  decode "$2"
  c_what="output $1"
  list_files "$c_text" || return 1
  pack "$c_scratch/list" "$c_scratch/packed" || return 1
  c_artifacts="$c_artifacts${c_artifacts:+,}{\"name\":\"$1\",\"digest\":\"$c_digest\",\"size\":$c_size}"
  say "packed $c_what: $c_size bytes, sha-256 $c_digest"
}

# list_files PATH: what an archive of this file or directory holds, in the list.
list_files() {
  c_path=$1
  if through_link "$c_path"; then fail OUTPUT_REFUSED "$c_what is refused: $(safe "$c_path") is or goes through a link" || return 1; fi
  c_odd=$(cd "$c_workspace" && find "./$c_path" \( ! -type f ! -type d \) -o -name '*[[:cntrl:]]*' -o -name '*\\*' | head -n 1)
  if [ -n "$c_odd" ]; then
    fail OUTPUT_REFUSED "$c_what is refused: $(safe "$c_odd") is a link, a special file or has characters that no name may have" || return 1
  fi
  (
    cd "$c_workspace" || exit 1
    find "./$c_path" -type d | sed 's|^\./||' >"$c_scratch/directories"
    find "./$c_path" -type f | sed 's|^\./||' >"$c_scratch/files"
  )
  # A directory is listed only if nothing else in the list makes it.
  awk '{ name = $0; while (sub(/\/[^\/]*$/, "", name)) holds[name] = 1; all[NR] = $0; directory[NR] = (FILENAME == first) }
    END { for (i = 1; i <= NR; i++) if (!directory[i] || !(all[i] in holds)) print all[i] }' \
    first="$c_scratch/directories" "$c_scratch/directories" "$c_scratch/files" | sort >"$c_scratch/list"
}

# pack LIST ARCHIVE: the files of the list as an archive in the store; its digest and size are in c_digest and c_size.
pack() {
  check_names "$1" || fail OUTPUT_REFUSED "$c_what is refused: $c_reason" || return 1
  if ! (
    cd "$c_workspace" || exit 1
    tr '\n' '\0' <"$1" | xargs -0 ls -lnd -- | awk -v most="$c_most_bytes" '{ sum += $5 } END { exit !(sum <= most) }'
  ); then
    fail OUTPUT_REFUSED "$c_what is refused: it holds more than $c_most_bytes bytes" || return 1
  fi
  rm -f "$2" "$2.broken"
  (
    cd "$c_workspace" || exit 1
    { "archive_$c_tar" "$1" || : >"$2.broken"; } | gzip -n -c >"$2" || : >"$2.broken"
  ) </dev/null &
  await
  if [ "$c_code" != 0 ] || [ -e "$2.broken" ]; then fail INTERNAL "$c_what cannot be packed" || return 1; fi
  c_digest=$(digest_of "$2")
  c_size=$(size_of "$2")
  put "$c_digest" "$2" || fail INTERNAL "$c_what cannot be stored" || return 1
}

# Equal files give equal bytes: sorted names, one time, one owner, two modes, no hard links.
archive_gnu() {
  tar -c -f - --format=gnu --no-recursion --mtime=@946684800 --owner=0 --group=0 --numeric-owner \
    --mode=a+rX,u+w,go-w,a-st --hard-dereference -T "$1"
}

archive_bsd() {
  level_files "$1"
  COPYFILE_DISABLE=1 tar -c -f - --format=gnutar --uid 0 --gid 0 --uname '' --gname '' -n -T "$1"
}

# A tar without -T takes the names as arguments, all at once or not at all.
archive_plain() {
  level_files "$1"
  tr '\n' '\0' <"$1" | xargs -0 -x -n 1000000 -s 1000000 tar -c -f - --
}

level_files() {
  sed 's|^|./|' "$1" | tr '\n' '\0' | xargs -0 sh -c 'find "$@" -prune -type f -links +1' find | while IFS= read -r c_one; do
    cp -p "$c_one" "$c_scratch/single" && mv -f "$c_scratch/single" "$c_one"
  done
  tr '\n' '\0' <"$1" | xargs -0 chmod a+rX,u+w,go-w,a-st --
  tr '\n' '\0' <"$1" | TZ=UTC0 xargs -0 touch -t 200001010000.00 --
}

# match_report REGEX: a glob pattern of the stage, as an extended regular expression.
match_report() {
  decode "$1"
  grep -E -e "$c_text" "$c_scratch/all" >>"$c_scratch/matched" || :
}

# The files of the workspace that a pattern may name.
workspace_files() {
  (
    cd "$c_workspace" || exit 1
    find . \( -path ./.git -o -name '*[[:cntrl:]]*' -o -name '*\\*' \) -prune -o -type f -print
  ) | sed 's|^\./||' | grep -v '^-'
}

# A worker that can mask secrets names a script for sh that does so in every file of a directory. It sees numbers for names, which any program can read.
mask_reports() {
  if [ -z "${CUMULANE_MASK-}" ]; then return 0; fi
  c_plain=$c_scratch/plain
  rm -rf "$c_plain"
  mkdir "$c_plain" || return 1
  c_nth=0
  while IFS= read -r c_one; do
    c_nth=$((c_nth + 1))
    cat <"$c_workspace/$c_one" >"$c_plain/$c_nth" || return 1
  done <"$c_scratch/list"
  sh "$CUMULANE_MASK" "$c_plain" </dev/null || return 1
  c_nth=0
  while IFS= read -r c_one; do
    c_nth=$((c_nth + 1))
    rm -f "$c_workspace/$c_one" && cat <"$c_plain/$c_nth" >"$c_workspace/$c_one" || return 1
  done <"$c_scratch/list"
  rm -rf "$c_plain"
}

# Reports are those files that are there: none is fine, and so is a failed step before.
pack_reports() {
  c_what="the set of reports"
  workspace_files >"$c_scratch/all"
  : >"$c_scratch/matched"
  each_report match_report
  sort -u "$c_scratch/matched" >"$c_scratch/list"
  if [ ! -s "$c_scratch/list" ]; then return 0; fi
  mask_reports || fail INTERNAL "$c_what cannot be masked" || return 1
  pack "$c_scratch/list" "$c_scratch/packed" || return 1
  c_reports="{\"digest\":\"$c_digest\",\"size\":$c_size}"
  say "packed $(wc -l <"$c_scratch/list" | tr -d ' ') report files"
}

look_for_value() {
  if [ ! -e "$c_values/$1" ] && [ ! -L "$c_values/$1" ]; then
    c_missing="$c_missing${c_missing:+, }value $1"
  fi
}

# look_for_secret NAME: whether the value about to be kept holds the secret in that variable, as it is. Shorter ones stand in every text.
look_for_secret() {
  eval "c_secret=\${$1-}"
  if [ "${#c_secret}" -ge 4 ]; then
    case $(tr -d '\000' <"$c_scratch/value") in
      *"$c_secret"*) c_telling=$1 ;;
    esac
  fi
}

# keep_value NAME: what it is the engine finds out; here it is bytes, as digits in the result or as an object of the store.
keep_value() {
  c_what="value $1"
  if [ -L "$c_values" ] || [ -L "$c_values/$1" ] || [ ! -f "$c_values/$1" ]; then
    fail OUTPUT_REFUSED "$c_what is refused: it is no ordinary file" || return 1
  fi
  head -c "$((c_largest_value + 2))" <"$c_values/$1" >"$c_scratch/value" \
    || fail OUTPUT_REFUSED "$c_what is refused: it cannot be read" || return 1
  c_size=$(size_of "$c_scratch/value")
  if [ "$c_size" -gt "$((c_largest_value + 1))" ]; then
    fail OUTPUT_REFUSED "$c_what has more than $c_largest_value bytes" || return 1
  fi
  c_telling=
  each_secret look_for_secret
  if [ -n "$c_telling" ]; then
    fail OUTPUT_REFUSED "$c_what holds the secret $c_telling, and values are recorded for all to read" || return 1
  fi
  if [ "$c_size" -gt "$c_inline_value" ]; then
    c_digest=$(digest_of "$c_scratch/value")
    put "$c_digest" "$c_scratch/value" || fail INTERNAL "$c_what cannot be stored" || return 1
    c_one="\"digest\":\"$c_digest\""
  else
    c_one="\"hex\":\"$(od -A n -v -t x1 <"$c_scratch/value" | tr -d ' \n')\""
  fi
  c_handed="$c_handed${c_handed:+,}{\"name\":\"$1\",$c_one}"
  say "kept $c_what: $c_size bytes"
}

# ---- caches: a convenience, so whatever goes wrong with one only makes it absent

# restore_cache NAME PATH SALT KEYS: its key is the digest of the key files; that is kept for later, if nothing was found.
restore_cache() {
  : >"$c_scratch/matched"
  workspace_files >"$c_scratch/all"
  "key_files_of_$(printf '%s' "$1" | tr - _)" match_report
  if [ ! -s "$c_scratch/matched" ]; then
    say "cache $1: not used, no file of its key is there"
    return 0
  fi
  {
    printf '%s\n' "$3"
    sort -u "$c_scratch/matched" | while IFS= read -r c_one; do
      printf '%s %s\n' "$(digest_of "$c_workspace/$c_one")" "$c_one"
    done
  } >"$c_scratch/key"
  c_key=$(digest_of "$c_scratch/key")
  decode "$2"
  if [ -e "$c_workspace/$c_text" ] || through_link "$c_text"; then
    say "cache $1: not used, something is at its place already"
    return 0
  fi
  for c_from in $4; do
    if unpack_cache "$1" "$c_from$c_key"; then return 0; fi
  done
  printf '%s' "${4%% *}$c_key" >"$c_scratch/cache/$1"
}

# unpack_cache NAME KEY: into a new directory, as inputs, and only if its bytes are those that were kept.
unpack_cache() {
  if ! read_back "$2" "$c_scratch/cache/found"; then return 1; fi
  c_reason="its entry is damaged"
  c_entry=$(head -c 200 "$c_scratch/cache/found" | tr '\0' '?')
  case $c_entry in *[!0-9a-f\ ]*) c_entry= ;; esac
  c_input=$c_scratch/cache/$1.archive
  rm -rf "$c_input" "$c_input.files"
  if printf '%s\n' "$c_entry" | grep -q -x '[0-9a-f]\{64\} [0-9]\{1,12\}' \
    && get_below "${2%/*}/" "${c_entry% *}" "$c_input" && [ "$(size_of "$c_input")" = "${c_entry#* }" ] \
    && [ "$(digest_of "$c_input")" = "${c_entry% *}" ] && check_listing "$c_input" && mkdir "$c_input.files"; then
    (cd "$c_input.files" && exec tar -xzmof "$c_input") &
    await
    c_reason="it cannot be put in its place"
    if [ "$c_code" = 0 ] && [ -z "$(cd "$c_input.files" && odd_files .)" ] \
      && holds_only "$c_input.files" "$c_text" && merge "$c_input.files" "$c_workspace"; then
      rm -rf "$c_input" "$c_input.files"
      say "cache $1: restored, ${c_entry#* } bytes"
      return 0
    fi
  fi
  rm -rf "$c_input" "$c_input.files"
  say "cache $1: not usable: $c_reason"
  return 1
}

# get_below PREFIX DIGEST FILE: where requests are signed, what is cached lies below its keys, since a ticket names no other place.
get_below() {
  c_below=$1
  if get "$2" "$3"; then
    c_below=
    return 0
  fi
  c_below=
  return 1
}

# keep_cache NAME PATH SALT KEYS: in a subshell, so that a refusal is not the stage's.
keep_cache() {
  if [ ! -f "$c_scratch/cache/$1" ]; then return 0; fi
  c_key=$(cat "$c_scratch/cache/$1")
  if read_back "$c_key" "$c_scratch/cache/found"; then return 0; fi
  decode "$2"
  if [ ! -e "$c_workspace/$c_text" ]; then
    say "cache $1: not kept, nothing is at its place"
    return 0
  fi
  (
    c_what="cache $1"
    c_below=${c_key%/*}/
    if list_files "$c_text" && pack "$c_scratch/list" "$c_scratch/packed"; then
      printf '%s %s' "$c_digest" "$c_size" >"$c_scratch/cache/entry"
      create "$c_key" "$c_scratch/cache/entry" || :
      say "cache $1: kept, $c_size bytes"
    else
      say "cache $1: not kept: $c_detail"
    fi
  )
}

pack_outputs() {
  c_missing=
  each_output look_for_output
  each_value look_for_value
  if [ -n "$c_missing" ]; then fail OUTPUT_MISSING "not written: $(safe "$c_missing")" || return 1; fi
  each_output pack_output || return 1
  each_value keep_value
}

# ---- the whole

begin() {
  open_store
  c_token=${CUMULANE_TOKEN-}
  case $c_token in
    '' | *[!A-Za-z0-9:._-]*) unusable "CUMULANE_TOKEN has to be letters, digits, colons, full stops, underscores, hyphens" ;;
  esac
  if [ "${#c_token}" -gt 200 ]; then unusable "CUMULANE_TOKEN is longer than 200 characters"; fi
  c_home=$(pwd)
  c_scratch=$c_home/order
  c_workspace=$c_home/workspace
  c_values=$c_home/values
  mkdir -m 700 "$c_scratch" 2>/dev/null && mkdir "$c_scratch/input" "$c_scratch/fetched" "$c_scratch/cache" "$c_workspace" "$c_values" 2>/dev/null \
    || unusable "a work order runs in an empty directory, and $(safe "$c_home") cannot be written or holds one already"
  c_started=$(now)
  c_cause=COMPLETED
  c_detail=
  c_failed_step=
  c_exit_code=
  c_artifacts=
  c_handed=
  c_reports=
  c_count=0
  c_below=
  c_refusal=
}

main() {
  c_lc_all=${LC_ALL-}
  export LC_ALL=C
  trap stopped HUP INT TERM
  begin
  claim
  no_result_yet
  if find_tools && each_input fetch_input && each_fetched fetch_variable && check_out && each_input unpack_input; then
    each_cache restore_cache
    if each_step run_step; then pack_outputs || :; fi
    pack_reports || :
    if [ "$c_cause" = COMPLETED ]; then each_cache keep_cache; fi
  fi
  finish
}
