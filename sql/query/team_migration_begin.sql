-- the transaction of a migration
begin;
set local lock_timeout = '10s';
set local statement_timeout = 0
