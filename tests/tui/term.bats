#!/usr/bin/env bats
# What tui/term does to a real terminal, and what it gives back.

load helper

setup() { screen_open; }
teardown() { screen_close; }

# probe [VARIABLE=VALUE...]: starts it, on tmux's own terminal unless told otherwise.
probe() { screen_type "env $* $PROBE; echo ended \$?"; }

@test "the terminal is as it was after quitting" {
    probe
    screen_shows 'probe 80x24 depth=256 marker=braille'
    flags_are '1 0 1 1 1 1'
    screen_keys q
    screen_shows 'ended 0'
    screen_is_restored
    has_text 'ready>'
    lacks_text 'probe 80x24'
}

@test "the terminal is as it was after SIGTERM, SIGHUP and Ctrl-C" {
    local signal
    for signal in TERM HUP INT; do
        probe
        screen_shows 'probe 80x24'
        screen_signal "$signal" probe
        screen_shows 'ended 1'
        screen_is_restored
        screen_type clear
        screen_hides 'ended 1'
    done
    probe
    screen_shows 'probe 80x24'
    screen_keys C-c
    screen_shows 'ended 130'
    screen_is_restored
}

@test "the terminal is as it was after a crash, and what was said is there" {
    local signal
    probe
    screen_shows 'probe 80x24'
    screen_keys A
    screen_shows 'asked to'
    screen_shows 'ended 134'
    screen_is_restored
    for signal in SEGV BUS FPE ILL QUIT; do
        screen_type clear
        screen_hides 'ended'
        probe
        screen_shows 'probe 80x24'
        screen_signal "$signal" probe
        screen_shows 'ended 1'
        screen_is_restored
    done
    screen_type 'stty -a'
    screen_shows ' icanon'
    screen_shows ' echo '
}

@test "stderr is kept while the screen is taken, and printed after it" {
    probe
    screen_shows 'probe 80x24'
    screen_keys e
    screen_shows '[e]'
    lacks_text 'a complaint'
    screen_keys l
    screen_shows 'of two lines'
    screen_keys l
    screen_shows 'nothing was said'
    screen_keys q
    screen_shows 'ended 0'
    screen_text | grep -B1 -A1 '^of two lines' | grep -qx 'a complaint'
}

# probe_says TEXT VARIABLE=VALUE...: its first line, in an environment.
probe_says() {
    local text=$1
    shift
    screen_type clear
    screen_hides 'probe '
    probe "$@"
    screen_shows "$text"
    screen_keys q
    screen_shows 'ended 0'
    screen_is_restored
}

@test "every kind of terminal gets what it can show" {
    probe_says 'depth=256 marker=braille' TERM=xterm-256color
    probe_says 'depth=256 marker=braille' TERM=screen-256color
    probe_says 'depth=8 marker=braille' TERM=screen
    probe_says 'depth=8 marker=half' TERM=linux
    probe_says 'depth=mono marker=braille' TERM=vt100
    probe_says 'depth=256 marker=braille' TERM=xterm-of-the-future
    probe_says 'depth=mono marker=braille' NO_COLOR=1
    probe_says 'depth=256 marker=braille' NO_COLOR=
    probe_says 'depth=8 marker=braille' DEPTH=2
    probe_says 'depth=256 marker=braille' NO_COLOR=1 DEPTH=3
}

# The entry of ncurses-term, which need not be installed.
make_xterm_direct() {
    local rgb='%p1%{65536}%/%d\:%p1%{256}%/%{255}%&%d\:%p1%{255}%&%d'
    printf '%s\n' 'xterm-direct|xterm with true colour,' \
        "	RGB, colors#0x1000000, pairs#0x7fff, setab=\\E[%?%p1%{8}%<%t4%p1%d%e48\\:2\\:\\:$rgb%;m," \
        "	setaf=\\E[%?%p1%{8}%<%t3%p1%d%e38\\:2\\:\\:$rgb%;m, use=xterm-256color," >"$HOME/xterm-direct.ti"
    tic -x -o "$HOME/.terminfo" "$HOME/xterm-direct.ti"
}

@test "true colour is used where terminfo knows how" {
    make_xterm_direct
    probe TERM=xterm-256color COLORTERM=truecolor
    screen_shows 'depth=true marker=braille'
    screen_text -e | sed -n 2p | grep -q '38;2;230;159;0m' # the first series, to the bit
    screen_keys q
    screen_shows 'ended 0'
    screen_type clear
    probe_says 'depth=mono' TERM=xterm-256color COLORTERM=truecolor NO_COLOR=1
    probe_says 'depth=256' TERM=xterm-256color COLORTERM=truecolor DEPTH=3
}

@test "colours and grounds arrive" {
    probe
    screen_shows 'selected 東'
    screen_text -e | sed -n 2p | grep -q '38;5;214m.*⣿.*38;5;74m⣿'
    screen_text -e | sed -n 2p | grep -q '48;5;[0-9]*mselected 東'
    screen_text | sed -n 24p | grep -q 'last$' # the corner, where a terminal may scroll
}

