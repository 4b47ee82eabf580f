// Draws the graph around an article from its JSON. The list below the drawing says the same without it.
(() => {
  const place = document.querySelector("[data-graph]");
  if (!place || typeof cytoscape === "undefined") return;
  const canvas = place.querySelector(".graph-canvas");
  const panel = place.querySelector(".graph-panel");
  const legend = place.querySelector(".graph-legend");
  const root = document.documentElement;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const SHAPES = ["ellipse", "rectangle", "diamond", "triangle", "hexagon", "star", "pentagon", "octagon"];
  const OUTLINES = {
    ellipse: ["circle", { cx: 8, cy: 8, r: 6 }], rectangle: ["rect", { x: 2, y: 2, width: 12, height: 12 }],
    diamond: ["polygon", { points: "8,1 15,8 8,15 1,8" }], triangle: ["polygon", { points: "8,2 15,14 1,14" }],
    hexagon: ["polygon", { points: "4,2 12,2 15,8 12,14 4,14 1,8" }],
    star: ["polygon", { points: "8,1 10,6 15,6 11,9.5 12.5,15 8,11.5 3.5,15 5,9.5 1,6 6,6" }],
    pentagon: ["polygon", { points: "8,1 15,6.5 12,15 4,15 1,6.5" }],
    octagon: ["polygon", { points: "5,1 11,1 15,5 15,11 11,15 5,15 1,11 1,5" }],
  };
  const FALLBACK = ["#2444ab", "#d29302", "#2a9283", "#9a0e1d", "#38b8fd", "#897122", "#683c6c", "#b2b2b2"];

  const node = (name, words, attributes = {}) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (words) made.textContent = words;
    return made;
  };
  const drawn = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const short = (text) => { const signs = [...text]; return signs.length > 14 ? `${signs.slice(0, 13).join("")}…` : text; };
  const colour = (name, otherwise) => getComputedStyle(root).getPropertyValue(name).trim() || otherwise;

  const ranks = (nodes) => {
    // The publishers with most articles have colours of their own, the others share the last one. A single publisher's are told by site.
    const stored = nodes.filter((one) => one.stored);
    const single = new Set(stored.map((one) => one.publisher)).size < 2;
    for (const one of stored) one.house = single ? one.site_title || one.publisher : one.publisher;
    const counts = new Map();
    for (const one of stored) counts.set(one.house, (counts.get(one.house) || 0) + 1);
    const order = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
    return { of: new Map(order.map((name, at) => [name, Math.min(at, 7)])), order };
  };

  const looks = () => {
    const [ink, soft, card, accent, line] = [["--ink", "#222"], ["--soft", "#666"], ["--card", "#fff"], ["--accent", "#a8201a"], ["--line-strong", "#bbb"]]
      .map(([name, otherwise]) => colour(name, otherwise));
    const family = getComputedStyle(document.body).fontFamily;
    const rules = [
      { selector: "node", style: {
        label: "data(label)", "font-family": family, "font-size": 11, color: ink, "text-valign": "bottom", "text-margin-y": 4,
        "text-wrap": "wrap", "text-max-width": 96, "text-outline-color": card, "text-outline-width": 2, "min-zoomed-font-size": 0,
        width: "data(size)", height: "data(size)", "border-width": 1, "border-color": ink, "background-color": soft } },
      { selector: "node[!stored]", style: { "background-color": card, "border-style": "dashed", "border-color": soft, color: soft } },
      // Of a crowd only the most linked are named, and those around the chosen one; the others as soon as one is near enough to read
      // (cytoscape rounds the zoom up to a power of two for this).
      { selector: "node.crowd", style: { "min-zoomed-font-size": 12 } },
      { selector: "node.named", style: { "min-zoomed-font-size": 0, "font-size": "data(letters)", "text-max-width": "data(room)", "z-index": 5 } },
      { selector: "edge", style: {
        width: 1.4, "line-color": line, "target-arrow-color": line, "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier", opacity: 0.8 } },
      { selector: "edge[kind = 'related']", style: { "line-style": "dashed" } },
      { selector: "edge[kind != 'recommended'][kind != 'related']", style: { "line-style": "dotted" } },
    ];
    for (let at = 0; at < 8; at++) rules.push({ selector: `node[rank = ${at}]`, style: { "background-color": colour(`--c${at + 1}`, FALLBACK[at]), shape: SHAPES[at] } });
    rules.push(
      { selector: "node.centre", style: { "border-width": 4, "border-color": accent, "font-weight": "bold", "z-index": 9 } },
      { selector: "node:selected", style: { "border-width": 4, "border-color": ink } },
      { selector: "edge.near", style: { "line-color": ink, "target-arrow-color": ink, width: 2.2, opacity: 1 } },
      { selector: ".far", style: { opacity: 0.25 } },
      { selector: ".off", style: { display: "none" } },
    );
    return rules;
  };

  const tell = (one, graph) => {
    const title = node("h2");
    if (one.article) title.append(node("a", one.title, { href: `/article/${one.article}`, lang: "zh-CN" }));
    else if (one.url) title.append(node("a", one.title, { href: one.url, rel: "noreferrer", lang: "zh-CN" }));
    else title.append(node("span", one.title, { lang: "zh-CN" }));
    const facts = node("p", "", { class: "meta" });
    const said = [one.stored ? one.site_title || one.publisher : "not stored", one.published, one.source ? `来源 ${one.source}` : null];
    for (const words of said) if (words) facts.append(node("span", words, { lang: "zh-CN" }));
    const counts = node("p", "", { class: "note" });
    const out = graph.edges(`[source = "${one.id}"]`).length, back = graph.edges(`[target = "${one.id}"]`).length;
    counts.textContent = `Here it links ${out}, and ${back} link to it; in the whole database ${one.degree} links lead to it.`;
    const actions = node("ul", "", { class: "actions" });
    const lead = (words, href) => { const item = node("li"); item.append(node("a", words, { href, class: "button" })); actions.append(item); };
    if (one.article) {
      lead("Article", `/article/${one.article}`);
      if (!one.centre) lead("Graph around it", `/graph/${one.article}${location.search}`);
    }
    panel.replaceChildren(title, facts, counts, actions);
  };

  const show = (data) => {
    const { of, order } = ranks(data.nodes);
    const most = Math.max(1, ...data.nodes.map((one) => one.degree));
    const elements = data.nodes.map((one) => {
      const held = { ...one, centre: one.id === data.centre, label: short(one.title), size: 16 + 30 * Math.sqrt(one.degree / most) };
      if (one.stored) held.rank = of.get(one.house);
      return { group: "nodes", data: held, classes: [held.centre ? "centre" : "", data.nodes.length > 40 ? "crowd" : ""].join(" ") };
    });
    data.edges.forEach((edge, at) => elements.push({ group: "edges", data: { id: `e${at}`, ...edge } }));
    place.hidden = false;
    const graph = cytoscape({ container: canvas, elements, style: looks(), minZoom: 0.15, maxZoom: 4, boxSelectionEnabled: false, userZoomingEnabled: true });
    const arrange = () => graph.elements(":visible").layout({
      name: "fcose", quality: "proof", randomize: true, animate: !calm && data.nodes.length < 80, animationDuration: 500, padding: 30,
      nodeSeparation: 110, idealEdgeLength: 105, nodeRepulsion: 9000, nodeDimensionsIncludeLabels: true,
    }).run();
    const name = (chosen) => {
      if (data.nodes.length <= 40) return;
      const size = 12 / Math.min(graph.zoom(), 1);
      graph.batch(() => {
        graph.nodes().removeClass("named");
        chosen.forEach((one) => { one.data({ letters: size, room: 9 * size }); one.addClass("named"); });
      });
    };
    const ranked = (nodes) => nodes.sort((a, b) => b.data("centre") - a.data("centre") || b.data("degree") - a.data("degree"));
    const foremost = () => {
      const count = canvas.clientWidth < 500 ? 5 : 10;
      name(ranked(graph.nodes()).slice(0, count));
    };
    graph.one("layoutstop", foremost);
    arrange();

    for (const [at, name] of order.slice(0, 8).entries()) {
      const item = node("li");
      const sign = drawn("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" });
      const [shape, form] = OUTLINES[SHAPES[at]];
      sign.append(drawn(shape, { ...form, class: `shape c${at + 1}` }));
      const words = at === 7 && order.length > 8 ? `${name} and ${order.length - 8} others` : name;
      item.append(sign, node("span", words, { lang: "zh-CN" }));
      legend.append(item);
    }
    if (data.nodes.some((one) => !one.stored)) {
      const item = node("li");
      const sign = drawn("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" });
      sign.append(drawn("circle", { cx: 8, cy: 8, r: 6, class: "hollow" }));
      item.append(sign, node("span", "not stored"));
      legend.append(item);
    }

    const choose = (chosen) => {
      graph.elements().removeClass("near far");
      const around = chosen.closedNeighborhood();
      graph.elements().difference(around).addClass("far");
      chosen.connectedEdges().addClass("near");
      name(ranked(around.nodes().difference(chosen)).slice(0, 15).union(chosen));
      tell(chosen.data(), graph);
    };
    graph.on("tap", "node", (event) => choose(event.target));
    graph.on("tap", (event) => { if (event.target === graph) { graph.elements().removeClass("near far"); foremost(); } });
    graph.on("dbltap", "node", (event) => {
      const number = event.target.data("article");
      if (number && !event.target.data("centre")) location.assign(`/graph/${number}${location.search}`);
    });
    graph.on("mouseover", "node", (event) => { canvas.title = event.target.data("title"); });
    graph.on("mouseout", "node", () => { canvas.title = ""; });

    // The wheel goes on scrolling the page; with Ctrl it zooms.
    canvas.parentElement.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && canvas.contains(event.target)) event.stopPropagation();
    }, { capture: true, passive: true });
    const zoom = (factor) => graph.zoom({ level: graph.zoom() * factor, renderedPosition: { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 } });
    place.querySelector(".graph-bar").addEventListener("click", (event) => {
      const wanted = event.target.closest("button")?.dataset.do;
      if (wanted === "in") zoom(1.3);
      if (wanted === "out") zoom(1 / 1.3);
      if (wanted === "fit") graph.fit(graph.elements(":visible"), 30);
    });
    for (const box of place.querySelectorAll("[data-kind]")) {
      box.addEventListener("change", () => {
        graph.edges().filter((edge) => edge.data("kind") === box.dataset.kind).toggleClass("off", !box.checked);
        // What no link holds any more goes with them.
        graph.nodes().forEach((one) => { one.toggleClass("off", !one.data("centre") && one.connectedEdges().every((edge) => edge.hasClass("off"))); });
      });
    }

    const repaint = () => graph.style(looks());
    new MutationObserver(repaint).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
    place.dataset.ready = "yes";
    // What tests and the curious ask of it.
    place.graph = graph;
  };

  fetch(place.dataset.graph).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status))))).then(show).catch((error) => {
    place.replaceWith(node("p", `The graph could not be drawn (${error.message}). The list below says the same.`, { class: "warning", role: "status" }));
  });
})();
