"""SQL to begin with: each is shown in the web site's editor, ready to be changed."""

from __future__ import annotations

EXAMPLES: tuple[tuple[str, str], ...] = (
    (
        "The newest articles with their people",
        "SELECT published_at, site, source, title, reporters, editors\nFROM latest_articles\nLIMIT 50",
    ),
    (
        "Articles of some days whose headline has a word in it",
        "SELECT published_at, site, source, title, id AS article_id\nFROM articles\n"
        "WHERE published_at >= '2017-07-01' AND published_at < '2017-08-01'\n  AND title LIKE '%路灯%'\nORDER BY published_at",
    ),
    (
        "How many articles each site has, by month",
        "SELECT site, substr(published_at, 1, 7) AS month, count(*) AS articles\nFROM articles\nWHERE published_at IS NOT NULL\n"
        "GROUP BY site, month\nORDER BY month DESC, articles DESC",
    ),
    (
        "What a reporter wrote, and for whom",
        "SELECT a.source, a.published_at, a.title, a.id AS article_id\nFROM bylines b JOIN articles a ON a.id = b.article_id\n"
        "WHERE b.name = '丛知夏' AND b.role = 'reporter'\nORDER BY a.published_at DESC",
    ),
    (
        "What stands under 推荐阅读 beside an article",
        "SELECT l.position, coalesce(l.full_title, l.title) AS title, l.url, l.target_id\nFROM article_links l\n"
        "WHERE l.article_id = 1 AND l.kind = 'recommended' AND l.gone_at IS NULL\nORDER BY l.block, l.position",
    ),
    (
        "Full text in SQL: escape_fts writes words as the index knows them",
        "SELECT a.published_at, a.site, a.title, a.id AS article_id\nFROM articles_fts f JOIN articles a ON a.id = f.rowid\n"
        "WHERE articles_fts MATCH escape_fts('路灯 居民')\nORDER BY a.published_at DESC\nLIMIT 50",
    ),
    (
        "Which reprints are nearly, but not quite, the same text",
        "SELECT m.cluster_id, m.similarity, a.publisher, a.published_at, a.title, a.id AS article_id\n"
        "FROM cluster_members m JOIN articles a ON a.id = m.article_id\nWHERE m.similarity < 1\nORDER BY m.similarity DESC\nLIMIT 50",
    ),
)
"""What each finds, and its SQL."""
