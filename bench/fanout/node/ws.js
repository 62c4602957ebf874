"use strict";
// Node ws as its manual broadcasts. The text is given as bytes: converted once, not once for each reader.
const { WebSocketServer, WebSocket } = require("ws");
const { listen } = require("./publisher.js");

const [port, control] = process.argv.slice(2);
const readers = new WebSocketServer({ host: "127.0.0.1", port: Number(port), backlog: 4096 });
readers.on("connection", (reader) => reader.on("error", () => {}));
listen(control, (text) => {
  const bytes = Buffer.from(text);
  for (const reader of readers.clients) {
    if (reader.readyState === WebSocket.OPEN) reader.send(bytes, { binary: false });
  }
});
