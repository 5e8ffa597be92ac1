// A ticket is dragged onto a technician: the same form as on the ticket's page, sent at once.
"use strict";

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest("[data-ticket]");
  if (!card) return;
  event.dataTransfer.setData("text/plain", card.dataset.ticket);
  event.dataTransfer.effectAllowed = "move";
  document.body.classList.add("dragging");
});

document.addEventListener("dragend", () => document.body.classList.remove("dragging"));

document.addEventListener("dragover", (event) => {
  if (event.target.closest("[data-person]")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const person = event.target.closest("[data-person]");
  const number = event.dataTransfer.getData("text/plain");
  const form = document.getElementById("reassign");
  if (!person || !number || !form) return;
  event.preventDefault();
  form.elements.number.value = number;
  form.elements.person.value = person.dataset.person;
  form.requestSubmit();
});
