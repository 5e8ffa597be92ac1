// The control API of the sandbox: everything this page knows or does goes through here.

export class Refused extends Error {
  constructor(status, body) {
    super(body?.error ?? body?.detail ?? body?.message ?? `The sandbox answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

async function call(method, path, body) {
  const options = { method, headers: {} };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch("/control" + path, options);
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

const segment = encodeURIComponent;

export const config = () => call("GET", "/config");
export const people = async () => (await call("GET", "/people")).people;
export const chats = (key) => call("GET", `/people/${segment(key)}/chats`);
export const messages = async (key, since) =>
  (await call("GET", `/people/${segment(key)}/messages?since=${since}`)).messages;
export const act = (key, platform, action, body) =>
  call("POST", `/people/${segment(key)}/${platform}/${action}`, body ?? {});
export const traffic = async (after) => (await call("GET", `/traffic?after=${after}`)).traffic;
export const clock = () => call("GET", "/clock");
export const advance = (seconds) => call("POST", "/clock", { advanceSeconds: seconds });
export const faults = async () => (await call("GET", "/faults")).faults;
export const addFault = (fault) => call("POST", "/faults", fault);
export const removeFault = (id) => call("DELETE", `/faults/${segment(id)}`);
