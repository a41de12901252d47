-- whether a batch was applied
select 1 from private.sync_batches where tenant_id = $1::uuid and source_id = $2::uuid and batch_id = $3::uuid
