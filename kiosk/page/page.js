// Draws /status.json again whenever the branch says that something changed, and every few seconds for the ages.
"use strict";

const WORDS = JSON.parse(document.getElementById("words").textContent);
const POLL_MS = 5000;
const RECENT = 12;
const SHAPES = {
  ok: '<circle cx="8" cy="8" r="7" fill="currentColor"/>',
  warn: '<path d="M8 1l7.5 14H.5z" fill="currentColor"/>',
  fault: '<rect x="1" y="1" width="14" height="14" rx="3" fill="currentColor"/>',
  gone: '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2.4"/>',
};
const LEVELS = ["ok", "warn", "fault", "gone"];
const drawn = new Map();
const page = { report: null, heard: 0, ahead: 0, live: false, recent: [], due: 0, stream: null };

const at = (id) => document.getElementById(id);
const has = (id) => id in WORDS.ko;
const ko = (id) => WORDS.ko[id] ?? id;
const en = (id) => WORDS.en[id] ?? id;

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** Korean, and English beside it in a quieter voice. */
function both(id, values = {}) {
  const fill = (text) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const english = make("span", "en", fill(en(id)));
  english.lang = "en";
  return make("span", "both", fill(ko(id)), " ", english);
}

/** Plain Korean text of an id, with English after a middle dot: for where no element fits. */
const plain = (id) => `${ko(id)} · ${en(id)}`;

