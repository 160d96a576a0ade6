import importlib.util
import sys

sys.stdin.reconfigure(encoding="utf-8")
spec = importlib.util.spec_from_file_location("attestation", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
verifier = module.Attestation(sys.argv[2], int(sys.argv[3]))
for line in sys.stdin:
    now, method, host, target, header = line.rstrip("\n").split("\t")
    c = verifier.verify(header, method, None if host == "(none)" else host, target, int(now))
    names = ("decision", "source", "level", "entity", "reference", "fail_open", "expires")
    print("|".join("" if c[name] is None else str(c[name]) for name in names) if c else "refused", flush=True)
