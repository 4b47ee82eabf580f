-- The newest articles
-- The last hundred to be stored, newest first.
-- :site?  a site's name (weihai); without it all
SELECT a.published_at, a.first_seen, a.site, a.source, a.title, a.url, a.id AS article_id
FROM articles a
WHERE :site IN ('', a.site)
ORDER BY a.id DESC
LIMIT 100
