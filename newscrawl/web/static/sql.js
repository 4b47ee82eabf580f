// Datasette's SQL editor: its own lines, which stand in the page there, where our policy lets no script run.
addEventListener("load", () => {
  const format = document.querySelector("button#sql-format");
  const readOnly = document.querySelector("pre#sql-query");
  const input = document.querySelector("textarea#sql-editor");
  if (input && window.CodeMirror) {
    const editor = CodeMirror.fromTextArea(input, { lineNumbers: true, mode: "text/x-sql", lineWrapping: true });
    editor.setOption("extraKeys", { "Shift-Enter": () => input.form.submit(), Tab: false });
    editor.getInputField().setAttribute("aria-label", "SQL; Shift and Enter run it");
    if (format && window.sqlFormatter) {
      format.hidden = false;
      format.addEventListener("click", () => editor.setValue(sqlFormatter.format(editor.getValue())));
    }
    window.cmResize?.(editor, { resizableWidth: false });
  } else if (readOnly && format && window.sqlFormatter) {
    const formatted = sqlFormatter.format(readOnly.textContent);
    if (formatted !== readOnly.textContent) {
      format.hidden = false;
      format.addEventListener("click", () => { readOnly.textContent = formatted; });
    }
  }
});
