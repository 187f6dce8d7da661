import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

// Should markup ever come into a page, by a mistake of ours, the page's policy has to stop it: it is put there here, in the real
// workbench, with a server that listens for what gets out.

let workbench: Workbench;
let server: Server;
let origin: string;
const heard: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    heard.push(request.url ?? "");
    response.setHeader("Access-Control-Allow-Origin", "*").end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  workbench = await openWorkbench({});
});
afterAll(async () => {
  await workbench?.close();
  server.close();
});

/** Runs in the page. Every attempt tells its kind where it gets to: a path of the server, or an entry of `ran`. */
const ATTACK = `async (body, origin) => {
  const ran = (globalThis.ran = []);
  const blocked = (globalThis.blocked = []);
  document.addEventListener("securitypolicyviolation", (event) => blocked.push(event.effectiveDirective));
  const add = (tag, properties) => body.appendChild(Object.assign(document.createElement(tag), properties));
  const quietly = (work) => Promise.resolve().then(work).catch(() => undefined);
  body.insertAdjacentHTML("beforeend", \`
    <img src="\${origin}/image">
    <img src="data:," onerror="globalThis.ran.push('handler')">
    <svg onload="globalThis.ran.push('svg handler')"></svg>
    <p style="background-image: url(\${origin}/style-attribute)">x</p>
    <iframe src="\${origin}/frame"></iframe>
    <iframe name="inner" srcdoc="<script>parent.ran.push('srcdoc')</script>"></iframe>
    <object data="\${origin}/object"></object>
    <video src="\${origin}/media" autoplay></video>
    <a id="javascript" href="javascript:globalThis.ran.push('link')">x</a>\`);
  add("script", { textContent: "globalThis.ran.push('script')" });
  add("script", { src: origin + "/script" });
  add("style", { textContent: "body { background-image: url(" + origin + "/style) }" });
  add("link", { rel: "stylesheet", href: origin + "/stylesheet" });
  const form = add("form", { action: origin + "/form", method: "post", target: "inner" });
  form.submit();
  add("base", { href: origin + "/base/" });
  document.getElementById("javascript").click();
  await quietly(() => fetch(origin + "/fetch"));
  await quietly(() => navigator.sendBeacon(origin + "/beacon"));
  await quietly(() => new WebSocket(origin.replace("http", "ws") + "/socket"));
  await quietly(() => new EventSource(origin + "/events"));
  await quietly(() => setTimeout("globalThis.ran.push('timeout')"));
  await quietly(() => new Worker(URL.createObjectURL(new Blob(["0"]))));
  await quietly(() => new FontFace("f", "url(" + origin + "/font)").load());
  // While a test's own code is run, the browser lets it make code.
  setTimeout(() => void quietly(() => (0, eval)("globalThis.ran.push('eval')")).then(() => blocked.push("eval tried")), 500);
}`;

const DIRECTIVES = [
  "base-uri",
  "connect-src",
  "eval tried",
  "font-src",
  "form-action",
  "frame-src",
  "img-src",
  "media-src",
  "object-src",
  "script-src",
  "script-src-attr",
  "script-src-elem",
  "style-src-attr",
  "style-src-elem",
  "worker-src",
];

const PAGES = [
  { page: "the dashboard", show: async () => workbench.runCommand("Gradlens: Open Dashboard") },
  {
    page: "a checkpoint",
    async show() {
      await workbench.runCommand("Gradlens: Focus on Runs View");
      await workbench.chooseRow("checkpoint-241/grads");
      await workbench.webview().locator("#root").getByText("wte.weight", { exact: true }).first().waitFor();
    },
  },
];

test("the server hears what is not stopped", async () => {
  await fetch(`${origin}/free`);
  expect(heard.splice(0)).toEqual(["/free"]);
});

test.each(PAGES)(
  "markup, scripts, styles and requests that come into $page are stopped by its policy",
  async ({ show }) => {
    await show();
    const body = workbench.webview().locator("body");
    await workbench.webview().locator("#root > *").first().waitFor();
    await body.evaluate(`(${ATTACK})(document.body, ${JSON.stringify(origin)})`);
    const blocked = async (): Promise<readonly string[]> => body.evaluate("globalThis.blocked");
    await expect.poll(async () => [...new Set(await blocked())].toSorted()).toEqual(DIRECTIVES);
    await expect.poll(async () => (await blocked()).length).toBeGreaterThanOrEqual(20);
    expect([await body.evaluate("globalThis.ran"), heard]).toEqual([[], []]);
  },
);
