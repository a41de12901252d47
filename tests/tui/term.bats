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
        pkill -"$signal" -x probe -t "$(screen display -p '#{s|/dev/||:pane_tty}')"
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
        pkill -"$signal" -x probe -t "$(screen display -p '#{s|/dev/||:pane_tty}')"
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
