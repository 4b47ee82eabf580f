-- What a person had a hand in
-- Every article that a byline names the person in, newest first, with the roles.
-- :name  the name as printed (丛知夏)
SELECT a.published_at, a.site, a.source, group_concat(coalesce(b.label, b.role), '、') AS roles, a.title, a.url, a.id AS article_id
FROM bylines b JOIN articles a ON a.id = b.article_id
WHERE b.name = :name
GROUP BY a.id
ORDER BY a.published_at DESC, a.id DESC
