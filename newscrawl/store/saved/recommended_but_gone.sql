-- Still recommended, but gone
-- Articles that their site has taken away, and that stand under 推荐阅读 or 相关新闻 of others to this day: most often linked first.
SELECT t.gone_at, t.site, t.title, t.url, t.gone_why, count(DISTINCT l.article_id) AS linked_by, t.published_at, t.id AS article_id
FROM articles t CROSS JOIN article_links l ON l.target_id = t.id
WHERE t.gone_at > '' AND l.kind IN ('recommended', 'related') AND l.gone_at IS NULL
GROUP BY l.target_id
ORDER BY linked_by DESC, t.gone_at DESC, t.id
