# tws, the ticket workstation. `make help` lists the targets.
PREFIX ?= /usr/local
DESTDIR ?=
VARIANT ?= release
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
Q := $(if $(V),,@)

B := build/$(VARIANT)
GEN := build/gen
TWS := $(B)/tws

PACKAGES := libcurl libcjson sqlite3 libmicrohttpd libzstd libdeflate libbrotlidec uuid libxxhash

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
WARNINGS += -Wdate-time             # builds are reproducible

CPPFLAGS += -D_GNU_SOURCE -DTWS_VERSION='"$(VERSION)"' -Isrc -I. -I$(GEN) \
    $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
HARDEN := -fstack-protector-strong -fPIE -fstack-clash-protection
COMMON := -std=c17 $(WARNINGS) -g -MMD -MP -ffile-prefix-map=$(CURDIR)=.
CFLAGS_release := -O2 -D_FORTIFY_SOURCE=2 $(HARDEN)
CFLAGS_debug := -O0
CFLAGS_asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_cov := -O0 --coverage
CFLAGS_fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,--as-needed
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_cov := --coverage
ALL_CFLAGS = $(COMMON) $(CFLAGS_$(VARIANT)) $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(VARIANT)) $(LDFLAGS)
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -linih -lpthread -lm

SOURCES := $(wildcard src/base/*.c src/io/*.c src/core/*.c tui/*.c src/cli/*.c)
OBJECTS := $(SOURCES:%.c=$(B)/%.o) $(B)/gen/sql.o
SQL_FILES := $(wildcard sql/*/*.sql)
UNIT_TESTS := $(wildcard tests/unit/*_test.c)
UNIT_BINARIES := $(UNIT_TESTS:tests/unit/%.c=$(B)/tests/%)

##- Build
all: $(TWS) ## build build/release/tws (the default)
.DEFAULT_GOAL := all

$(TWS): $(B)/src/main.o $(B)/libtws.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libtws.a: $(OBJECTS)
	$(Q)rm -f $@ && ar rcs $@ $^

$(GEN)/sql.c: $(SQL_FILES) sql/embed.sh
	@echo "  SQL   $@"
	$(Q)sh sql/embed.sh sql $(GEN)
$(GEN)/sql.h: $(GEN)/sql.c ;

$(GEN)/completions.h: completions/embed.sh completions/tws.bash completions/_tws completions/tws.fish
	$(Q)sh completions/embed.sh completions $(GEN)

$(B)/gen/sql.o: $(GEN)/sql.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(B)/%.o: %.c | $(GEN)/sql.h $(GEN)/completions.h
	@echo "  CC    $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(B)/tests/%: tests/unit/%.c $(B)/libtws.a
	@echo "  TEST  $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(B)/libtws.a $(LIBS) -lcmocka

unit: $(UNIT_BINARIES) ## run the unit tests (T=glob picks some)
	$(Q)for t in $(or $(wildcard $(B)/tests/$(T)),$(UNIT_BINARIES)); do $$t || exit 1; done

-include $(OBJECTS:.o=.d) $(B)/src/main.d $(wildcard $(B)/tests/*.d)
.PHONY: all unit
