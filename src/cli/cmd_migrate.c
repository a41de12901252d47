#include <string.h>

#include "cli/cmd.h"
#include "core/team_migrate.h"

static const struct opt options[] = {
    {.name = "dry-run", .kind = OPT_FLAG, .help = "only show what would be applied"},
    {.name = "tenant",
     .kind = OPT_TEXT,
     .value = "NAME",
     .help = "also make a tenant of that name, unless there is one"},
    {.name = NULL},
};

static bool check(const struct cmd_call *call, bool dry_run, const char *tenant, struct err *err)
{
    (void)call;
    if (tenant && dry_run)
        return err_set(err, ERR_USAGE, "migrate: --tenant makes one, --dry-run makes nothing");
    if (tenant && !*tenant)
        return err_set(err, ERR_USAGE, "migrate: a tenant needs a name");
    return true;
}

static bool run(struct cmd_call *call, struct err *err)
{
    bool dry_run = opt_has(call->options, "dry-run");
    const char *tenant = opt_text(call->options, "tenant");
    AUTO_FRAME struct frame frame = {0};
    if (!check(call, dry_run, tenant, err))
        return false;
    bool ok = team_migrate(call->conf, dry_run, tenant, &frame, err);
    if (frame.row_count > 0) /* what was applied before a failure, too */
        emit_frame(&call->emit, &frame);
    return ok;
}

const struct cmd cmd_migrate = {
    .name = "migrate",
    .group = CMD_SHARE,
    .summary = "bring the schema of the team's database forward",
    .arguments = "",
    .about = "The database is that of TWS_DATABASE_URL: Supabase, or any PostgreSQL from 15 on. "
             "Its history of\n"
             "migrations is the Supabase CLI's own table, so that `supabase db push` may be used "
             "as well. Each\n"
             "migration is one transaction; two runs at once are safe; nothing is ever asked.",
    .needs = NEEDS_CONF,
    .options = {options, emit_options},
    .examples =
        {
            {"tws migrate --dry-run", "what is applied and what is not"},
            {"tws migrate --tenant 'My team'", "a new database, ready to be shared"},
        },
    .keys = "version, name, state",
    .run = run,
};
