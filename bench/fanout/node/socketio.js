"use strict";
// Socket.IO as its manual broadcasts, over WebSocket from the start.
const http = require("node:http");
const { Server } = require("socket.io");
const { listen } = require("./publisher.js");

const [port, control] = process.argv.slice(2);
const server = http.createServer();
const readers = new Server(server, { transports: ["websocket"], serveClient: false });
server.listen({ host: "127.0.0.1", port: Number(port), backlog: 4096 });
listen(control, (text) => readers.emit("event", text));
