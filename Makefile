# tws, the ticket workstation. `make help` lists the targets.
PREFIX ?= /usr/local
VARIANT ?= release
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
CLANG ?= clang
Q := $(if $(V),,@)
JOBS = $(if $(findstring j,$(filter -j% --jobserver%,$(MAKEFLAGS))),,-j$(shell nproc))
AGAIN = $(MAKE) --no-print-directory $(JOBS)

B := build/$(VARIANT)
GEN := build/gen
SQL_FOLDERS := sql/query sql/sqlite sql/supabase/migrations
TWS := $(B)/tws

# What is needed, as probe=Debian package: a pkg-config name (.pc), a file or a command.
LIBRARIES := libcurl.pc=libcurl4-openssl-dev libcjson.pc=libcjson-dev sqlite3.pc=libsqlite3-dev \
    libmicrohttpd.pc=libmicrohttpd-dev libzstd.pc=libzstd-dev libdeflate.pc=libdeflate-dev \
    libbrotlidec.pc=libbrotli-dev uuid.pc=uuid-dev libxxhash.pc=libxxhash-dev inih.pc=libinih-dev \
    ncursesw.pc=libncurses-dev cairo.pc=libcairo2-dev nettle.pc=nettle-dev \
    libpq.pc=libpq-dev libcrypto.pc=libssl-dev
FOR_BUILDING := pkg-config=pkg-config $(firstword $(CC))=gcc $(LIBRARIES) /usr/share/zoneinfo/UTC=tzdata
FOR_TESTING := cmocka.pc=libcmocka-dev bats=bats jq=jq curl=curl openssl=openssl mandoc=mandoc zsh=zsh fish=fish \
    sqlite3=sqlite3 shellcheck=shellcheck socat=socat strace=strace tmux=tmux xmllint=libxml2-utils libpng.pc=libpng-dev \
    clang-format=clang-format /usr/lib/python3/dist-packages/aiosmtpd=python3-aiosmtpd \
    /usr/lib/postgresql/15/bin/postgres=postgresql-15 pgbouncer=pgbouncer nginx=nginx-light \
    /usr/share/postgresql/15/extension/pgtap.control=postgresql-15-pgtap \
    /usr/share/postgresql/15/extension/pg_cron.control=postgresql-15-cron \
    /usr/share/postgresql/15/extension/plpgsql_check.control=postgresql-15-plpgsql-check
FOR_FUZZING := $(CLANG)=clang /usr/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a=libclang-rt-dev
MODULES := $(patsubst %.pc,%,$(filter %.pc,$(subst =, ,$(LIBRARIES))))

# A reason beside every warning.
WARNINGS := -Wall -Wextra
WARNINGS += -Wpedantic              # the standard, not a dialect
WARNINGS += -Wshadow                # one name, one thing
WARNINGS += -Wstrict-prototypes     # () is not (void)
WARNINGS += -Wmissing-prototypes    # every export is declared in a header
WARNINGS += -Wswitch-enum           # a new enumerator must be thought of everywhere
WARNINGS += -Wconversion            # silent narrowing loses money
WARNINGS += -Wno-sign-conversion    # sizes and indexes would drown the rest
WARNINGS += -Wformat=2              # format strings are literals
WARNINGS += -Wnull-dereference      # what the optimiser can prove
WARNINGS += -Wwrite-strings         # literals are const
WARNINGS += -Wundef                 # a misspelt macro is not 0
WARNINGS += -Wvla                   # stack use is known
WARNINGS += -Wno-missing-field-initializers # tables leave out what is zero
WARNINGS += -Wdate-time             # builds are reproducible

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
CFLAGS_release := -O2 $(HARDEN)
CFLAGS_debug := -Og
CFLAGS_asan := -O1 $(SANITIZE)
CFLAGS_ubsan := -O2 -fsanitize=undefined -fno-sanitize-recover=all
CFLAGS_cov := -O0 --coverage
CFLAGS_fuzz := -O1 $(SANITIZE) -fsanitize=fuzzer-no-link
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,--as-needed

ALL_CPPFLAGS := -D_GNU_SOURCE -Isrc -I. -I$(GEN) $(shell pkg-config --cflags $(MODULES) 2>/dev/null) $(CPPFLAGS)
ALL_CFLAGS := -std=c17 $(WARNINGS) -g -ffile-prefix-map=$(CURDIR)=. $(CFLAGS_$(VARIANT)) $(CFLAGS)
ALL_LDFLAGS := $(LDFLAGS_$(VARIANT)) $(LDFLAGS)
LIBS := $(shell pkg-config --libs $(MODULES) 2>/dev/null) -lpthread -lm

