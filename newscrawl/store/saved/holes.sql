-- Days on which a site has nothing
-- Days between the site's first and last article without one, where the same weekday of the eight weeks before had some; usual: how
-- many on average. A day that a small site has nothing on is often none that is missing.
-- :site  the site's name (weihai)
WITH RECURSIVE counted AS (
  SELECT substr(published_at, 1, 10) AS day, count(*) AS articles FROM articles WHERE site = :site AND published_at IS NOT NULL GROUP BY 1
), days(day, last) AS (
  SELECT min(day), max(day) FROM counted
  UNION ALL
  SELECT date(day, '+1 day'), last FROM days WHERE day < last
), before AS (
  SELECT d.day, (SELECT sum(c.articles) FROM counted c
    WHERE c.day BETWEEN date(d.day, '-56 days') AND date(d.day, '-1 day') AND strftime('%w', c.day) = strftime('%w', d.day)) / 8.0 AS usual
  FROM days d WHERE d.day NOT IN (SELECT day FROM counted)
)
SELECT day, substr('日一二三四五六', strftime('%w', day) + 1, 1) AS weekday, round(usual, 1) AS usual
FROM before WHERE usual >= 0.5
ORDER BY day DESC
