// The Trouble panel of the phone page: orders faults through the simulator's control API.

const MISHAPS = [
  ["A text comes to the line twice at once", "sms", { kind: "duplicate" }],
  ["A text comes again after 2 seconds", "sms", { kind: "duplicate", spacing: 2 }],
  ["A text is overtaken by the next one", "sms", { kind: "reorder", seconds: 10 }],
  ["A text comes 16 seconds late", "sms", { kind: "delay", seconds: 16 }],
  ["The connection is cut once a text was sent to the line", "sms", { kind: "cut" }],
  ["An old text is played again by somebody", "sms", { kind: "replay" }],
  ["A text comes with a bad signature", "sms", { kind: "bad_signature" }],
  ["A text comes as JSON", "sms", { kind: "json" }],
  ["A text comes by GET", "sms", { kind: "get" }],
  ["A delivery report is lost", "status", { kind: "lost" }],
  ["A delivery report comes twice", "status", { kind: "duplicate" }],
  ["Delivery reports come out of order", "status", { kind: "reorder" }],
  ["Twilio takes an answer, then says 500", "messages", { kind: "lose_answer" }],
  ["Twilio takes an answer and cuts the connection", "messages", { kind: "cut" }],
  ["Twilio takes an answer and says so 16 seconds later", "messages", { kind: "slow" }],
  ["Twilio does not take an answer: 500", "messages", { kind: 500 }],
  ["Twilio does not take an answer: too many requests", "messages", { kind: 429 }],
  ["Twilio does not know our credentials", "messages", { kind: 401 }],
  ["Twilio does not list texts: 500", "lists", { kind: 500 }],
  ["Twilio does not ring: 500", "calls", { kind: 500 }],
  ["Reports of calls come out of order", "call_status", { kind: "reorder", seconds: 3 }],
];
const POLL_MS = 2000;
let ordered = {};

const panel = document.getElementById("mishaps");
const choice = document.getElementById("mishap");
const howOften = document.getElementById("how-often");
const waiting = document.getElementById("waiting");

async function faults(options = {}) {
  try {
    const answer = await fetch("/simulator/faults", options);
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
    show(await answer.json());
  } catch {
    waiting.textContent = "The simulator does not answer. Is it running?";
  }
}

function show(orders) {
  ordered = orders;
  const words = Object.entries(orders).flatMap(([target, some]) => some.map((one) => {
    const is = ([, at, fault]) => at === target && Object.entries(fault).every(([key, value]) => one[key] === value);
    // The longest match: some mishaps are others with more said.
    const [name] = MISHAPS.filter(is).sort((a, b) => Object.keys(b[2]).length - Object.keys(a[2]).length)[0]
      ?? [`${target}: ${one.kind}`];
    return one.times === null ? `${name} (every time)` : `${name} (${one.times} more)`;
  }));
  waiting.textContent = words.length ? `Still to come: ${words.join("; ")}.` : "Nothing is set to go wrong.";
}

MISHAPS.forEach(([name], index) => choice.add(new Option(name, index)));
panel.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const [, target, fault] = MISHAPS[choice.value];
  faults({
    method: "POST",
    headers: { "Content-Type": "application/json" },
    // An order replaces what is waiting for its target: here it comes on top.
    body: JSON.stringify({ [target]: [...(ordered[target] ?? []), { ...fault, times: Number(howOften.value) }] }),
  });
});
document.getElementById("no-more").addEventListener("click", () => faults({ method: "DELETE" }));
panel.addEventListener("toggle", () => { if (panel.open) faults(); });
setInterval(() => { if (panel.open) faults(); }, POLL_MS);
