// The control API and its stream of events.

const PREFIX = "/playground/api";

/** One call; the playground's own words are thrown when it refuses. */
export async function call(method, path, body) {
  const response = await fetch(PREFIX + path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) {
    throw new Error(typeof answer?.detail === "string" ? answer.detail : "That did not work.");
  }
  return answer;
}

export function chatPath(user, bot) {
  return `/users/${encodeURIComponent(user)}/chats/${encodeURIComponent(bot)}`;
}

export function fileUrl(fileId) {
  return `${PREFIX}/files/${encodeURIComponent(fileId)}`;
}

/** Follow the stream from an event on, for ever; the browser reconnects by itself. */
export function follow(after, { onEvent, onState }) {
  const source = new EventSource(`${PREFIX}/stream?after=${after}`);
  source.onopen = () => onState(true);
  source.onerror = () => {
    onState(false);
    // Closed for good (a refused reconnect): begin anew, and let "lost" fetch everything.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => follow("", { onEvent, onState }), 1000);
    }
  };
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
}
