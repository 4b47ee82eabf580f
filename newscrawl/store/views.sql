-- Views named for what an analyst asks. Their names and columns stay; add, do not rename.

-- Articles with their people on one line each, newest first.
CREATE VIEW latest_articles AS
SELECT a.id, a.published_at, a.site, a.region, a.source, a.title, a.url,
       (SELECT group_concat(name, '、') FROM (SELECT name FROM bylines WHERE article_id = a.id AND role = 'author' ORDER BY position)) AS authors,
       (SELECT group_concat(name, '、') FROM (SELECT name FROM bylines WHERE article_id = a.id AND role = 'reporter' ORDER BY position)) AS reporters,
       (SELECT group_concat(name, '、') FROM (SELECT name FROM bylines WHERE article_id = a.id AND role = 'correspondent' ORDER BY position)) AS correspondents,
       (SELECT group_concat(label || ':' || name, ' ') FROM (SELECT label, name FROM bylines WHERE article_id = a.id AND role = 'editor' ORDER BY position)) AS editors,
       a.characters,
       (SELECT count(*) FROM images WHERE article_id = a.id) AS images,
       (SELECT count(*) FROM article_links WHERE article_id = a.id AND kind = 'recommended' AND gone_at IS NULL) AS recommends,
       (SELECT count(DISTINCT article_id) FROM article_links WHERE target_id = a.id AND kind = 'recommended') AS recommended_by
FROM articles a
ORDER BY a.published_at DESC, a.id DESC;

-- Every link with both of its ends; target columns are null while that article is not stored.
CREATE VIEW links AS
SELECT l.id, l.kind, l.heading, l.position,
       f.id AS from_id, f.site AS from_site, f.title AS from_title, f.published_at AS from_published_at,
       coalesce(l.full_title, l.title) AS title, l.url, l.source, l.published_at, l.summary, l.thumbnail,
       t.id AS to_id, t.site AS to_site, t.title AS to_title, t.published_at AS to_published_at,
       l.first_seen, l.gone_at
FROM article_links l JOIN articles f ON f.id = l.article_id LEFT JOIN articles t ON t.id = l.target_id;

-- What is recommended most, whether it is stored or not.
CREATE VIEW most_recommended AS
SELECT l.target_key, max(l.url) AS url, coalesce(max(a.title), max(l.full_title), max(l.title)) AS title,
       count(DISTINCT l.article_id) AS recommended_by, max(l.target_id) AS article_id, max(a.site) AS site,
       min(l.first_seen) AS first_seen
FROM article_links l LEFT JOIN articles a ON a.id = l.target_id
WHERE l.kind = 'recommended' AND l.target_key IS NOT NULL
GROUP BY l.target_key
ORDER BY recommended_by DESC, title;

-- Recommended or related, but never crawled.
CREATE VIEW never_crawled AS
SELECT l.target_key, max(l.url) AS url, coalesce(max(l.full_title), max(l.title)) AS title, max(l.source) AS source,
       count(DISTINCT l.article_id) AS linked_by, min(l.first_seen) AS first_seen
FROM article_links l
WHERE l.target_id IS NULL AND l.target_key IS NOT NULL AND l.kind IN ('recommended', 'related')
GROUP BY l.target_key
ORDER BY linked_by DESC, title;

-- Coverage: articles by site and day of publication.
CREATE VIEW articles_by_day AS
SELECT site, substr(published_at, 1, 10) AS day, count(*) AS articles, count(DISTINCT source) AS sources,
       sum(characters) AS characters
FROM articles WHERE published_at IS NOT NULL
GROUP BY site, day
ORDER BY day DESC, site;

-- Who is credited, and how often.
CREATE VIEW sources AS
SELECT source, count(*) AS articles, count(DISTINCT site) AS sites,
       min(published_at) AS first_published_at, max(published_at) AS last_published_at
FROM articles WHERE source IS NOT NULL
GROUP BY source
ORDER BY articles DESC, source;

-- Who wrote, reported, corresponded or edited, and how often.
CREATE VIEW people AS
SELECT b.name, b.role, count(DISTINCT b.article_id) AS articles, count(DISTINCT a.site) AS sites,
       min(a.published_at) AS first_published_at, max(a.published_at) AS last_published_at
FROM bylines b JOIN articles a ON a.id = b.article_id
GROUP BY b.name, b.role
ORDER BY articles DESC, b.name;

-- The same text word for word, told as several articles: other publishers, or another 来源; earliest first.
CREATE VIEW same_text AS
SELECT a.content_hash, a.id, a.publisher, a.site, a.source, a.published_at, a.title, a.url
FROM articles a
WHERE a.content_hash IN (SELECT content_hash FROM articles GROUP BY content_hash HAVING count(*) > 1)
ORDER BY a.content_hash, a.published_at;

-- Pages that gave no article, and why.
CREATE VIEW refused_pages AS
SELECT site, verdict, why, url, status, tries, fetched_at, found_on
FROM pages WHERE kind IN ('article', 'part') AND verdict NOT IN ('article', 'redirect', 'pending')
ORDER BY fetched_at DESC, url;

-- Blocks that stand on a page but are empty, most often filled by script.
CREATE VIEW empty_blocks AS
SELECT a.site, b.heading, b.kind, a.id AS article_id, a.title, a.url
FROM article_blocks b JOIN articles a ON a.id = b.article_id
WHERE b.links = 0
ORDER BY a.site, b.heading, a.id;