@test "the locale decides on the characters" {
    probe_says 'depth=256 marker=ascii' LC_ALL=C
    probe_says 'depth=256 marker=braille' LC_ALL=C.UTF-8
    probe_says 'depth=256 marker=braille' LC_ALL=xx_YY.UTF-8
    probe_says 'depth=256 marker=braille' LC_ALL= LC_CTYPE= LANG=xx_YY.utf8
    probe_says 'depth=256 marker=ascii' LC_ALL= LC_CTYPE= LANG=
    probe LC_ALL=C
    screen_shows 'selected'
    screen_text | sed -n 2p | grep -q '^???????? *selected ?'
}

@test "a terminal that cannot draw is refused" {
    probe TERM=dumb
    screen_shows 'a terminal of TERM=dumb cannot place a cursor'
    screen_shows 'hint: set TERM to what the terminal is like'
    screen_shows 'ended 2'
    probe TERM=nonesuch
    screen_shows 'TERM=nonesuch is in no terminfo here'
    probe -u TERM
    screen_shows 'TERM is not set'
    screen_type clear
    screen_hides 'ended 2'
    screen_type "$PROBE </dev/null; echo ended \$?"
    screen_shows 'stdin or stdout is no terminal'
    screen_shows 'ended 2'
    screen_type clear
    screen_hides 'ended 2'
    screen_type "$PROBE | cat"
    screen_shows 'stdin or stdout is no terminal'
    screen_is_restored
}

@test "keys have their names" {
    local key
    probe TERM=xterm-256color
    screen_shows 'probe 80x24'
    for key in a:[a] Escape:[Esc] Tab:[Tab] BTab:[S-Tab] Enter:[Enter] BSpace:[Backspace] Up:[Up] Left:[Left] Home:[Home] \
        End:[End] PPage:[PgUp] NPage:[PgDn] DC:[Del] IC:[Ins] F1:[F1] F5:[F5] F12:[F12] C-d:[C-d] M-m:[M-m] Space:[Space] \
        S-Up:[S-Up] C-Right:[C-Right] M-Down:[M-Down] C-Home:[C-Home] C-S-Left:[C-S-Left] S-F1:[S-F1] é:[é] €:[€]; do
        screen_keys "${key%%:*}"
        screen_shows "${key#*:}"
    done
    screen_bytes 0 # Ctrl-Space
    screen_shows '[C-Space]'
    screen_bytes 1b 5b 39 39 3b 39 7e 78 # no key of ours, then x
    screen_shows '[x]'
    lacks_text '[9]'
    lacks_text '[M-['
}

@test "the mouse is read in every terminal that sends SGR reports" {
    local type
    for type in xterm-256color tmux-256color screen; do
        probe TERM=$type
        screen_shows 'probe 80x24'
        screen_bytes 1b 5b 3c 30 3b 31 31 3b 36 4d
        screen_shows '[Click 10,5]'
        screen_bytes 1b 5b 3c 33 32 3b 33 30 30 3b 37 4d # beyond column 223
        screen_shows '[Drag 299,6]'
        screen_bytes 1b 5b 3c 30 3b 31 33 3b 37 6d
        screen_shows '[Release 12,6]'
        screen_bytes 1b 5b 3c 36 34 3b 31 3b 31 4d 1b 5b 3c 36 35 3b 31 3b 31 4d
        screen_shows '[Wheel-Up 0,0]'
        screen_shows '[Wheel-Down 0,0]'
        screen_bytes 1b 5b 3c 31 36 3b 31 3b 31 4d
        screen_shows '[C-Click 0,0]'
        screen_bytes 1b 5b 3c 78 # rubbish
        screen_keys k
        screen_shows '[k]'
        screen_keys m
        until_true flags_are '1 0 0 0 0 1'
        screen_keys q
        screen_shows 'ended 0'
        screen_is_restored
        screen_type clear
        screen_hides 'ended 0'
    done
}

@test "pasted text comes as one, harmless" {
    probe
    screen_shows 'probe 80x24'
    screen set-buffer "$(printf 'one\ntwo\tq \001end')"
    screen paste-buffer -p
    screen_shows '[Paste]one two q end'
    screen_bytes 1b 5b 32 30 30 7e 78 79 # begun and never ended
    screen_shows '[Paste]xy'
    screen_keys q
    screen_shows 'ended 0'
}

@test "a new size is a key, and the picture follows" {
    local i
    probe
    screen_shows 'probe 80x24'
    screen resize-window -x 100 -y 30
    screen_shows '[Size 100x30]'
    screen_shows 'probe 100x30'
    for i in $(seq 60); do screen resize-window -x $((20 + i)) -y $((5 + i % 20)); done
    screen resize-window -x 70 -y 20
    screen_shows 'probe 70x20'
    screen_text | sed -n 20p | grep -q 'last$'
    screen resize-window -x 1 -y 1
    screen resize-window -x 90 -y 25
    screen_shows 'probe 90x25'
    screen_keys q
    screen_shows 'ended 0'
    screen_is_restored
}

