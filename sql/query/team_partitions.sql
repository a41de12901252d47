-- makes the months that are missing for snapshots from $1 to $2
select private.ensure_partitions($1::timestamptz, $2::timestamptz)
