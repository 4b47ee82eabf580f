-- The newest articles of each site, city by city
-- Three of each site; sites that are no city's stand under their region.
-- :region?  a province (山东); without it all
SELECT s.region, coalesce(s.city, s.region) AS city, s.title AS site, a.published_at, a.source, a.title, a.url, a.id AS article_id
FROM sites s JOIN articles a
     ON a.id IN (SELECT id FROM articles WHERE site = s.name ORDER BY published_at DESC LIMIT 3)
WHERE :region IN ('', s.region)
ORDER BY s.region, city, s.name, a.published_at DESC