@test "exported LINES and COLUMNS do not fix the size" {
    probe LINES=10 COLUMNS=20
    screen_shows 'probe 80x24'
    screen resize-window -x 100 -y 30
    screen_shows 'probe 100x30'
}

@test "Ctrl-Z gives the terminal to the shell, fg gives it back" {
    probe
    screen_shows 'probe 80x24'
    screen_keys C-z
    screen_shows 'Stopped'
    screen_is_restored
    screen_type 'echo still $((40 + 2))'
    screen_shows 'still 42'
    screen resize-window -x 100 -y 30
    screen_type fg
    screen_shows 'probe 100x30'
    until_true flags_are '1 0 1 1 1 1'
    screen_keys Up
    screen_shows '[Up]' # and not A, as from a keypad that was not turned on again
    lacks_text '[A]'
    screen_keys q
    screen_is_restored
}

@test "a stop that could not be caught leaves no trace either" {
    probe
    screen_shows 'probe 80x24'
    screen_signal STOP probe
    screen_shows 'Stopped'
    screen_type 'fg'
    screen_shows '[Size 80x24]'
    until_true flags_are '1 0 1 1 1 1'
    screen_keys Up
    screen_shows '[Up]'
    screen_keys q
    screen_is_restored
}

@test "without a shell nobody could continue it: Ctrl-Z draws again" {
    screen new-window "env $PROBE; echo ended \$?; cat"
    screen_shows 'probe 80x24'
    screen_keys C-z
    screen_shows '[Size 80x24]'
    until_true flags_are '1 0 1 1 1 1'
    screen_keys q
    screen_shows 'ended 0'
}

@test "when the terminal goes, the process goes" {
    local pid
    probe
    screen_shows 'probe 80x24'
    pid=$(screen_process probe)
    screen_close
    until_true is_gone "$pid"
}

@test "when the terminal goes, even a process that ignores SIGHUP goes" {
    local pid
    screen_type "trap '' HUP; $PROBE; echo ended"
    screen_shows 'probe 80x24'
    pid=$(screen_process probe)
    screen_close
    until_true is_gone "$pid"
}

@test "a descriptor wakes it" {
    mkfifo "$BATS_TEST_TMPDIR/pipe"
    screen_type "$PROBE $BATS_TEST_TMPDIR/pipe"
    screen_shows 'probe 80x24'
    echo news >"$BATS_TEST_TMPDIR/pipe"
    screen_shows 'news'
}

ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

@test "idle costs nothing" {
    local pid before
    probe
    screen_shows 'probe 80x24'
    pid=$(screen_process probe)
    before=$(ticks "$pid")
    sleep 1 # there is no condition to wait for: nothing must happen
    [ "$(ticks "$pid")" -le $((before + 1)) ]
}

@test "a title is taken back, and nothing in it is a command" {
    probe TERM=xterm-256color
    screen_shows 'probe 80x24'
    screen_keys t
    until_true title_is 'a title?]2;another?'
}

title_is() { [ "$(screen display -p '#{pane_title}')" = "$1" ]; }

@test "what is copied reaches the clipboard" {
    screen set-option -s set-clipboard on
    probe
    screen_shows 'probe 80x24'
    screen_keys c
    until_true clipboard_is 'copied text'
}

clipboard_is() { [ "$(screen show-buffer 2>/dev/null)" = "$1" ]; }

@test "too long a text is not copied in part" {
    probe
    screen_shows 'probe 80x24'
    screen_keys C
    screen_shows 'copied 56247: no, 56244: yes'
}

recorded_has() { grep -qF -- "$1" "$recorded"; }

@test "a frame stands between its marks" {
    screen_record
    probe
    screen_shows 'probe 80x24'
    until_true recorded_has $'\e[?2026l'
    grep -qE $'\e\\[\\?2026h.*probe 80x24' "$recorded"
    ! grep -qE $'\e\\[\\?2026l[^h]*probe 80x24' "$recorded"
}

@test "a notice is one, and a terminal that would print it is spared" {
    screen_record
    probe
    screen_shows 'probe 80x24'
    screen_keys n
    until_true recorded_has $'\e]9;a notice\a'
    screen_keys q
    screen_shows 'ended 0'
    : >"$recorded"
    probe TERM=linux
    screen_shows 'probe 80x24'
    screen_keys n t c
    screen_shows '[c]'
    ! grep -qE $'\e\\]|\\?2026|\\?1000' "$recorded"
}

@test "a second Ctrl-C ends what hangs, and the terminal is as it was" {
    probe
    screen_shows 'probe 80x24'
    screen_keys h C-c
    screen_keys C-c
    screen_shows 'ended 130'
    screen_is_restored
}

@test "a cursor is shown where it is wanted" {
    probe
    screen_shows 'probe 80x24'
    screen_keys b
    until_true flags_are '1 1 1 1 1 1'
    [ "$(screen display -p '#{cursor_x},#{cursor_y}')" = 5,2 ]
}
