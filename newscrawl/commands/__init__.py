"""Scrapy's own commands, where newscrawl changes one of them."""