SOURCES := $(sort $(wildcard src/base/*.c src/io/*.c src/core/*.c tui/*.c src/cli/*.c))
OBJECTS := $(SOURCES:%.c=$(B)/%.o) $(B)/gen/sql.o
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/%,$(sort $(wildcard tests/unit/*_test.c)))
PROBE := $(B)/tests/tui/probe
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(sort $(wildcard tests/fuzz/*.c)))
C_FILES = $(shell find src tui tests -name '*.[ch]')

# A release has a file VERSION, a clone its tags. Only the few files that say the version are rebuilt when it changes.
VERSION := $(or $(shell cat VERSION 2>/dev/null),$(patsubst v%,%,$(shell test -e .git && \
    git describe --tags --match 'v[0-9]*' --dirty 2>/dev/null)),0.1.0)
VERSIONED := $(shell grep -lw TWS_VERSION $(SOURCES) $(wildcard tests/unit/*.c))

# $(call need,PAIRS): installs the packages whose probe finds nothing.
define need
@missing=; for pair in $(1); do probe=$${pair%%=*}; \
    case $$probe in \
    *.pc) pkg-config --exists $${probe%.pc} ;; \
    /*) ls -d $$probe ;; \
    *) command -v $$probe ;; \
    esac >/dev/null 2>&1 || missing="$$missing $${pair#*=}"; \
done; \
[ -n "$$missing" ] || exit 0; \
root=; [ "$$(id -u)" = 0 ] || root=sudo; \
if command -v apt-get >/dev/null && command -v $${root:-env} >/dev/null; then \
    echo "Installing$$missing"; mkdir -p build; \
    apt="$$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends"; \
    { $$apt update && $$apt install $$missing; } >build/apt.log 2>&1 </dev/null && exit 0; \
    tail -n 5 build/apt.log >&2; \
fi; \
echo "These packages are needed and cannot be installed from here. As root: apt-get install$$missing" >&2; exit 1
endef

# Debian's package would start a daemon: its promtool alone is wanted.
take_promtool = { mkdir -p build/prometheus && cd build/prometheus && apt-get -qq download prometheus && \
    dpkg -x prometheus_*.deb . && mv usr/bin/promtool .. && rm -rf ../prometheus; } >/dev/null 2>&1 || \
    echo "promtool cannot be had; its test is left out"

# $(call keep,TEXT): the target holds TEXT, and is new only when TEXT is.
define keep
@mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(1))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(1))' >$@
endef

##- Build
all: $(TWS) ## build build/release/tws (the default)

deps: ## install what building and testing need, where it is missing
	$(call need,$(FOR_BUILDING) $(FOR_TESTING))
	@command -v promtool >/dev/null || [ -x build/promtool ] || $(take_promtool)

demo: ## install what is missing, build, show the main job
	$(call need,$(FOR_BUILDING))
	+@$(AGAIN) all
	@$(TWS) demo

$(B)/flags: FORCE
	@pkg-config --exists $(MODULES) || { echo "Libraries are missing; 'make deps' installs them." >&2; exit 1; }
	$(call keep,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS))
$(B)/list: FORCE
	$(call keep,$(OBJECTS))
$(GEN)/version: FORCE
	$(call keep,$(VERSION))

$(TWS): $(B)/src/main.o $(B)/libtws.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libtws.a: $(OBJECTS) $(B)/list
	$(Q)rm -f $@ && ar rcsD $@ $(OBJECTS)

$(GEN)/sql.c: sql/embed.sh $(SQL_FOLDERS) $(wildcard $(SQL_FOLDERS:%=%/*.sql))
	@echo "  SQL   $@"
	$(Q)sh sql/embed.sh sql $(GEN)
$(GEN)/sql.h: $(GEN)/sql.c ;

$(GEN)/completions.h: completions/embed.sh completions/tws.bash completions/_tws completions/tws.fish
	$(Q)sh completions/embed.sh completions $(GEN)

COMPILE = $(CC) $(ALL_CPPFLAGS) $(if $(filter tests/%,$<),-Itests) \
    $(if $(filter $<,$(VERSIONED)),-DTWS_VERSION='"$(VERSION)"') $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(VERSIONED:%.c=$(B)/%.o): $(GEN)/version
$(B)/%.o: %.c $(B)/flags | $(GEN)/sql.h $(GEN)/completions.h
	@echo "  CC    $<"
	@mkdir -p $(@D)
	$(Q)$(COMPILE)
$(B)/gen/%.o: $(GEN)/%.c $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(COMPILE)

$(B)/tests/%_test: $(B)/tests/unit/%_test.o $(B)/libtws.a
	@echo "  TEST  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka -lpng

$(PROBE): $(B)/tests/tui/probe.o $(B)/libtws.a
	@echo "  TEST  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

-include $(OBJECTS:.o=.d) $(B)/src/main.d $(wildcard $(B)/tests/*/*.d)

##- Test
check: deps ## all that a change must pass; ends with "N passed, N failed"
	+@$(AGAIN) all tests
	+@$(AGAIN) VARIANT=asan all tests
	@T='$(T)' sh tests/run.sh lint unit:build/release cli:build/release tui:build/release pg:build/release \
	    fault:build/release unit:build/asan

tests: $(UNIT_TESTS) $(PROBE)

unit: tests ## run the unit tests (T='http*' picks some; UPDATE=1 rewrites golden files)
	@T='$(T)' sh tests/run.sh unit:$(B)

pg: $(B)/tests/queue_test
cli fault pg: all ## run the tests of the command line, of failing calls and kills, or against PostgreSQL (T=glob)
	@T='$(T)' sh tests/run.sh $@:$(B)

tui: all $(PROBE) ## run the tests of the terminal, in a tmux of their own (T=glob)
	@T='$(T)' sh tests/run.sh tui:$(B)

pg-full: all ## the team's SQL on PostgreSQL 17, in the eyes of Supabase's linters, and through its client
	@TIMEOUT=900 sh tests/run.sh pg-full

asan: ## unit and command-line tests under the address and undefined-behaviour sanitizers
	+@$(AGAIN) VARIANT=asan all tests
	@T='$(T)' sh tests/run.sh unit:build/asan cli:build/asan

ubsan: ## unit tests, optimised, under the undefined-behaviour sanitizer
	+@$(AGAIN) VARIANT=ubsan unit T='$(T)'

valgrind: ## unit tests under valgrind
	$(call need,valgrind=valgrind)
	+@$(AGAIN) VARIANT=debug tests
	@T='$(T)' TIMEOUT=1800 sh tests/run.sh valgrind:build/debug

fuzz: ## run every libFuzzer target of tests/fuzz (T=seconds for each, 60)
	$(call need,$(FOR_FUZZING))
	+@$(AGAIN) VARIANT=fuzz CC=$(CLANG) fuzzers
	@for f in $(FUZZERS); do name=$${f##*/}; mkdir -p $$f.found; \
	    echo "fuzzing $$name for $(or $(T),60) s"; \
	    $$f -max_total_time=$(or $(T),60) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	        -artifact_prefix=$$f.found/ $$(ls tests/fuzz/$$name.dict 2>/dev/null | sed 's/^/-dict=/') \
	        $$f.found $$(ls -d tests/fuzz/corpus/$$name 2>/dev/null) \
	        >$$f.log 2>&1 || { tail -n 30 $$f.log; exit 1; }; \
	    grep -E 'stat::(number_of_executed_units|new_units_added)' $$f.log; done

fuzzers: $(FUZZERS)
build/fuzz/%: build/fuzz/tests/fuzz/%.o build/fuzz/libtws.a
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

cov: ## lines covered by unit and command-line tests, the least first
	+@$(AGAIN) VARIANT=cov all tests
	@find build/cov -name '*.gcda' -delete
	@sh tests/run.sh unit:build/cov cli:build/cov || true
	@gcov -n -r $$(find build/cov/src build/cov/tui -name '*.gcda') 2>/dev/null | awk -F"[':% ]+" ' \
	    /^File/ { file = $$2 } \
	    /^Lines/ && file ~ /\.c$$/ { n += $$5; hit += $$3 * $$5; print $$3 "%\t" $$5 " lines\t" file | "sort -n"; file = "" } \
	    END { close("sort -n"); printf "%.1f%%\t%d lines\tall\n", hit / n, n }'

bench: all ## measure what the budgets are about
	@sh tests/bench/run.sh

soak: all tests ## what takes long: every call fails once, kill -9 two hundred times, a month of the collector, 200,000 keys
	@FULL=1 TIMEOUT=3600 T='$(or $(T),watch*)' sh tests/run.sh unit:$(B)
	@FULL=1 TIMEOUT=3600 T='$(T)' sh tests/run.sh fault:$(B)
	+@$(AGAIN) VARIANT=asan KEYS=100000 TIMEOUT=3600 unit T=app_random

pg-soak: all ## sync broken off everywhere and a hundred times at random
	@FULL=1 TIMEOUT=3600 T='sync_breaks' sh tests/run.sh pg:$(B)

##- Read
lint: all ## layers, wrappers, names, comments, banned calls, lengths, leftovers, style
	@sh tests/run.sh lint

tidy: ## clang-tidy (T=glob picks files)
	$(call need,clang-tidy=clang-tidy)
	+@$(AGAIN) $(GEN)/sql.h $(GEN)/completions.h
	@printf '%s\n' $(or $(wildcard $(T)),$(SOURCES) src/main.c) | xargs -P $$(nproc) -n 4 sh -c 'clang-tidy -quiet "$$@" -- \
	    -std=c17 $(ALL_CPPFLAGS) -DTWS_VERSION=\"0\" 2>/dev/null' tidy

format: ## let clang-format write all C
	$(call need,clang-format=clang-format)
	@clang-format -i $(C_FILES)

format-check: ## ask whether it would change anything
	@sh tests/lint/style.sh

compdb: ## compile_commands.json for editors
	@for f in $(SOURCES) src/main.c $(wildcard tests/unit/*.c); do printf ',\n{"directory": "%s", "file": "%s", "command": "%s"}' \
	    '$(CURDIR)' $$f "cc -std=c17 -Itests $(ALL_CPPFLAGS) -DTWS_VERSION=0 -c $$f"; done | \
	    sed '1s/,/[/; $$s/$$/\n]/' >compile_commands.json

##- Install
SHARE = $(DESTDIR)$(PREFIX)/share
UNITS = system/tws-watch.service system/tws-scrape.service system/tws-scrape.timer user/tws-sync.service user/tws-sync.timer
UNIT_FOLDER = $(DESTDIR)$(PREFIX)/lib/systemd
INSTALLED = $(DESTDIR)$(PREFIX)/bin/tws $(SHARE)/man/man1/tws.1 $(SHARE)/bash-completion/completions/tws \
    $(SHARE)/zsh/site-functions/_tws $(SHARE)/fish/vendor_completions.d/tws.fish

install: all ## the program, its manual page, completions and systemd units below $(DESTDIR)$(PREFIX)
	$(Q)$(TWS) man >$(B)/tws.1
	$(Q)set -- $(INSTALLED); install -D -m 755 $(TWS) "$$1"; \
	    for file in $(B)/tws.1 completions/tws.bash completions/_tws completions/tws.fish; do \
	        shift; install -D -m 644 $$file "$$1" || exit 1; done
	$(Q)for unit in $(UNITS); do \
	    sed 's#@PREFIX@#$(PREFIX)#' completions/$${unit#*/} >$(B)/$${unit#*/} && \
	    install -D -m 644 $(B)/$${unit#*/} $(UNIT_FOLDER)/$$unit || exit 1; done

uninstall: ## take them away again
	$(Q)rm -f $(INSTALLED) $(UNITS:%=$(UNIT_FOLDER)/%)

dist: ## build/tws-VERSION.tar.gz of the last commit, the same wherever it is made
	@mkdir -p build && echo '$(VERSION)' >build/VERSION
	@git archive --prefix=tws-$(VERSION)/ --add-file=build/VERSION HEAD | gzip -9n >build/tws-$(VERSION).tar.gz
	@echo build/tws-$(VERSION).tar.gz

##- House
clean: ## remove all that was built
	rm -rf build compile_commands.json

help: ## this list
	@awk -F ' *## *' '/^##- / { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z -]+:.* ## / { sub(/:.*/, "", $$1); printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: all deps demo check tests unit cli fault tui pg pg-full pg-soak asan ubsan valgrind fuzz fuzzers cov bench soak lint tidy \
    format format-check compdb install uninstall dist clean help FORCE
.SECONDARY:
.DELETE_ON_ERROR:
