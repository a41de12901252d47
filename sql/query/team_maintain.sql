-- runs every job of the database's own maintenance
select job, ok, coalesce(error, '') from private.maintain()
