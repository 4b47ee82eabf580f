-- Who takes over a publisher's articles
-- One row a reprint: of each story that most likely began with this publisher, every article that another one has of it. hours: how
-- much later; similarity: below 1, something was left out, added or rewritten.
-- :publisher  the publisher's name (大众网)
SELECT a.published_at, coalesce(a.publisher, a.site) AS publisher, a.title, a.url, o.title AS origin_title, o.url AS origin_url,
       round((julianday(a.published_at) - julianday(o.published_at)) * 24, 1) AS hours, m.similarity, m.cluster_id, a.id AS article_id
FROM clusters c CROSS JOIN articles o ON o.id = c.origin_id
     CROSS JOIN cluster_members m ON m.cluster_id = c.id CROSS JOIN articles a ON a.id = m.article_id
WHERE coalesce(o.publisher, o.site) = :publisher AND coalesce(a.publisher, a.site) <> :publisher
ORDER BY a.published_at DESC, a.id DESC
