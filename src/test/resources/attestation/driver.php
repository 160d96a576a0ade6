<?php
require $argv[1];
$verifier = new Attestation($argv[2], null, (int) $argv[3]);
while (($line = fgets(STDIN)) !== false) {
    [$now, $method, $host, $target, $header] = explode("\t", rtrim($line, "\n"));
    $claims = $verifier->verify($header, $method, $host === '(none)' ? null : $host, $target, (int) $now);
    echo $claims === null ? 'refused' : implode('|', $claims), "\n";
}
