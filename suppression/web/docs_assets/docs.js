"use strict";
// A file of its own, so that the page needs no inline script.

// Swagger UI brings a dark design, but follows no system setting by itself.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);

SwaggerUIBundle({
  // Beside the folder of this file, whether the page's own address ends with a slash or not.
  url: new URL("../openapi.yaml", document.currentScript.src).href,
  dom_id: "#contract",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  persistAuthorization: false,
  showExtensions: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
