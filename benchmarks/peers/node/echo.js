// The echo server of row 13. It prints its port and ends when its input ends. To the line "heap" it answers with the
// live bytes of the heap and of what hangs on it.
"use strict";

const fs = require("fs");
const net = require("net");
const path = require("path");
const readline = require("readline");
const tls = require("tls");

function certificate() {
  const directory = process.env.ECHO_CERTIFICATE;
  const read = (name) => fs.readFileSync(path.join(directory, name));
  return { cert: read("certificate.pem"), key: read("key.pem") };
}

function echo(socket) {
  socket.setNoDelay(true);
  socket.on("data", (data) => socket.write(data));
  socket.on("error", () => socket.destroy());
}

exports.serve = function (transport) {
  const server = transport === "tls" ? tls.createServer(certificate(), echo) : net.createServer(echo);
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => console.log("listening", server.address().port));
  const commands = readline.createInterface({ input: process.stdin });
  commands.on("line", (line) => {
    if (line === "heap") {
      global.gc();
      const usage = process.memoryUsage();
      console.log("heap", usage.heapUsed + usage.external);
    }
  });
  commands.on("close", () => process.exit(0));
};
