// A phone that texts the line through the simulator's control API, and shows what comes back.

const POLL_MS = 700;
const CALL_STAYS_MS = 20000;
const FINAL = new Set(["delivered", "undelivered", "failed", "canceled"]);
const PACE = { rings_seconds: 1.5, listens_seconds: 1.2, talk_seconds: 15 };
const WHEN_IT_RINGS = [
  ["Pick up and press 1", { answers: true, digits: "1", ...PACE }],
  ["Pick up, press nothing", { answers: true, digits: "", ...PACE }],
  ["Don't pick up", { answers: false, rings_seconds: 4 }],
  ["Busy", { busy: true }],
  ["Ask me: Answer, keys, Hang up", { by_hand: true, talk_seconds: 600 }],
];
const BY_HAND = WHEN_IT_RINGS.length - 1;
const LINE = document.body.dataset.line;
const OVER = {
  completed: "The call has ended",
  busy: "You were called while busy",
  "no-answer": "You missed a call",
  canceled: "The call was called off",
  failed: "The call did not go through",
};

function pretty(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(`/simulator${path}`, options);
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
  return answer.json();
}

function clockTime(at) {
  return at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
}

function dayName(at) {
  const today = new Date().toDateString() === at.toDateString();
  return today ? "Today" : at.toLocaleDateString([], { weekday: "long", month: "short", day: "numeric" });
}

function span(className, textContent, decoration = false) {
  const element = Object.assign(document.createElement("span"), { className, textContent });
  if (decoration) element.setAttribute("aria-hidden", "true");
  return element;
}

function arrived(text) {
  return text.direction === "in" ? text.answered : ["delivered", "read"].includes(text.status);
}

function settled(text) {
  return text.direction === "in" ? text.answered : FINAL.has(text.status);
}

