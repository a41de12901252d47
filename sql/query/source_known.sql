-- whether this workstation has its name
SELECT count(*) FROM source WHERE id = 1