function shape(level) {
  const node = make("span", `shape of-${level}`);
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", plain(`status.level.${level}`));
  const svg = new DOMParser().parseFromString(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${SHAPES[level]}</svg>`, "image/svg+xml");
  node.append(document.importNode(svg.documentElement, true));
  return node;
}

/** How bad a device is: it serves, it serves with a fault, a person is needed, or nobody hears it. */
function level(device) {
  if (device.usable) return device.faults.length ? "warn" : "ok";
  return ["offline", "noDevice", "starting"].includes(device.state) ? "gone" : "fault";
}

function now() { return Date.now() + page.ahead; }

/** Seconds since a moment, in words: 3초 전, 5분째. Empty until `ages` fills it, so that time alone redraws nothing. */
function span(moment, ending) {
  const node = make("span", "age");
  Object.assign(node.dataset, { moment, ending });
  return node;
}

function age(node) {
  const seconds = Math.max(0, Math.round((now() - Date.parse(node.dataset.moment)) / 1000));
  const [count, unit] = seconds < 60 ? [seconds, "second"] : seconds < 3600 ? [Math.floor(seconds / 60), "minute"]
    : seconds < 86400 ? [Math.floor(seconds / 3600), "hour"] : [Math.floor(seconds / 86400), "day"];
  const fresh = both(`status.${node.dataset.ending}.${unit}`, { count });
  if (node.textContent !== fresh.textContent) node.replaceChildren(fresh);
}

const ages = () => document.querySelectorAll(".age").forEach(age);

const two = (number) => String(number).padStart(2, "0");
const clock = (date) => [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
const day = (date) => [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");

/** The time of day, and the day where it is not today. */
function hour(moment) {
  const date = new Date(moment);
  const node = make("time", "", day(date) === day(new Date(now())) ? clock(date) : `${day(date).slice(5)} ${clock(date)}`);
  node.dateTime = moment;
  return node;
}

const deviceName = (name) => (has(`device.${name}`) ? `device.${name}` : name);
const codeName = (code) => (has(`fault.${code}`) ? `fault.${code}` : `state.${code}`);

/** Puts new children where they differ, so that a screen reader is not told the same again. */
function put(id, children) {
  const fresh = make("div", "", ...children);
  if (drawn.get(id) === fresh.innerHTML) return;
  drawn.set(id, fresh.innerHTML);
  at(id).replaceChildren(...fresh.childNodes);
}

function sums(devices) {
  const count = (wanted) => devices.filter((device) => level(device) === wanted).length;
  put("sums", LEVELS.map((wanted) =>
    make("li", "", shape(wanted), both(`status.level.${wanted}`), make("span", "", String(count(wanted))))));
}

function marks(report) {
  const shown = [["demo", "demo.banner"], ["simulated", "simulated.banner"]].filter(([key]) => report[key]);
  put("marks", shown.map(([, id]) => make("li", "", shape("warn"), both(id))));
  at("marks").hidden = shown.length === 0;
}

function reason(one) {
  const line = make("span", "why", both(deviceName(one.device)), ": ", both(codeName(one.code)));
  if (has(`remedy.${one.code}`)) line.append(make("span", "remedy", "→ ", both(`remedy.${one.code}`)));
  return line;
}

/** What to bring, so that nobody comes twice. */
function bring(things) {
  if (!things.length) return null;
  const named = things.flatMap((thing, place) => [place ? ", " : "", both(`bring.${thing}`)]);
  return make("span", "remedy", both("status.bring"), ": ", ...named);
}

function services(found) {
  const levels = { available: "ok", degraded: "warn", unavailable: "fault" };
  put("services", Object.entries(found).map(([name, one]) => make("li", levels[one.state],
    make("span", "head", shape(levels[one.state]), both(`service.${name}`)),
    make("span", "why", both(`status.${one.state}`)), ...one.reasons.map(reason), bring(one.bring))));
}

function tasks(found) {
  const levels = { on_the_way: "warn", answered: "warn", calling: "fault", no_answer: "fault" };
  put("tasks", found.length ? found.map((one) => make("li", levels[one.state] ?? "gone",
    make("span", "head", shape(levels[one.state] ?? "gone"), both(`task.${one.reason}`)),
    make("span", "why", both(`status.call.${one.state ?? "unknown"}`)),
    one.raised_at ? make("span", "why", hour(one.raised_at), " · ", span(one.raised_at, "for")) : null))
    : [make("li", "ok", make("span", "head", shape("ok"), both("status.no_tasks")))]);
  at("tasks-number").textContent = found.length || "";
}

function state(device) {
  const cell = make("td", "", device.faults.length ? null : both(`state.${device.state}`));
  for (const code of device.faults) {
    cell.append(make("span", "what", both(`fault.${code}`)));
    if (has(`remedy.${code}`)) cell.append(make("span", "remedy", "→ ", both(`remedy.${code}`)));
  }
  const values = Object.entries(device.values).flatMap(([name, text], place) => [place ? " · " : "", ...reading(name, text)]);
  if (values.length) cell.append(make("span", "under", ...values));
  return cell;
}

/** What a device says of itself in the page's words; what has none stands as the driver wrote it. */
function reading(name, text) {
  const [kind, ...of] = name.split(" ");
  const id = `reading.${kind}`;
  const said = (part) => (has(`${id}.${part.replace(/ /g, "_")}`) ? both(`${id}.${part.replace(/ /g, "_")}`) : part);
  const parts = String(text).split(", ").flatMap((part, place) => [place ? ", " : "", said(part)]);
  if (!has(id)) return [`${name.replace(/_/g, " ")} ${text}`];
  const place = of.join(" ");
  return [both(id), " ", has(`reading.at.${place}`) ? both(`reading.at.${place}`) : place, place ? " " : "", ...parts];
}

function device([name, one]) {
  const heading = make("th", "", make("span", "what", shape(level(one)), both(deviceName(name)),
    one.simulated ? make("span", "tag", ko("status.simulated")) : null));
  heading.scope = "row";
  const seen = one.observed_at ? span(one.observed_at, "ago") : both("status.never");
  return make("tr", level(one), heading, state(one), make("td", "", hour(one.since)), make("td", "", seen));
}

function worst(devices) {
  const found = ["fault", "gone", "warn"].find((wanted) => devices.some((one) => level(one) === wanted)) ?? "ok";
  const many = devices.filter((one) => level(one) === found).length;
  at("badge").className = `badge ${found}`;
  put("badge", [shape(found), make("span", "", `${ko(`status.level.${found}`)} ${found === "ok" ? "" : many}`),
    make("span", "en", en(`status.level.${found}`))]);
}

function branch(report) {
  put("name", [report.name_ko, " ", make("span", "en", report.name_en)]);
  put("who", [report.branch, " · ", both("status.version"), ` ${report.version} · `,
    both(`status.environment.${report.environment}`), " · ", span(report.started_at, "up")]);
  const total = Object.values(report.counts).reduce((sum, count) => sum + count, 0);
  const shown = [["accepted", report.counts.accepted ?? 0], ["visits", total], ["open", report.visits_open],
    ["numbers", report.numbers_left]];
  put("counts", shown.map(([id, count]) => make("div", "", make("dt", "soft", both(`status.count.${id}`)),
    make("dd", "", count.toLocaleString("ko-KR")))));
  put("outcomes", Object.entries(report.counts).sort().map(([id, count]) =>
    make("div", "", make("dt", "", both(`status.outcome.${id}`)), make("dd", "", String(count)))));
}

/** The line of one event for the list of what happened lately. */
function line(event) {
  const data = event.data;
  const kind = event.type.split(".").pop();
  const about = data.device ? [both(deviceName(data.device)), ": ", ...(data.faults.length
    ? data.faults.map((code) => both(`fault.${code}`)) : [both(`state.${data.state}`)])]
    : data.reason ? [both(`task.${data.reason}`)] : data.outcome ? [both(`status.outcome.${data.outcome}`)]
    : data.service ? [both(`service.${data.service}`)] : data.state ? [both(`status.call.${data.state}`)] : [];
  const head = data.device ? [] : [both(`status.event.${kind}`), about.length ? ": " : ""];
  return make("li", "", hour(event.time), make("span", "", ...head, ...about));
}

function draw() {
  const report = page.report;
  if (!report) return;
  const devices = Object.values(report.devices);
  sums(devices);
  marks(report);
  branch(report);
  worst(devices);
  services(report.services);
  put("devices", Object.entries(report.devices).map(device));
  tasks(report.tasks);
  const hash = report.head.hash.slice(-16).replace(/(.{4})(?=.)/g, "$1 ");
  put("head", [report.branch, " · ", both("status.entries", { count: report.head.seq.toLocaleString("ko-KR") }), " · ",
    both("status.head", { hash })]);
}

function pulse() {
  const lost = now() - page.heard > 3 * POLL_MS;
  document.body.classList.toggle("old", lost);
  at("live-dot").classList.toggle("gone", lost || !page.live);
  put("live", [both(lost ? "status.lost" : page.live ? "status.live" : "status.waiting")]);
  const shown = new Date(lost ? page.heard : now());
  at("clock").textContent = page.heard ? `${day(shown)} ${clock(shown)}` : "";
  ages();
}

async function fetchReport() {
  clearTimeout(page.due);
  page.due = setTimeout(fetchReport, POLL_MS);
  try {
    const answer = await fetch("/status.json", { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    page.report = await answer.json();
    page.ahead = Date.parse(page.report.at) - Date.now();
    page.heard = Date.parse(page.report.at);
    draw();
    if (!page.stream) listen(Math.max(0, page.report.head.seq - 400));
  } catch { /* the age of what is shown says it */ }
  pulse();
}

function soon() {
  clearTimeout(page.due);
  page.due = setTimeout(fetchReport, 150);
}

function listen(after) {
  page.stream = new EventSource(`/events?after=${after}`);
  page.stream.onopen = () => { page.live = true; pulse(); };
  page.stream.onerror = () => {
    page.live = false;
    if (page.stream.readyState === EventSource.CLOSED) page.stream = null; // refused: the next fetch tries again
    pulse();
  };
  page.stream.onmessage = (message) => {
    if (page.recent.some((event) => event.id === JSON.parse(message.data).id)) return;
    page.recent = [JSON.parse(message.data), ...page.recent].slice(0, RECENT);
    put("recent", page.recent.map(line));
    soon();
  };
}

for (const node of document.querySelectorAll("[data-say]")) node.append(both(node.dataset.say));
setInterval(pulse, 1000);
fetchReport();
