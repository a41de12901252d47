-- the name of this workstation
SELECT uuid FROM source WHERE id = 1
