-- Recommended of late, but never stored
-- Addresses under 推荐阅读 or 相关新闻 of articles of the last thirty days (counted from the newest one) that gave no article: most
-- often linked first. verdict: what came when one was fetched.
WITH newest AS (
  SELECT max(published_at) AS at FROM articles WHERE published_at <= strftime('%Y-%m-%dT%H:%M:%S+08:00', 'now', '+8 hours')
)
SELECT count(DISTINCT l.article_id) AS linked_by, coalesce(max(l.full_title), max(l.title)) AS title, max(l.url) AS url,
       min(l.first_seen) AS first_seen, p.verdict, nullif(p.why, '') AS why
FROM newest CROSS JOIN articles f CROSS JOIN article_links l ON l.article_id = f.id LEFT JOIN pages p ON p.key = l.target_key
WHERE f.published_at >= date(substr(newest.at, 1, 10), '-30 days')
      AND l.target_id IS NULL AND l.target_key IS NOT NULL AND l.kind IN ('recommended', 'related')
GROUP BY l.target_key
ORDER BY linked_by DESC, first_seen DESC, url
LIMIT 1000
