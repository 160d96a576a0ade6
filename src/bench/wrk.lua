-- Load of speed.sh: the header fields of the file that the variable HEADERS names (with Host, which wrk writes, the 14
-- of a browser's navigation), and one line of figures that a shell can read.
for line in io.lines(os.getenv("HEADERS")) do
  local name, value = line:match("^([^:]+):%s*(.*)$")
  wrk.headers[name] = value
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    latency:percentile(50), latency:percentile(99)))
end
