#include "io/uuid.h"

#include <string.h>

#include <uuid/uuid.h>

char *uuid_of_name(char *out, const char *name)
{
    uuid_t uuid;

    uuid_generate_sha1(uuid, *uuid_get_template("url"), name, strlen(name));
    uuid_unparse_lower(uuid, out);
    return out;
}

char *uuid_random(char *out)
{
    uuid_t uuid;

    uuid_generate_random(uuid);
    uuid_unparse_lower(uuid, out);
    return out;
}
