-- At which hours articles come out
-- Articles of the last ninety days (counted from the newest one) by hour of China: on working days and at weekends. What gives the day
-- alone is left out.
-- :site?  a site's name (weihai); without it all
WITH newest AS (
  SELECT date(max(published_at), '-90 days') AS since FROM articles
  WHERE published_at <= strftime('%Y-%m-%dT%H:%M:%S+08:00', 'now', '+8 hours')
)
SELECT substr(published_at, 12, 2) AS hour, count(*) AS articles,
       count(*) FILTER (WHERE strftime('%w', substr(published_at, 1, 10)) BETWEEN '1' AND '5') AS working_days,
       count(*) FILTER (WHERE strftime('%w', substr(published_at, 1, 10)) NOT BETWEEN '1' AND '5') AS weekends
FROM articles
WHERE published_at >= (SELECT since FROM newest) AND published_precision <> 'day' AND :site IN ('', site)
GROUP BY hour
ORDER BY hour
