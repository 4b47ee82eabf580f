-- What was changed after publication
-- Articles that their site changed in the last seven days, newest change first: what of them, and from what to what. What only this
-- program reads otherwise than before is left out.
SELECT r.replaced_at, a.site, a.title, r.summary, r.changed, a.published_at, a.url, a.id AS article_id, r.number
FROM revisions r JOIN articles a ON a.id = r.article_id
WHERE r.cause = 'site' AND r.replaced_at >= strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-7 days')
ORDER BY r.replaced_at DESC, r.id DESC
