-- What the rows found add up to: how many, how many of them count, and their weights.
SELECT count(*) AS n, count(*) FILTER (counts) AS counting, count(*) FILTER (painful) AS painful,
       coalesce(sum(CAST(weight AS DECIMAL(18,10))), 0) AS w,
       coalesce(sum(CAST(weight AS DECIMAL(18,10)) * CAST(weight AS DECIMAL(18,10))), 0) AS w2,
       coalesce(sum(CAST(weight AS DECIMAL(18,10))) FILTER (counts), 0) AS w_counting,
       coalesce(sum(CAST(weight AS DECIMAL(18,10))) FILTER (painful), 0) AS w_painful
FROM found
