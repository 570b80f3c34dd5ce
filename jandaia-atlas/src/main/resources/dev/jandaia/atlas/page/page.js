const button = document.getElementById("formulas");
button.addEventListener("click", () => {
  const open = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(open));
  button.textContent = open ? "Hide all formulas" : "Show all formulas";
  document.querySelectorAll("#counts details").forEach(details => { details.open = open; });
});
