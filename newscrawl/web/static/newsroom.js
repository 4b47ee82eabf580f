// What every page does: the theme's button, menus that close, "/" goes to the search box.
(() => {
  const root = document.documentElement;
  const button = document.querySelector("button.theme");
  const names = { "": "as the system has it", light: "light", dark: "dark" };
  const tell = () => { if (button) button.setAttribute("aria-label", `Colours: ${names[root.dataset.theme || ""]}. Change`); };
  tell();
  button?.addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const next = { "": dark ? "light" : "dark", light: dark ? "" : "dark", dark: dark ? "light" : "" }[root.dataset.theme || ""];
    if (next) root.dataset.theme = next; else delete root.dataset.theme;
    try {
      if (next) localStorage.setItem("newscrawl-theme", next); else localStorage.removeItem("newscrawl-theme");
    } catch { /* storage is switched off */ }
    tell();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    document.getElementById("find")?.focus();
  });
  document.body.addEventListener("click", (event) => {
    const inside = event.target.closest("details.menu, details.actions-menu-links");
    for (const open of document.querySelectorAll("details.menu[open], details.actions-menu-links[open]")) {
      if (open !== inside) open.open = false;
    }
  });
})();
