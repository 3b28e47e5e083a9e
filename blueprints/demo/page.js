/* global document, location, WebSocket, EventSource, XMLHttpRequest */

// Every address is relative to the page, so that it works under whatever prefix a proxy serves it.
const MAX_ECHOES = 100;
const RECONNECT_MS = 2000;

const byId = (id) => document.getElementById(id);

function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function describe(value) {
  if (value === null) return element('td', 'not set', 'unset');
  const text = Array.isArray(value) ? value.join(' ') : value;
  return text === '' ? element('td', 'empty', 'unset') : element('td', text);
}

async function showEnvironment() {
  const response = await fetch('env');
  const variables = await response.json();
  const rows = Object.entries(variables).map(([name, value]) => {
    const row = document.createElement('tr');
    const heading = element('th', name);
    heading.scope = 'row';
    row.append(heading, describe(value));
    return row;
  });
  byId('env').replaceChildren(...rows);
  byId('title').textContent = variables.DEMO_TITLE || 'Demo';
  document.title = `${variables.INSTANCE_NAME ?? 'AiKore'} · ${byId('title').textContent}`;
}

let socket = null;

function connect() {
  const url = new URL('ws', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  socket = new WebSocket(url);
  socket.addEventListener('open', () => setConnected(true));
  socket.addEventListener('message', (event) => showEcho(event.data));
  socket.addEventListener('close', () => {
    setConnected(false);
    setTimeout(connect, RECONNECT_MS);
  });
}

function setConnected(isConnected) {
  byId('ws-state').textContent = isConnected ? 'connected' : 'connecting';
  byId('ws-send').disabled = !isConnected;
}

function showEcho(data) {
  const list = byId('ws-output');
  list.prepend(element('li', String(data)));
  while (list.children.length > MAX_ECHOES) list.lastElementChild.remove();
}

function sendMessage(event) {
  event.preventDefault();
  const input = byId('ws-input');
  if (socket?.readyState !== WebSocket.OPEN || input.value === '') return;
  socket.send(input.value);
  input.value = '';
}

function upload() {
  const file = byId('upload-file').files[0];
  if (!file) return;
  const progress = byId('upload-progress');
  const result = byId('upload-result');
  // XMLHttpRequest, because fetch does not tell how much of a body has been sent.
  const request = new XMLHttpRequest();
  request.upload.addEventListener(
    'progress',
    (event) => (progress.value = event.loaded / (event.total || 1)),
  );
  request.addEventListener('load', () => (result.textContent = describeUpload(request)));
  request.addEventListener('error', () => (result.textContent = 'The upload was cut off.'));
  request.addEventListener('loadend', () => (progress.hidden = true));
  progress.hidden = false;
  progress.value = 0;
  result.textContent = '';
  request.open('POST', 'upload');
  request.send(file);
}

function describeUpload(request) {
  if (request.status !== 200) return `The upload failed (${request.status}).`;
  const { bytes, sha256 } = JSON.parse(request.responseText);
  return `${bytes} bytes, SHA-256 ${sha256}`;
}

async function paint() {
  const button = byId('paint');
  const result = byId('paint-result');
  button.disabled = true;
  try {
    const response = await fetch('paint', { method: 'POST' });
    if (!response.ok) throw new Error(`answer ${response.status}`);
    const { file, bytes } = await response.json();
    const painting = byId('painting');
    painting.src = `outputs/${encodeURIComponent(file)}`;
    painting.hidden = false;
    result.textContent = `${file}, ${bytes} bytes`;
  } catch (error) {
    result.textContent = `The painting failed: ${error.message}`;
  } finally {
    button.disabled = false;
  }
}

function followUptime() {
  const events = new EventSource('events');
  events.addEventListener('message', (event) => {
    byId('uptime').textContent = `Up for ${JSON.parse(event.data).uptime_seconds} s.`;
  });
}

byId('ws-form').addEventListener('submit', sendMessage);
byId('upload-file').addEventListener('change', upload);
byId('paint').addEventListener('click', () => void paint());
setConnected(false);
connect();
followUptime();
showEnvironment().catch((error) => {
  byId('env').replaceChildren(element('caption', `The environment could not be read: ${error.message}`));
});
