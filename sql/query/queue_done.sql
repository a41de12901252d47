-- a job that ended well, unless another worker took it over; its attempts stay
DELETE FROM job WHERE id = :job AND state = 1 AND attempts = :number
