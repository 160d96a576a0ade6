<?php
// Verifies Esper-Attestation; PHP 8 or newer, nothing to install. See docs/attestation.md.
declare(strict_types=1);

final class Attestation
{
    private const SHAPE = '/^v1;k=([0-9a-f]{8})((?:;[a-z]=[A-Za-z0-9_.-]*)+);m=([A-Za-z0-9_-]{43})$/D';

    private array $keys = [];
    private array $seen = []; // in the order of expiry, as all are good for as long

    /**
     * $keys: hexadecimal, separated by commas; while a key is changed, the new one and the old one. $once says whether a signature is
     * seen for the first time: function (string $mac, int $seconds): bool. PHP forgets everything between two requests, so under FPM
     * it has to be kept elsewhere, as in fn ($mac, $seconds) => apcu_add("attestation:$mac", 1, $seconds).
     */
    public function __construct(string $keys, private ?Closure $once = null, private int $capacity = 100_000)
    {
        foreach (explode(',', $keys) as $text) {
            $key = hex2bin(trim($text));
            if ($key === false || strlen($key) < 32) {
                throw new InvalidArgumentException('attestation key: at least 64 hexadecimal digits');
            }
            $this->keys[substr(hash('sha256', $key), 0, 8)] = $key;
        }
    }

    /** What the gateway says about this request, or null if it does not say it. $target is path and query as they came. */
    public function verify(?string $header, string $method, ?string $host, string $target, ?int $now = null): ?array
    {
        $now ??= time();
        if ($header === null || strlen($header) > 512 || !preg_match(self::SHAPE, $header, $parts)) {
            return null;
        }
        $key = $this->keys[$parts[1]] ?? null;
        if ($key === null || $host === null) { // HTTP/1.0 has requests without one
            return null;
        }
        $text = substr($header, 0, strrpos($header, ';m='));
        $signed = implode("\n", [$text, $method, strtolower($host), $target]);
        $mac = rtrim(strtr(base64_encode(hash_hmac('sha256', $signed, $key, true)), '+/', '-_'), '=');
        if (!hash_equals($mac, $parts[3])) {
            return null;
        }
        $claims = [];
        foreach (explode(';', substr($parts[2], 1)) as $pair) {
            $claims[$pair[0]] = substr($pair, 2);
        }
        $expires = (int) $claims['x'];
        if ($expires <= $now || !($this->once ? ($this->once)($mac, $expires - $now) : $this->isNew($mac, $expires, $now))) {
            return null;
        }
        return [
            'decision' => $claims['d'], 'source' => $claims['s'], 'level' => (int) $claims['l'], 'entity' => $claims['e'] ?? null,
            'reference' => $claims['r'], 'fail_open' => $claims['f'] ?? null, 'expires' => $expires,
        ];
    }

    private function isNew(string $mac, int $expires, int $now): bool
    {
        while (($old = array_key_first($this->seen)) !== null) {
            if ($this->seen[$old] > $now && count($this->seen) < $this->capacity) {
                break;
            }
            unset($this->seen[$old]);
        }
        if (isset($this->seen[$mac])) {
            return false;
        }
        $this->seen[$mac] = $expires;
        return true;
    }
}
