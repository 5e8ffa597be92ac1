// A Slack modal, drawn over the panel of the person who opened it.
import { append, el } from "./dom.js";
import { icon } from "./icons.js";
import { drawBlocks } from "./blocks.js";
import { say } from "./slack.js";

/** `act(action, body)` does it as the person. */
export function drawModal(view, act) {
  const fields = new Map();
  const close = () => act("close", { view_id: view.id });
  const press = (button) => act("press", { data: button.data });
  const body = view.blocks.map((block) => {
    if (block.type !== "input") return drawBlocks([block], { say, press });
    const field = input(block);
    fields.set(block.block_id, field);
    return field.node;
  });
  const trouble = el("p.error", { role: "alert" });
  const complain = (errors) => {
    for (const [id, field] of fields) field.complain(errors[id]);
    trouble.textContent = errors[""] ?? "";
  };
  const node = append(el("form.modal", { noValidate: true, "aria-label": view.title ?? "Modal" }), [
    el("header", {}, el("b", {}, view.title ?? ""),
      el("button.quiet.square", { type: "button", title: "Close", onclick: close }, icon("close"))),
    el("div.modal-body", {}, body, trouble),
    el("footer", {},
      el("button.press", { type: "button", onclick: close }, view.close ?? "Close"),
      view.submit && el("button.press.primary", { type: "submit" }, view.submit)),
  ]);
  node.onsubmit = async (event) => {
    event.preventDefault();
    const given = [...fields].map(([id, field]) => [id, field.value()]).filter(([, value]) => value !== null);
    const answer = await act("submit", { view_id: view.id, values: Object.fromEntries(given) });
    complain(answer?.errors ?? {});
  };
  node.onkeydown = (event) => event.key === "Escape" && close();
  return node;
}

function input(block) {
  const [control, value] = CONTROLS[block.element.type]?.(block.element) ?? CONTROLS.plain_text_input(block.element);
  const error = el("small.error", { role: "alert" });
  const node = el(control.matches("fieldset") ? "div.field" : "label.field", {},
    el("span", {}, block.label.text, block.optional && el("small", {}, " (optional)")), control,
    block.hint && el("small", {}, block.hint.text), error);
  const complain = (text) => {
    error.textContent = text ?? "";
    node.classList.toggle("wrong", Boolean(text));
  };
  return { node, value, complain };
}

const optionsOf = (element) => element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];

function selection(element, multiple) {
  const initial = [element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map((option) => option.value);
  const select = el("select", { multiple },
    !multiple && el("option", { value: "" }, element.placeholder?.text ?? "Choose"),
    optionsOf(element).map(({ value, text }) => el("option", { value, selected: initial.includes(value) }, text.text)));
  const value = () => (multiple ? [...select.selectedOptions].map((option) => option.value) : select.value || null);
  return [select, value];
}

function ticking(element, type) {
  const boxes = optionsOf(element).map((option) => el("input", { type, name: element.action_id, value: option.value }));
  const set = el("fieldset", {}, boxes.map((box, at) => el("label", {}, box, optionsOf(element)[at].text.text)));
  const values = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return [set, () => (type === "radio" ? (values()[0] ?? null) : values())];
}

function typed(element, type) {
  const long = type === "text" && element.multiline;
  const field = el(long ? "textarea" : "input", {
    type: long ? undefined : type, rows: long ? 3 : undefined, placeholder: element.placeholder?.text ?? "",
    value: element.initial_value ?? element.initial_date ?? element.initial_time ?? "",
  });
  return [field, () => field.value || null];
}

const CONTROLS = {
  plain_text_input: (element) => typed(element, "text"),
  email_text_input: (element) => typed(element, "email"),
  url_text_input: (element) => typed(element, "url"),
  number_input: (element) => typed(element, "number"),
  datepicker: (element) => typed(element, "date"),
  timepicker: (element) => typed(element, "time"),
  static_select: (element) => selection(element, false),
  multi_static_select: (element) => selection(element, true),
  radio_buttons: (element) => ticking(element, "radio"),
  checkboxes: (element) => ticking(element, "checkbox"),
};
