// The three platforms' text styles, turned into nodes. Only the tags named here ever come out.
import { append, el } from "./dom.js";

const TAGS = {
  __proto__: null,
  B: "b", STRONG: "b", I: "i", EM: "i", U: "u", INS: "u", S: "s", STRIKE: "s", DEL: "s",
  CODE: "code", PRE: "pre", BLOCKQUOTE: "blockquote", "TG-SPOILER": "span.spoiler",
};

function link(href, ...children) {
  if (!/^(https?:|mailto:|tel:)/i.test(href)) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Telegram's HTML. */
export function fromHtml(html) {
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE) return null;
    const children = [...node.childNodes].map(walk);
    if (node.tagName === "BR") return "\n";
    if (node.tagName === "A") return link(node.getAttribute("href") ?? "", ...children);
    return el(TAGS[node.tagName] ?? "span", {}, ...children);
  };
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes].map(walk);
}

const EMOJI = {
  __proto__: null,
  white_check_mark: "✅",
  warning: "⚠️", wave: "👋", rotating_light: "🚨", fire: "🔥", x: "❌", eyes: "👀", tada: "🎉",
  thumbsup: "👍", "+1": "👍", "-1": "👎", clock3: "🕒", alarm_clock: "⏰", bell: "🔔", memo: "📝", wrench: "🔧",
  red_circle: "🔴", large_yellow_circle: "🟡", large_orange_circle: "🟠", large_green_circle: "🟢", large_blue_circle: "🔵",
  speech_balloon: "💬",
  hourglass: "⌛", star: "⭐", lock: "🔒", pray: "🙏", slightly_smiling_face: "🙂", phone: "📞",
};

const BLOCK_STYLES = [
  [/```([\s\S]+?)```/, (m) => el("pre", {}, m[1].replace(/^\n/, ""))],
  [/`([^`\n]+)`/, (m) => el("code", {}, m[1])],
];
const INLINE_STYLES = [
  [/(?<![\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])/, (m, read) => el("b", {}, read(m[1]))],
  [/(?<![\w_])_(?=\S)([^_\n]*\S)_(?![\w_])/, (m, read) => el("i", {}, read(m[1]))],
  [/(?<![\w~])~(?=\S)([^~\n]*\S)~(?![\w~])/, (m, read) => el("s", {}, read(m[1]))],
];
const WEB_ADDRESS = [/https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)]/, (m) => link(m[0], m[0])];
const QUOTE = [/^(?:>|&gt;) ?(.*)$/m, (m, read) => el("blockquote", {}, read(m[1]))];

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function reader(rules, plain = (text) => text) {
  const read = (text) => {
    let first = null;
    for (const [pattern, build] of rules) {
      const match = pattern.exec(text);
      if (match && (!first || match.index < first.match.index)) first = { match, build };
    }
    if (!first) return text ? [plain(text)] : [];
    const { match, build } = first;
    const before = text.slice(0, match.index);
    return [before && plain(before), build(match, read), ...read(text.slice(match.index + match[0].length))];
  };
  return read;
}

export const fromWhatsApp = reader([...BLOCK_STYLES, WEB_ADDRESS, QUOTE, ...INLINE_STYLES]);
export const plainText = reader([WEB_ADDRESS]);

/** Slack's mrkdwn; `nameOf(id)` gives the name of a person or channel. */
export function fromSlack(text, nameOf) {
  const rules = [
    ...BLOCK_STYLES,
    [/<@([A-Z0-9]+)(?:\|([^>]*))?>/, (m) => el("span.mention", {}, "@" + (nameOf(m[1]) ?? m[2] ?? m[1]))],
    [/<#([A-Z0-9]+)(?:\|([^>]*))?>/, (m) => el("span.mention", {}, "#" + (m[2] || nameOf(m[1]) || m[1]))],
    [/<!(here|channel|everyone)>/, (m) => el("span.mention", {}, "@" + m[1])],
    [/<!date\^\d+\^[^|>]*\|([^>]*)>/, (m) => m[1]],
    [/<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]*))?>/, (m) => link(unescape(m[1]), unescape(m[2] ?? m[1]))],
    QUOTE,
    [/:([a-z0-9_+-]+):/, (m) => EMOJI[m[1]] ?? m[0]],
    ...INLINE_STYLES,
  ];
  return reader(rules, unescape)(text);
}

export const paragraph = (nodes) => append(el("div.text", { dir: "auto" }), nodes);
