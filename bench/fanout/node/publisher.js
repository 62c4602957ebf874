"use strict";
// Serves the UNIX socket on which a measured server is told "publish COUNT SIZE"; answers "FIRST COUNT STAMP".
const net = require("node:net");

exports.listen = (path, broadcast) => {
  let published = 0;
  const server = net.createServer((caller) => {
    let waiting = "";
    caller.setEncoding("ascii");
    caller.on("error", () => {});
    caller.on("data", (text) => {
      const lines = (waiting + text).split("\n");
      waiting = lines.pop();
      for (const line of lines) {
        const [, count, size] = line.split(" ").map(Number);
        const texts = [];
        for (let number = published + 1; number <= published + count; number++) {
          const bare = `{"mark":"~${number}~","text":""}`;
          texts.push(bare.slice(0, -2) + "x".repeat(size - bare.length) + '"}');
        }
        const stamp = process.hrtime.bigint(); // CLOCK_MONOTONIC
        texts.forEach(broadcast);
        caller.write(`${published + 1} ${count} ${stamp}\n`);
        published += count;
      }
    });
  });
  server.listen(path);
};
