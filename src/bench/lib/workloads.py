"""What is measured: groups of servers that take turns under the same load, and what each may cost."""

from dataclasses import dataclass, field

import data
from load import Load

PAGE = "/products/42?ref=home&page=3"
GET = Load(PAGE)
MANY = Load(PAGE, 320)


@dataclass(frozen=True)
class Limit:
    """What a row may cost, as a multiple of another row's processor time within the same round."""

    of: str
    #: what the gateway is built for
    target: float
    #: what fails the run; farther away, as machines differ and are shared
    floor: float


@dataclass(frozen=True)
class Row:
    name: str
    server: str
    load: Load = GET
    status: int = 200
    #: calls of origin and decision service for each request
    origin: int = 1
    stub: int = 0
    limits: tuple = ()
    #: whether it brings a pass, which it gets first
    passes: bool = False


@dataclass(frozen=True)
class Group:
    name: str
    about: str
    rows: tuple
    #: length of one run, in seconds
    seconds: float = 3
    #: gateways that no later group needs
    done: tuple = field(default=())


def quick():
    """The least: proxying and asking, beside nginx."""
    return [
        Group(
            "get",
            "a small page, 64 connections, 14 fields of a browser",
            (
                Row("nginx-plain", "nginx-plain"),
                Row("gateway-local", "gateway-local", limits=(Limit("nginx-plain", 1.3, 1.6),)),
                Row("nginx-auth", "nginx-auth", stub=1),
                Row("gateway-cloud", "gateway-cloud", stub=1, limits=(Limit("nginx-auth", 0.5, 0.6),)),
            ),
        )
    ]


def all_groups():
    forwarded = (Limit("nginx-plain", 1.3, 1.6), Limit("nginx-auth", 0.3, 0.4))
    refused = (Limit("nginx-plain", 0.7, 1.0),)
    return [
        Group(
            "get",
            "a small page, 64 connections, 14 fields of a browser; hybrid and mitigated with 100,000 active mitigations",
            (
                Row("nginx-plain", "nginx-plain"),
                Row("haproxy", "haproxy"),
                Row("gateway-local", "gateway-local", limits=forwarded),
                Row("gateway-hybrid", "gateway-hybrid", limits=forwarded),
                Row("gateway-pass", "gateway-pass", limits=forwarded, passes=True),
                Row("gateway-blocked", "gateway-local", Load("/.env"), 403, origin=0, limits=refused),
                Row("gateway-mitigated", "gateway-mitigated", status=403, origin=0, limits=refused),
                Row("nginx-auth", "nginx-auth", stub=1),
                Row("nginx-auth-empty", "nginx-auth-empty", stub=1),
                Row("gateway-cloud", "gateway-cloud", stub=1, limits=(Limit("nginx-auth", 0.5, 0.6),)),
            ),
            4,
            ("gateway-pass", "gateway-mitigated", "gateway-cloud"),
        ),
        _beside("policies", "the same with 1,000 policies", "gateway-1000-policies", GET, 1.3, ("gateway-1000-policies",)),
        _beside("logging", "the same with an access log in a file", "gateway-logging", GET, None, ("gateway-logging",)),
        Group(
            "late",
            "the same with a decision service that takes 5 ms",
            (
                Row("nginx-auth-late", "nginx-auth-late", stub=1),
                Row("gateway-cloud-late", "gateway-cloud-late", stub=1, limits=(Limit("nginx-auth-late", 0.5, 0.6),)),
            ),
        ),
        Group(
            "many-late",
            "the same with 320 connections, as many as keep a server busy",
            (
                Row("nginx-auth-many-late", "nginx-auth-late", MANY, stub=1),
                Row("gateway-cloud-many-late", "gateway-cloud-late", MANY, stub=1, limits=(Limit("nginx-auth-many-late", 0.5, 0.6),)),
            ),
            done=("gateway-cloud-late",),
        ),
        _beside("large", "a page of 100 KiB", "gateway-local", Load("/" + data.LARGE), 1.15),
        _beside("post", "a POST of 2 KiB of JSON", "gateway-local", Load(PAGE, body=data.POST, fields=(("Content-Type", "application/json"),)), 1.3),
        _beside("changing", "the same with another Referer in each request", "gateway-local", Load(PAGE, changing=True), 1.3),
        _beside("one", "one connection", "gateway-local", Load(PAGE, 1), 1.3),
        _beside("thousand", "1,000 connections", "gateway-local", Load(PAGE, 1000), 1.3),
        _encrypted("tls", "TLS, 64 connections", GET, 1.2),
        _encrypted("http2", "HTTP/2 over TLS, 8 connections with 16 streams each", Load(PAGE, 8, 16), 1.3, ("gateway-tls",)),
    ]


def _beside(name, about, gateway, load, target, done=()):
    plain, proxied = f"nginx-{name}", f"{gateway}-{name}" if gateway == "gateway-local" else gateway
    limits = (Limit(plain, target, round(target * 1.25, 2)),) if target else ()
    rows = (Row(plain, "nginx-plain", load), Row(f"haproxy-{name}", "haproxy", load), Row(proxied, gateway, load, limits=limits))
    return Group(name, about, rows, done=done)


def _encrypted(name, about, load, target, done=()):
    rows = (
        Row(f"nginx-{name}", "nginx-tls", load),
        Row(f"haproxy-{name}", "haproxy-tls", load),
        Row(f"gateway-{name}", "gateway-tls", load, limits=(Limit(f"nginx-{name}", target, round(target * 1.25, 2)),)),
    )
    return Group(name, about, rows, done=done)
