# A terminal for each test: a tmux of its own on a private socket, with a shell in it. Sourced by tests/tui/*.bats.
: "${PROBE:?is set by tests/run.sh}"

# screen COMMAND...: tmux, ours.
screen() { LC_ALL=C.UTF-8 tmux -u -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@"; }

# screen_open [COLUMNSxROWS]: a shell on a screen of that size (80x24).
screen_open() {
    local size=${1:-80x24}
    screen new-session -d -x "${size%x*}" -y "${size#*x}" \
        env -i HOME="$HOME" PATH="$PATH" TERM=tmux-256color LC_ALL=C.UTF-8 PS1='ready> ' bash --norc --noprofile -i
    screen set-option -g escape-time 0
    screen_shows 'ready>'
}

screen_close() { screen kill-server 2>/dev/null || true; }

# screen_type TEXT: types it, and Enter.
screen_type() { screen send-keys -l "$1" && screen send-keys Enter; }

# screen_keys NAME...: keys by tmux's names. screen_bytes BYTE...: raw bytes in hexadecimal.
screen_keys() { screen send-keys "$@"; }
screen_bytes() { screen send-keys -H "$@"; }

# screen_text: what is on it.
screen_text() { screen capture-pane -p "$@"; }

# until_true COMMAND...: waits until it succeeds, for ten seconds.
until_true() {
    local i
    for ((i = 0; i < 200; i++)); do
        "$@" && return
        sleep 0.05
    done
    return 1
}

has_text() { screen_text | grep -qF -- "$1"; }
lacks_text() { ! has_text "$1"; }

# screen_shows TEXT: waits until it is there. screen_hides TEXT: until it is not.
screen_shows() {
    until_true has_text "$1" && return
    echo "the screen never showed: $1"
    screen_text
    return 1
}
screen_hides() {
    until_true lacks_text "$1" && return
    echo "the screen never hid: $1"
    screen_text
    return 1
}

# screen_record: from here on what programs write to the terminal goes to $recorded too, byte for byte.
screen_record() {
    recorded=$BATS_TEST_TMPDIR/recorded
    screen pipe-pane -o "cat >>'$recorded'"
}

# The modes of the terminal; what they must be when a program has gone.
screen_flags() {
    screen display -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{mouse_button_flag} #{mouse_sgr_flag} #{keypad_cursor_flag}'
}
flags_are() { [ "$(screen_flags)" = "$1" ]; }
screen_is_restored() {
    until_true flags_are '0 1 0 0 0 0' && return
    echo "the terminal was left in the modes $(screen_flags)"
    return 1
}

# screen_signal SIGNAL NAME: to the process of that name on this screen.
screen_process() { pgrep -t "$(screen display -p '#{s|/dev/||:pane_tty}')" -x "$1"; }
screen_signal() { kill -"$1" "$(screen_process "$2")"; }

# is_gone PID: the process has ended.
is_gone() { [ ! -d "/proc/$1" ]; }
