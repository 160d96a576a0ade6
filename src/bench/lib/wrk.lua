-- What load.py sends with wrk: the field lines of the file that the variable FIELDS names, the body in the file that BODY
-- names, and at the end one line of figures that a program can read. With CHANGING=yes the Referer is another one in each
-- request, as a browser's is on each page.
for line in io.lines(os.getenv("FIELDS")) do
  local name, value = line:match("^([^:]+):%s*(.*)$")
  wrk.headers[name] = value
end
if os.getenv("BODY") ~= "" then
  wrk.method = "POST"
  wrk.body = io.open(os.getenv("BODY")):read("*a")
end

if os.getenv("CHANGING") == "yes" then
  local requests, sent = {}, 0

  function init()
    for page = 1, 90 do
      wrk.headers["Referer"] = string.format("https://shop.test/products?page=%d", 9 + page)
      requests[page] = wrk.format()
    end
  end

  function request()
    sent = sent % #requests + 1
    return requests[sent]
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    latency:percentile(50), latency:percentile(99)))
end
