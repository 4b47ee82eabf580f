// What Datasette's table.js reads: whether its menus may offer facets.
window.DATASETTE_ALLOW_FACET = document.currentScript.dataset.allow === "true";
