-- Views named for what an analyst asks. Their names and columns stay; add, do not rename.
-- What stands beside each key is looked up for the rows that are asked for: counting needs the index alone, and a LIMIT ends the rest.
-- GROUP BY +key: of few of the links, one pass over all and a sort are faster than each row by way of the index.
-- GROUP BY id, published_at: a period that is asked of the view then narrows what it reads.

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
SELECT m.target_key, (SELECT max(url) FROM article_links WHERE target_key = m.target_key AND kind = 'recommended') AS url,
       coalesce((SELECT max(a.title) FROM article_links l JOIN articles a ON a.id = l.target_id WHERE l.target_key = m.target_key AND l.kind = 'recommended'),
                (SELECT max(full_title) FROM article_links WHERE target_key = m.target_key AND kind = 'recommended'),
                (SELECT max(title) FROM article_links WHERE target_key = m.target_key AND kind = 'recommended')) AS title,
       m.recommended_by, m.article_id, (SELECT site FROM articles WHERE id = m.article_id) AS site,
       (SELECT min(first_seen) FROM article_links WHERE target_key = m.target_key AND kind = 'recommended') AS first_seen
FROM (SELECT target_key, count(DISTINCT article_id) AS recommended_by, max(target_id) AS article_id
      FROM article_links WHERE kind = 'recommended' AND target_key IS NOT NULL GROUP BY target_key ORDER BY recommended_by DESC, target_key) m;