class Phone {
  constructor(number, removable) {
    this.number = number;
    this.path = `/phones/${encodeURIComponent(number)}`;
    this.bubbles = new Map();
    this.after = 0;
    this.atEnd = true;
    this.lastDay = "";
    this.endedCalls = new Map();
    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    const part = (name) => this.element.querySelector(name);
    this.log = part(".log");
    this.field = part("textarea");
    this.send = part(".send");
    this.trouble = part(".trouble");
    this.call = part(".call");
    this.setting = part("select");
    this.element.setAttribute("aria-label", `Phone ${pretty(number)}`);
    part(".line-number").textContent = pretty(LINE);
    part(".own-number").textContent = pretty(number);
    part(".remove").hidden = !removable;
    part(".remove").addEventListener("click", () => putAway(this));
    this.label(part(".composer label"), this.field, "text");
    this.label(part(".setting label"), this.setting, "rings");
    part(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.text();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.text();
      }
    });
    this.log.addEventListener("scroll", () => {
      this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    });
    part(".call-line").addEventListener("click", () => this.callLine());
    for (const key of this.element.querySelectorAll(".key")) {
      key.addEventListener("click", () => this.press(key.dataset.key));
    }
    WHEN_IT_RINGS.forEach(([name], index) => this.setting.add(new Option(name, index)));
    this.setting.addEventListener("change", () => this.behave());
  }

  label(label, control, name) {
    control.id = `${name}-${this.number.slice(1)}`;
    label.htmlFor = control.id;
  }

  async start() {
    this.setting.value = sessionStorage.getItem(`rings ${this.number}`) ?? 0;
    await this.behave();
    this.poll();
  }

  async behave() {
    sessionStorage.setItem(`rings ${this.number}`, this.setting.value);
    try {
      await ask(`${this.path}/persona`, WHEN_IT_RINGS[this.setting.value][1]);
    } catch {
      this.complain("The simulator does not answer. Is it running?");
    }
  }

  complain(words) {
    this.trouble.textContent = words;
    this.trouble.hidden = !words;
  }

  async text() {
    const body = this.field.value;
    if (!body.trim() || this.send.disabled) return;
    this.send.disabled = true;
    this.complain("");
    try {
      const sent = await ask(`${this.path}/texts`, { body });
      if (sent.error_code) {
        this.complain("The line did not answer, so your text was not delivered. It is still below: try again.");
      } else if (this.field.value === body) {
        this.field.value = "";
      }
    } catch {
      this.complain("The simulator does not answer, so nothing was sent. Your text is still below.");
    }
    this.send.disabled = false;
    await this.refresh().catch(() => {});
  }

  async poll() {
    while (this.element.isConnected) {
      try {
        await this.refresh();
        if (this.lost) this.complain("");
        this.lost = false;
      } catch {
        this.lost = true;
        this.complain("The simulator does not answer. Trying again.");
      }
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  }

  async refresh() {
    const [texts, calls] = await Promise.all([ask(`${this.path}/messages?after=${this.after}`), ask("/calls")]);
    texts.forEach((text) => this.show(text));
    const unsettled = texts.filter((text) => !settled(text)).map((text) => text.id - 1);
    const newest = Math.max(this.after, ...texts.map((text) => text.id));
    this.after = Math.min(newest, ...unsettled);
    this.showCall(calls);
    if (this.atEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  show(text) {
    const lostOnTheWay = text.direction === "out" && ["failed", "undelivered"].includes(text.status);
    if (lostOnTheWay) return;
    let bubble = this.bubbles.get(text.id);
    if (!bubble) {
      this.showDay(new Date(text.at));
      bubble = document.createElement("li");
      bubble.append(text.body || (text.media.length ? "[a picture]" : " "));
      bubble.append(span("meta", ""));
      this.bubbles.set(text.id, bubble);
      this.log.append(bubble);
      this.atEnd ||= text.direction === "in";
    }
    const failed = text.direction === "in" && text.error_code;
    bubble.className = `bubble ${text.direction}${failed ? " failed" : ""}`;
    bubble.dataset.status = text.status;
    const fate = failed ? "not delivered" : arrived(text) ? "delivered" : "on its way";
    const meta = bubble.lastElementChild;
    if (meta.title === fate) return;
    meta.title = fate;
    const from = text.via === "twilio" ? "from Twilio itself · " : "";
    meta.textContent = `${from}${clockTime(new Date(text.at))} · `;
    if (failed) meta.append(fate);
    else meta.append(span("", arrived(text) ? "✓✓" : "✓", true), span("unseen", fate));
  }

  showDay(at) {
    const day = dayName(at);
    if (day === this.lastDay) return;
    this.lastDay = day;
    this.log.append(Object.assign(document.createElement("li"), { className: "day", textContent: day }));
  }

  showCall(calls) {
    const legs = calls.flatMap((call) => call.legs.map((leg) => ({ ...leg, call })));
    const leg = legs.filter((one) => one.phone === this.number).at(-1);
    const over = leg && leg.status in OVER;
    if (over && !this.endedCalls.has(leg.sid)) {
      const long = Date.now() - new Date(leg.call.ended ?? Date.now()) > CALL_STAYS_MS;
      this.endedCalls.set(leg.sid, long ? 0 : Date.now() + CALL_STAYS_MS);
    }
    this.leg = leg;
    this.call.hidden = !leg || (over && Date.now() > this.endedCalls.get(leg.sid));
    if (this.call.hidden) return;
    this.call.classList.toggle("live", !over);
    const state = this.call.querySelector(".call-state");
    const words = over ? OVER[leg.status] : this.callWords(leg, legs);
    if (state.textContent !== words) state.textContent = words;
    const said = this.call.querySelector(".call-words");
    while (said.children.length > leg.said.length) said.lastElementChild.remove();
    leg.said.forEach((sentence, index) => {
      const item = said.children[index] ?? said.appendChild(document.createElement("li"));
      if (item.textContent !== sentence) item.textContent = sentence;
    });
    this.call.querySelector(".keys").hidden = over || Number(this.setting.value) !== BY_HAND;
    const talking = leg.status === "in-progress";
    this.call.querySelector("[data-key=answer]").hidden = talking;
    this.call.querySelector("[data-key=hang-up]").textContent = talking ? "Hang up" : "Decline";
    this.call.querySelector(".pad").hidden = !talking || leg.bridged;
  }

  callWords(leg, legs) {
    if (leg.direction === "inbound" && leg.status !== "in-progress") return "Calling the line";
    if (leg.status !== "in-progress") return `${pretty(leg.caller_id)} is calling`;
    const other = legs.find((one) => one.call.sid === leg.call.sid && one.sid !== leg.sid);
    if (leg.bridged && other) {
      // The phone shows no more than the network tells it.
      return leg.direction === "outbound-dial" ? "You are connected" : `Connected with ${pretty(other.phone)}`;
    }
    if (other && other.status === "ringing") return `On the phone, ringing ${pretty(other.phone)}`;
    return `On the phone with ${pretty(leg.direction === "inbound" ? LINE : leg.caller_id)}`;
  }

  async callLine() {
    this.setting.value = BY_HAND;
    await this.behave();
    try {
      // Answers when the call is over; the call itself is shown as it goes.
      await ask(`${this.path}/calls`, {});
    } catch {
      this.complain("The call did not go through. Try again.");
    }
  }

  async press(key) {
    try {
      await ask(`/calls/${this.leg.sid}/keys`, { key });
      await this.refresh();
    } catch {
      this.complain("That key did not get through. Try again.");
    }
  }
}

const phones = [];
const main = document.getElementById("phones");
const addButton = document.getElementById("add-phone");

function keepInAddress() {
  const address = new URL(location);
  ["number", "second"].forEach((name, index) => {
    if (phones[index]) address.searchParams.set(name, phones[index].number);
    else address.searchParams.delete(name);
  });
  history.replaceState(null, "", address);
  addButton.hidden = phones.length > 1;
}

function freshNumber() {
  let number;
  do {
    number = `+120655501${String(Math.floor(Math.random() * 100)).padStart(2, "0")}`;
  } while (number === LINE || phones.some((phone) => phone.number === number));
  return number;
}

function add(number) {
  const phone = new Phone(number, phones.length > 0);
  phones.push(phone);
  main.append(phone.element);
  keepInAddress();
  phone.start();
  phone.field.focus();
}

function putAway(phone) {
  phones.splice(phones.indexOf(phone), 1);
  phone.element.remove();
  keepInAddress();
  addButton.focus();
}

function asked(name) {
  // A plus sign in an address means a space unless it is escaped.
  const number = new URLSearchParams(location.search).get(name)?.trim().replace(/^(?=\d)/, "+");
  return /^\+\d{7,15}$/.test(number ?? "") ? number : null;
}

const [first, second] = [asked("number"), asked("second")];
main.replaceChildren();
add(first ?? freshNumber());
if (second && second !== phones[0].number) add(second);
phones[0].field.focus();
addButton.addEventListener("click", () => add(freshNumber()));
