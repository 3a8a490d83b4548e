// The rows that JavaScript's promises have too. Usage: bench.js ROW quick|full, or bench.js 13 tcp|tls, which is a server
// Prints a line "row variant value unit" for each measurement.
"use strict";

const quick = process.argv[3] === "quick";

const report = (row, variant, value, unit) => console.log(row, variant, value.toPrecision(6), unit);

// Runs main() once to warm up and then three times, once in a quick run, and reports nanoseconds a unit.
async function measure(row, variant, units, main) {
  for (let turn = 0; turn < (quick ? 2 : 4); turn++) {
    const start = process.hrtime.bigint();
    await main();
    const nanos = Number(process.hrtime.bigint() - start);
    if (turn > 0) report(row, variant, nanos / units, "ns");
  }
}

async function fib(n) {
  return n < 2 ? n : (await fib(n - 1)) + (await fib(n - 2));
}

const call = () => measure("1", "-", 242_785, () => fib(25));

// An await of nothing lets the other run: the nearest to a switch that there is.
async function switches() {
  const rounds = 200_000;
  const yielding = async () => {
    for (let i = 0; i < rounds; i++) await null;
  };
  await measure("3", "-", 2 * rounds, () => Promise.all([yielding(), yielding()]));
}

async function spawn() {
  const count = 10_000;
  const task = async (switches) => {
    for (let i = 0; i < switches; i++) await null;
  };
  for (const switches of [0, 1]) {
    await measure("5", `switches=${switches}`, count, async () => {
      const tasks = [];
      for (let i = 0; i < count; i++) tasks.push(task(switches));
      for (const each of tasks) await each;
    });
  }
}

async function skynet() {
  const node = async (number, size) => {
    if (size === 1) return number;
    const part = size / 10;
    const children = [];
    for (let i = 0; i < 10; i++) children.push(node(number + i * part, part));
    let sum = 0;
    for (const child of children) sum += await child;
    return sum;
  };
  await measure("7", "-", 1_111_111, () => node(0, 1_000_000));
}

// A queue without a limit, or with one: those who wait are promises.
class Queue {
  constructor(limit = Infinity) {
    this.limit = limit;
    this.elements = [];
    this.head = 0;
    this.getting = [];
    this.putting = [];
  }
  size() {
    return this.elements.length - this.head;
  }
  async put(element) {
    while (this.size() >= this.limit) await new Promise((resolve) => this.putting.push(resolve));
    this.elements.push(element);
    const getter = this.getting.shift();
    if (getter) getter();
  }
  async get() {
    while (this.size() === 0) await new Promise((resolve) => this.getting.push(resolve));
    const element = this.elements[this.head];
    this.elements[this.head++] = undefined;
    if (this.head === this.elements.length) {
      this.elements.length = 0;
      this.head = 0;
    }
    const putter = this.putting.shift();
    if (putter) putter();
    return element;
  }
}

async function ring() {
  const count = 1_000;
  const hops = 1_000_000;
  await measure("8", "-", hops + count, async () => {
    const queues = Array.from({ length: count }, () => new Queue());
    const member = async (own, following) => {
      for (;;) {
        const left = await own.get();
        following.put(left - 1);
        if (left <= 0) return;
      }
    };
    const members = queues.map((own, i) => member(own, queues[(i + 1) % count]));
    queues[0].put(hops);
    await Promise.all(members);
  });
}

async function queues() {
  const messages = 100_000;
  await measure("9", "pingPong", 2 * messages, async () => {
    const there = new Queue();
    const back = new Queue();
    const answer = async () => {
      for (let i = 0; i < messages; i++) await back.put(await there.get());
    };
    const answering = answer();
    for (let i = 0; i < messages; i++) {
      await there.put(i);
      await back.get();
    }
    await answering;
  });
  for (const capacity of [1, 16, 100]) {
    await measure("9", `queue,capacity=${capacity}`, messages, async () => {
      const queue = new Queue(capacity);
      const produce = async () => {
        for (let i = 0; i < messages; i++) await queue.put(i);
      };
      const producing = produce();
      for (let i = 0; i < messages; i++) await queue.get();
      await producing;
    });
  }
}

async function gather() {
  const child = async (switches) => {
    for (let i = 0; i < switches; i++) await null;
  };
  for (const children of [10, 1_000]) {
    for (const switches of [0, 1]) {
      const times = 200_000 / children;
      await measure("10", `children=${children},switches=${switches}`, children * times, async () => {
        for (let i = 0; i < times; i++) {
          await Promise.all(Array.from({ length: children }, () => child(switches)));
        }
      });
    }
  }
}

async function sleepers() {
  const count = quick ? 100_000 : 1_000_000;
  const { setTimeout: sleep } = require("timers/promises");
  const live = () => {
    if (global.gc) global.gc();
    const usage = process.memoryUsage();
    return usage.heapUsed + usage.external;
  };
  const sleeper = async () => {
    await sleep(86_400_000);
  };
  const before = live();
  const tasks = [];
  for (let i = 0; i < count; i++) tasks.push(sleeper());
  await null;
  report("11", "1M,bytes", (live() - before) / count, "B");
  process.exit(0);
}

const echo = () => require("./echo.js").serve(process.argv[3]);

const rows = { 1: call, 3: switches, 5: spawn, 7: skynet, 8: ring, 9: queues, 10: gather, 11: sleepers, 13: echo };
rows[process.argv[2]]();
