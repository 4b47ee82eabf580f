-- What is credited to a source
-- Every article with this 来源, newest first, whichever site it stands on.
-- :source  the 来源 as printed (威海晚报)
SELECT published_at, site, channel, title, characters, url, id AS article_id
FROM articles
WHERE source = :source
ORDER BY published_at DESC, id DESC
