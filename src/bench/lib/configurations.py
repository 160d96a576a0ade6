"""Configurations of nginx, haproxy and the gateway: each with one worker, kept connections, no access log, the usual fields."""

import os

import data

LATE_MILLIS = 5
KEPT = 1024

#: waits before each answer and counts them; haproxy is the only one of the programs here that can
DELAY = f"""local asked = 0
core.register_action('delay', {{ 'http-req' }}, function(txn)
  asked = asked + 1
  core.msleep({LATE_MILLIS})
end)
core.register_action('count', {{ 'http-req' }}, function(txn)
  asked = asked + 1
  txn:set_var('txn.asked', tostring(asked))
end)
"""


def nginx_process(directory, servers):
    user = "user root;" if os.getuid() == 0 else ""
    return f"""
daemon off;
{user}
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  keepalive_requests 100000000;
  default_type text/plain;
  tcp_nodelay on;
  {servers}
}}
"""


def origin(fleet):
    return f"""
  server {{
    listen 127.0.0.1:{fleet.port("origin")} backlog=4096;
    location / {{ return 200 "hello from the origin\\n"; }}
    location = /large {{ alias {fleet.work}/large; }}
    location = /requests {{ stub_status; }}
  }}"""


def stub(fleet):
    """The decision service: what it answers depends on the path it is asked at, and on nothing else."""
    return f"""
  server {{
    default_type application/json;
    listen 127.0.0.1:{fleet.port("stub")} backlog=4096;
    location / {{ return 200 '{{"action":"allow"}}'; }}
    location = /empty {{ return 204; }}
    location = /block {{ return 200 '{{"action":"block"}}'; }}
    location = /proof {{ return 200 '{{"valid":true}}'; }}
    location = /requests {{ stub_status; }}
  }}"""


def late_stub(fleet):
    """The same decision service, a while later. It answers itself: a hop more would keep the processor of the load busy, not the server."""
    return f"""
global
  lua-load {fleet.work}/late-stub/delay.lua
{_haproxy_defaults()}
frontend in
  bind 127.0.0.1:{fleet.port("late-stub")} backlog 4096
  http-request lua.count if {{ path /requests }}
  http-request return status 200 content-type text/plain lf-string "%[var(txn.asked)]" if {{ path /requests }}
  http-request lua.delay
  http-request return status 200 content-type application/json string '{{"action":"allow"}}'
"""


def nginx(fleet, name):
    port = fleet.port(name)
    # What any nginx in front of an application sets; the gateway sets these fields, too.
    proxying = """proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;"""
    upstreams = "".join(
        f"upstream {u} {{ server 127.0.0.1:{fleet.port(p)}; keepalive {KEPT}; keepalive_requests 100000000; }}\n"
        for u, p in (("origin", "origin"), ("stub", fleet.decider(name)))
    )
    decision = ""
    if name.startswith("nginx-auth"):
        # Behind an answer with a body nginx's auth_request closes the connection, behind one without it keeps it.
        path = "/empty" if name == "nginx-auth-empty" else "/decision"
        decision = f"""
    location = /decision {{
      internal;
      proxy_pass http://stub{path};
      proxy_pass_request_body off;
      proxy_set_header Content-Length '';
      {proxying}
    }}"""
    tls = name.endswith("-tls")
    certificate = f"ssl_certificate {fleet.work}/{data.CERTIFICATE}; ssl_certificate_key {fleet.work}/{data.KEY};"
    # The suite that the gateway takes, too.
    certificate += " ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;"
    return f"""{upstreams}
  server {{
    listen 127.0.0.1:{port}{" ssl http2" if tls else ""} backlog=4096;
    {certificate if tls else ""}
    location / {{ {"auth_request /decision;" if decision else ""} proxy_pass http://origin; {proxying} }}{decision}
  }}"""


def _haproxy_defaults():
    return """  nbthread 1
  maxconn 8192
  tune.ssl.default-dh-param 2048
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s"""


def haproxy(fleet, name):
    tls = f" ssl crt {fleet.work}/{data.BUNDLE} alpn h2,http/1.1" if name.endswith("-tls") else ""
    return f"""
global
{_haproxy_defaults()}
frontend in
  bind 127.0.0.1:{fleet.port(name)} backlog 4096{tls}
  http-request set-header X-Forwarded-Proto {"https" if tls else "http"}
  option forwardfor
  default_backend origin
backend origin
  http-reuse always
  server origin 127.0.0.1:{fleet.port("origin")}
"""


def gateway(fleet, name):
    """The keys in which this gateway differs from the others."""
    work = fleet.work
    stub_url = f"http://127.0.0.1:{fleet.port(fleet.decider(name))}"
    esper = {"esper.api-url": stub_url, "esper.api-key": "speed-test"}
    # Every request is really asked about: identical questions under way are not shared.
    cloud = {"mode": "cloud", "esper.coalesce": "false", "esper.max-connections": KEPT, **esper}
    local = {"mode": "local", "policies.path": fleet.root / "conf/policies/starter.conf"}
    remembering = {"mode": "hybrid", "hybrid.remember.allow": "1h", "hybrid.remember.block": "1h", **esper}
    return {
        "gateway-local": local,
        "gateway-local-2": local,
        "gateway-logging": {**local, "log.access": f"{work}/access.log"},
        "gateway-1000-policies": {**local, "policies.path": f"{work}/{data.POLICIES}"},
        "gateway-tls": local,
        "gateway-cloud": cloud,
        "gateway-cloud-late": cloud,
        "gateway-pass": {
            **cloud,
            "challenge.url": "http://challenge.test/",
            "challenge.verify-path": "/proof",
            "challenge.pass.key-file": f"{work}/pass.keys",
        },
        "gateway-hybrid": {**remembering, "hybrid.snapshot": data.snapshot(work / "hybrid.snapshot")},
        "gateway-mitigated": {
            **remembering,
            "esper.mitigation-path": "/block",
            "hybrid.snapshot": data.snapshot(work / "mitigated.snapshot"),
        },
    }[name]


def gateway_file(fleet, name):
    """What cannot be an option, in the form of a file."""
    if not name.endswith("-tls"):
        return ""
    certificate, key = (f'"{fleet.work}/{one}"' for one in (data.CERTIFICATE, data.KEY))
    return f"listen.tls.certificates = [ {{ certificate-file = {certificate}, key-file = {key} }} ]\n"
