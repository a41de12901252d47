-- a job that ended well; its attempts stay
DELETE FROM job WHERE id = :job AND state = 1
