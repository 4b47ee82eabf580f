// Runs before the page is painted: the theme that was chosen here before; without one, the system's.
(() => {
  try {
    const theme = localStorage.getItem("newscrawl-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch { /* storage is switched off */ }
})();
