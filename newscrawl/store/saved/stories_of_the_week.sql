-- Stories that travelled farthest
-- Reprinted stories with an article of the last seven days (counted from the newest one): by how many publishers had them. title and
-- url are those of the article it most likely began with.
SELECT c.last_published_at, c.publishers, c.articles, c.texts, o.title, o.site, o.source, o.url,
       round((julianday(c.last_published_at) - julianday(c.first_published_at)) * 24, 1) AS hours, c.id AS cluster_id
FROM clusters c JOIN articles o ON o.id = c.origin_id
WHERE c.last_published_at >= (SELECT date(max(last_published_at), '-7 days') FROM clusters
                              WHERE last_published_at <= strftime('%Y-%m-%dT%H:%M:%S+08:00', 'now', '+8 hours'))
ORDER BY c.publishers DESC, c.articles DESC, c.last_published_at DESC, c.id
