// Block Kit, as far as a chat message or a modal shows it.
import { append, el } from "./dom.js";
import { pressable } from "./parts.js";

/** `tools`: {say(mrkdwn) -> nodes, press(button, anchor), buttons: what the control API offers to press} */
export function drawBlocks(blocks, tools) {
  return el("div.blocks", {}, blocks.map((block) => DRAW[block.type]?.(block, tools)));
}

const words = (text, { say }) => append(el("div.text"), say(text.text ?? ""));

const DRAW = {
  header: (block) => el("h3.block-header", {}, block.text.text),
  divider: () => el("hr"),
  section: (block, tools) =>
    el("div.section", {},
      el("div.words", {},
        block.text && words(block.text, tools),
        block.fields && el("div.fields", {}, block.fields.map((field) => words(field, tools)))),
      block.accessory && element(block.accessory, tools)),
  context: (block, tools) =>
    el("div.context", {}, block.elements.map((part) => (part.type === "image" ? image(part) : words(part, tools)))),
  actions: (block, tools) => el("div.actions", {}, block.elements.map((part) => element(part, tools))),
  image: (block) => el("figure", {}, image(block), block.title && el("figcaption", {}, block.title.text)),
  rich_text: (block, tools) => append(el("div.text"), block.elements.flatMap((part) => richText(part, tools))),
};

const image = (part) => el("img", { src: part.image_url ?? part.slack_file?.url ?? "", alt: part.alt_text ?? "" });

const STYLE_TAGS = { bold: "b", code: "code", italic: "i", strike: "s" };

function richText(part, tools) {
  const style = ["bold", "code", "italic", "strike"].find((name) => part.style?.[name]);
  if (part.type === "text") return [style ? el(STYLE_TAGS[style], {}, part.text) : part.text];
  if (part.type === "link") return tools.say(`<${part.url}|${part.text ?? part.url}>`);
  if (part.type === "user") return tools.say(`<@${part.user_id}>`);
  if (part.type === "emoji") return tools.say(`:${part.name}:`);
  const inner = (part.elements ?? []).flatMap((child) => richText(child, tools));
  const tag = { rich_text_list: "ul", rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[part.type] ?? "span";
  if (tag === "ul") return [el("ul", {}, part.elements.map((item) => el("li", {}, richText(item, tools))))];
  return [el(tag, {}, inner)];
}

function element(part, tools) {
  if (part.type === "image") return image(part);
  if (part.type === "button") {
    const offered = { label: part.text.text, data: part.value, action_id: part.action_id, url: part.url };
    return pressable(offered, tools.press, part.style ? `.${part.style}` : "");
  }
  const options = part.options ?? part.option_groups?.flatMap((group) => group.options);
  if (options) return choice(part, options, tools);
  return null;
}

function choice(part, options, tools) {
  const first = el("option", { value: "" }, part.placeholder?.text ?? (part.type === "overflow" ? "…" : "Choose"));
  const select = el("select", {
    ariaLabel: part.placeholder?.text ?? "Choose",
    onchange: () => {
      const option = options.find((candidate) => candidate.value === select.value);
      if (option) tools.press({ label: option.text.text, data: option.value, action_id: part.action_id }, select);
    },
  }, first, options.map((option) => el("option", { value: option.value }, option.text.text)));
  return select;
}
