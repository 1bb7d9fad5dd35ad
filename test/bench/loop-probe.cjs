/** Loaded into a program before its own code: each second a line of JSON on its memory and the delay of its event loop, to PROBE_FILE. */
const { appendFileSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
const toMs = (nanoseconds) => Math.round(nanoseconds / 1e5) / 10;
setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage();
  const line = {
    ...{ atMs: Date.now(), rssMiB: Math.round(rss / 2 ** 20), heapMiB: Math.round(heapUsed / 2 ** 20) },
    ...{ p50Ms: toMs(delay.percentile(50)), p99Ms: toMs(delay.percentile(99)), maxMs: toMs(delay.max) },
  };
  appendFileSync(process.env.PROBE_FILE, `${JSON.stringify(line)}\n`);
  delay.reset();
}, 1000).unref();
