-- Asks for the paths of a file, one after the other. Arguments: the file, then "again" to ask for the same addresses
-- again and again, or "once" to ask for every address only once, by a parameter that nobody looks at.
local paths, visit, once, headers = {}, 0, false, {}

function setup(thread)
  threads = (threads or 0) + 1
  thread:set("number", threads)
end

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  once = args[2] == "once"
  for index = 3, #args do
    local name, value = args[index]:match("^([^:]+): (.*)$")
    headers[name] = value
  end
  visit = number * 100000000 + math.floor(os.clock() * 1000000)
end

function request()
  visit = visit + 1
  local path = paths[visit * 7919 % #paths + 1]
  if once then path = path .. (path:find("?", 1, true) and "&" or "?") .. "visit=" .. visit end
  return wrk.format("GET", path, headers)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%f,"bytes":%d,"p50_ms":%f,"p99_ms":%f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
