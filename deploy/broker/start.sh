#!/bin/sh
# Makes a password for each user at the first start, then becomes the broker. No password is ever
# the same in two installations; to change one, remove its file and start broker and hub again.
#   start.sh [CONF] [SECRETS] [PASSWORDS]
# SECRETS is the folder that the hub knows as <state_dir>/secrets; PASSWORDS are the broker's hashes.
set -eu
conf=${1:-/mosquitto/config/mosquitto.conf}
secrets=${2:-/secrets}
passwords=${3:-/mosquitto/passwords}
hub=10001 # the hub's user, see deploy/Dockerfile
umask 077
mkdir -p "$secrets"

: >"$passwords"
for user in hub adapters web tap devices; do
    file=$secrets/broker-$user
    [ -s "$file" ] || head -c 32 /dev/urandom | base64 | tr -d '\n' >"$file"
    printf '%s:%s\n' "$user" "$(cat "$file")" >>"$passwords"
done
mosquitto_passwd -U "$passwords"

if [ "$(id -u)" = 0 ]; then
    chown "$hub:$hub" "$secrets" "$secrets"/broker-*
    chown mosquitto "$passwords"
fi
exec mosquitto -c "$conf"
