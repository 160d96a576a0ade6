-- Asks esper-gateway whether a request may pass: http-request lua.esper-ask URL open|closed
-- Needs HAProxy 2.6 or newer with Lua; the gateway has to listen with authz.profile = haproxy.

local TIMEOUT = 5000

-- Fields of one connection or one body, and those that are written below.
local LEFT_OUT = {
  ["host"] = true, ["connection"] = true, ["keep-alive"] = true, ["proxy-connection"] = true, ["te"] = true,
  ["transfer-encoding"] = true, ["content-length"] = true, ["upgrade"] = true, ["expect"] = true,
  ["x-forwarded-method"] = true, ["x-forwarded-uri"] = true, ["x-forwarded-host"] = true,
  ["x-forwarded-for"] = true, ["x-forwarded-proto"] = true,
}

-- Fields of an answer that belong to the connection it came on.
local NOT_COPIED = {
  ["connection"] = true, ["keep-alive"] = true, ["transfer-encoding"] = true, ["content-length"] = true, ["date"] = true,
}

local function values(of)
  local list = {}
  for i = 0, #of do
    if of[i] ~= nil then list[#list + 1] = of[i] end
  end
  return list
end

local function question(txn)
  local headers = {}
  for name, of in pairs(txn.http:req_get_headers()) do
    if not LEFT_OUT[name] then headers[name] = values(of) end
  end
  -- What is missing the client of HAProxy writes itself; the gateway knows an empty one for a missing one.
  for _, name in ipairs({ "user-agent", "accept" }) do
    if headers[name] == nil then headers[name] = { "" } end
  end
  headers["x-forwarded-method"] = { txn.sf:method() }
  headers["x-forwarded-uri"] = { txn.sf:pathq() }
  headers["x-forwarded-host"] = { txn.sf:req_hdr("host") }
  headers["x-forwarded-for"] = { txn.sf:src() }
  headers["x-forwarded-proto"] = { txn.f:ssl_fc() == 1 and "https" or "http" }
  return headers
end

local function answer(txn, status, headers, body)
  local copied = {}
  for name, of in pairs(headers) do
    if not NOT_COPIED[name] then copied[name] = values(of) end
  end
  local reply = txn:reply({ status = status, headers = copied, body = body })
  txn:done(reply)
end

core.register_action("esper-ask", { "http-req" }, function(txn, url, otherwise)
  local told = core.httpclient():get({ url = url, headers = question(txn), timeout = TIMEOUT })
  local status = told and told.status or 0
  if status == 200 then
    for _, name in ipairs({ "esper-reference", "esper-decision", "esper-attestation" }) do
      local of = told.headers[name]
      if of ~= nil then txn.http:req_set_header(name, values(of)[1]) end
    end
  elseif (status >= 300 and status < 500) or (status == 503 and told.headers["esper-answer"] ~= nil) then
    -- The second is maintenance, and no failure.
    answer(txn, status, told.headers, told.body)
  elseif otherwise ~= "open" then
    answer(txn, 503, { ["cache-control"] = { "no-store" }, ["retry-after"] = { "2" } }, "")
  end
end, 2)
