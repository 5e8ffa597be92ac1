// A Slack modal, drawn over the panel of the person who opened it.
import { append, el } from "./dom.js";
import { icon } from "./icons.js";
import { drawBlocks } from "./blocks.js";
import { say } from "./slack.js";

/** `act(action, body)` answers what the sandbox said; errors come back by block id. */
export function drawModal(view, act) {
  const form = el("form.modal", { "aria-label": view.title?.text ?? "Modal" });
  const fields = new Map();
  const press = (button) => act("press", { data: button.data, label: button.label });
  const body = view.blocks.map((block) => {
    if (block.type !== "input") return drawBlocks([block], { say, press });
    const field = input(block);
    fields.set(block.block_id, field);
    return field.node;
  });
  append(form, [
    el("header", {}, el("b", {}, view.title?.text ?? ""),
      el("button.quiet.square", { type: "button", title: "Close", onclick: () => act("close", { view_id: view.id }) }, icon("close"))),
    el("div.modal-body", {}, body),
    el("footer", {},
      el("button.press", { type: "button", onclick: () => act("close", { view_id: view.id }) }, view.close?.text ?? "Close"),
      view.submit && el("button.press.primary", { type: "submit" }, view.submit.text)),
  ]);
  form.onsubmit = async (event) => {
    event.preventDefault();
    const given = [...fields].map(([id, field]) => [id, field.value()]).filter(([, value]) => value !== null);
    const answer = await act("submit", { view_id: view.id, values: Object.fromEntries(given) });
    const errors = answer?.errors ?? answer?.event?.errors ?? {};
    for (const [id, field] of fields) field.complain(errors[id]);
  };
  form.onkeydown = (event) => event.key === "Escape" && act("close", { view_id: view.id });
  return form;
}

function input(block) {
  const [control, value] = CONTROLS[block.element.type]?.(block.element) ?? CONTROLS.plain_text_input(block.element);
  const error = el("small.error", { role: "alert" });
  const node = el(control.matches("fieldset") ? "div.field" : "label.field", {},
    el("span", {}, block.label.text, block.optional && el("small", {}, " (optional)")), control,
    block.hint && el("small", {}, block.hint.text), error);
  return { node, value, complain: (text) => ((error.textContent = text ?? ""), node.classList.toggle("wrong", Boolean(text))) };
}

const optionsOf = (element) => element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];

function selection(element, multiple) {
  const chosen = new Set([element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map((option) => option.value));
  const select = el("select", { multiple },
    !multiple && el("option", { value: "" }, element.placeholder?.text ?? "Choose"),
    optionsOf(element).map((option) => el("option", { value: option.value, selected: chosen.has(option.value) }, option.text.text)));
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
  number_input: (element) => typed(element, "number"),
  datepicker: (element) => typed(element, "date"),
  timepicker: (element) => typed(element, "time"),
  static_select: (element) => selection(element, false),
  multi_static_select: (element) => selection(element, true),
  radio_buttons: (element) => ticking(element, "radio"),
  checkboxes: (element) => ticking(element, "checkbox"),
};
