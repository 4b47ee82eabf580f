-- Who links an address
-- The links that lead to an address, stored or not, whichever of an article's addresses they name; gone ones too. First seen first.
-- :url  the address as its page gives it (http://weihai.dzwww.com/news/201712/t20171229_16408490.htm)
WITH bare AS (
  SELECT CASE WHEN instr(:url, '://') THEN substr(:url, instr(:url, '://') + 3) ELSE :url END AS key
), wanted AS (
  SELECT CASE WHEN key LIKE 'www.%' THEN substr(key, 5) WHEN key LIKE 'm.%' THEN substr(key, 3) ELSE key END AS key FROM bare
), addresses AS (
  SELECT key FROM wanted
  UNION
  SELECT other.key FROM wanted JOIN article_urls one ON one.key = wanted.key JOIN article_urls other ON other.article_id = one.article_id
)
SELECT l.first_seen, l.gone_at, l.kind, l.heading, l.position, f.site, f.title, f.url, f.published_at, f.id AS article_id
FROM addresses JOIN article_links l ON l.target_key = addresses.key JOIN articles f ON f.id = l.article_id
ORDER BY l.first_seen, l.id