-- Recommended or related, but never crawled.
CREATE VIEW never_crawled AS
SELECT m.target_key, (SELECT max(url) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related')) AS url,
       coalesce((SELECT max(full_title) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related')),
                (SELECT max(title) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related'))) AS title,
       (SELECT max(source) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related')) AS source,
       m.linked_by, (SELECT min(first_seen) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related')) AS first_seen
FROM (SELECT target_key, count(DISTINCT article_id) AS linked_by FROM article_links
      WHERE target_id IS NULL AND target_key IS NOT NULL AND kind IN ('recommended', 'related') GROUP BY target_key ORDER BY linked_by DESC, target_key) m;

-- What was recommended most of late: by links first seen in the last seven days, whether they still stand or not.
CREATE VIEW most_recommended_this_week AS
SELECT l.target_key, max(l.url) AS url, coalesce(max(a.title), max(l.full_title), max(l.title)) AS title,
       count(DISTINCT l.article_id) AS recommended_by, max(l.target_id) AS article_id, max(a.site) AS site,
       max(a.published_at) AS published_at, min(l.first_seen) AS first_seen
FROM article_links l LEFT JOIN articles a ON a.id = l.target_id
WHERE l.kind = 'recommended' AND l.target_key IS NOT NULL
  AND l.first_seen >= strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-7 days') AND l.article_id IS NOT l.target_id
GROUP BY +l.target_key
ORDER BY recommended_by DESC, title;

-- Links from one publisher's page to another's article; a site without a publisher is its own.
CREATE VIEW recommended_across_publishers AS
SELECT l.id, l.kind, l.heading, l.position,
       coalesce(f.publisher, f.site) AS from_publisher, f.site AS from_site, f.id AS from_id, f.title AS from_title,
       coalesce(t.publisher, t.site) AS to_publisher, t.site AS to_site, t.id AS to_id, t.title AS to_title,
       f.published_at AS from_published_at, t.published_at AS to_published_at, l.first_seen, l.gone_at
FROM article_links l JOIN articles f ON f.id = l.article_id JOIN articles t ON t.id = l.target_id
WHERE l.kind IN ('recommended', 'related') AND coalesce(f.publisher, f.site) <> coalesce(t.publisher, t.site);

-- From an article's publication to its first recommendation by another: it was not there before both pages were (at least),
-- and it was there when it was first seen (at most). Hours; negative where the article was recommended before its own time.
CREATE VIEW recommendation_delay AS
SELECT t.id AS article_id, t.site, t.title, t.published_at, t.published_precision,
       count(DISTINCT f.id) AS recommended_by, min(l.first_seen) AS first_seen,
       round(min(max(CAST(strftime('%s', f.published_at) AS INTEGER) - CAST(strftime('%s', t.published_at) AS INTEGER), 0)) / 3600.0, 1) AS hours_at_least,
       round((CAST(strftime('%s', min(l.first_seen)) AS INTEGER) - CAST(strftime('%s', t.published_at) AS INTEGER)) / 3600.0, 1) AS hours_at_most
FROM articles t CROSS JOIN article_links l ON l.target_id = t.id CROSS JOIN articles f ON f.id = l.article_id
WHERE t.published_at IS NOT NULL AND l.kind = 'recommended' AND f.id <> t.id
GROUP BY t.id, t.published_at;

-- Recommended or related and never stored, with no hope of it: fetched and refused for good, or linked by no page any more.
CREATE VIEW orphaned_recommendations AS
SELECT m.target_key, (SELECT max(url) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related')) AS url,
       coalesce((SELECT max(full_title) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related')),
                (SELECT max(title) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related'))) AS title,
       m.linked_by,
       (SELECT count(*) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related') AND gone_at IS NULL) AS open,
       (SELECT min(first_seen) FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related')) AS first_seen,
       (SELECT CASE WHEN count(*) = count(gone_at) THEN max(gone_at) END FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related')) AS gone_at,
       p.verdict, p.why
FROM (SELECT target_key, count(DISTINCT article_id) AS linked_by FROM article_links
      WHERE target_id IS NULL AND target_key IS NOT NULL AND kind IN ('recommended', 'related') GROUP BY target_key ORDER BY linked_by DESC, target_key) m
     LEFT JOIN pages p ON p.key = m.target_key AND NOT (p.verdict IN ('pending', 'error', 'blocked', 'captcha') AND p.tries < 5)
WHERE p.key IS NOT NULL OR NOT EXISTS (SELECT 1 FROM article_links WHERE target_key = m.target_key AND kind IN ('recommended', 'related') AND gone_at IS NULL);

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
SELECT p.name, p.role, p.articles,
       (SELECT count(DISTINCT a.site) FROM bylines b JOIN articles a ON a.id = b.article_id WHERE b.name = p.name AND b.role = p.role) AS sites,
       (SELECT min(a.published_at) FROM bylines b JOIN articles a ON a.id = b.article_id WHERE b.name = p.name AND b.role = p.role) AS first_published_at,
       (SELECT max(a.published_at) FROM bylines b JOIN articles a ON a.id = b.article_id WHERE b.name = p.name AND b.role = p.role) AS last_published_at
FROM (SELECT name, role, count(DISTINCT article_id) AS articles FROM bylines GROUP BY name, role ORDER BY articles DESC, name) p;

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

-- Articles that their site changed after publication, most often first. What other rules or another address made of a page does
-- not count, nor do changes of its links alone.
CREATE VIEW most_corrected AS
SELECT a.id AS article_id, a.site, a.publisher, a.title, a.url, a.published_at, count(*) AS corrections,
       (SELECT group_concat(DISTINCT c.value) FROM revisions s, json_each(s.changed) c WHERE s.article_id = a.id AND s.cause = 'site') AS changed,
       min(r.replaced_at) AS first_corrected_at, max(r.replaced_at) AS last_corrected_at
FROM revisions r JOIN articles a ON a.id = r.article_id
WHERE r.cause = 'site'
GROUP BY a.id
ORDER BY corrections DESC, last_corrected_at DESC, a.id;

-- Who takes over whose articles: from the likely origin's publisher to each other member's; a site without a publisher is its own.
CREATE VIEW reprint_pairs AS
SELECT coalesce(o.publisher, o.site) AS origin_publisher, coalesce(a.publisher, a.site) AS publisher, count(*) AS articles,
       round(avg(m.similarity), 3) AS similarity,
       round(avg(CAST(strftime('%s', a.published_at) AS INTEGER) - CAST(strftime('%s', o.published_at) AS INTEGER)) / 3600.0, 1) AS hours,
       min(a.published_at) AS first_published_at, max(a.published_at) AS last_published_at
FROM clusters c JOIN articles o ON o.id = c.origin_id JOIN cluster_members m ON m.cluster_id = c.id
     JOIN articles a ON a.id = m.article_id
WHERE a.id <> o.id
GROUP BY origin_publisher, coalesce(a.publisher, a.site)
ORDER BY articles DESC, origin_publisher, 2;

-- Articles that are there no more, the newest loss first; their text is kept.
CREATE VIEW vanished AS
SELECT a.id AS article_id, a.gone_at, a.gone_why, a.title, a.site, a.publisher, a.published_at, a.first_seen,
       (SELECT count(*) FROM absences WHERE article_id = a.id) AS absences, a.url
FROM articles a
WHERE a.gone_at IS NOT NULL
ORDER BY a.gone_at DESC, a.id DESC;
